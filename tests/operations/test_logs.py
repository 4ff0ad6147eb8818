"""Logs: ids and classes, never what somebody typed."""

import asyncio
import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.logs import OURS, start_logging
from bot.simulator.driver import Sim
from bot.simulator.server import build_simulator, serve
from storage.database import Database
from tests.flows.town import START, TOKEN, running_from

ROOT = Path(__file__).parents[2]
TYPED = "said in private"


@pytest.fixture
def kept() -> Iterator[None]:
    """Puts logging back as it was."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, {name: logging.getLogger(name).level for name in OURS})
    yield
    root.handlers[:], levels = before[0], before[2]
    root.setLevel(before[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def _fails() -> None:
    try:
        raise ValueError(TYPED)
    except ValueError as error:
        raise KeyError(TYPED) from error


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.usefixtures("kept")
def test_an_exception_is_told_by_class_and_place(form: str) -> None:
    stream = io.StringIO()
    start_logging("INFO", form, stream)
    try:
        _fails()
    except KeyError:
        logging.getLogger("handlers.responding").exception("update %s failed", 12)
    said = stream.getvalue()
    assert TYPED not in said
    for told in ("update 12 failed", "builtins.KeyError from builtins.ValueError", "test_logs.py", "_fails"):
        assert told in said


@pytest.mark.usefixtures("kept")
def test_each_line_is_one_json_object_with_level_place_and_time() -> None:
    stream = io.StringIO()
    start_logging("info", "json", stream)
    logging.getLogger("bot.dispatching").warning("%s messages", 3)
    logging.getLogger("bot.dispatching").debug("not this")
    logging.getLogger("httpx").info("nor this")
    (line,) = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (line["event"], line["level"], line["logger"]) == ("3 messages", "warning", "bot.dispatching")
    assert line["timestamp"].endswith("Z")


@pytest.mark.usefixtures("kept")
def test_a_librarys_further_lines_are_left_out() -> None:
    stream = io.StringIO()
    start_logging("INFO", "json", stream)
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <%s>", TYPED)
    assert json.loads(stream.getvalue())["event"] == "Task exception was never retrieved"


async def test_a_database_error_does_not_repeat_what_was_written(sqlite: Database) -> None:
    async with sqlite.engine.connect() as connection:
        with pytest.raises(IntegrityError) as failed:
            await connection.execute(text("INSERT INTO person (name) VALUES (:words)"), {"words": TYPED})
    assert TYPED not in str(failed.value)


async def test_a_running_bot_logs_nothing_that_is_typed(sqlite_address: str, tmp_path: Path) -> None:
    """With every level on, over answers, refusals, an update that can't be read, and a broken table."""
    app = build_simulator(clock=running_from(START), bot_token=TOKEN)
    async with serve(app) as port:
        url = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": url,
            "DATABASE_URL": sqlite_address,
            "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": "json",
            "PYTHONPATH": str(ROOT),
        }
        log = (tmp_path / "log").open("wb")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=environment, stdout=asyncio.subprocess.PIPE, stderr=log
        )
        assert process.stdout is not None
        async with asyncio.timeout(60), Sim(url) as sim:
            assert b"is running" in await process.stdout.readline()
            worker = await sim.person("Somebody Quiet")
            await worker.says(f"{TYPED}?")
            await worker.sees("To join")
            app.state.telegram.updates.add("message", {"date": "soon", "text": TYPED}, worker.id)
            database = Database(sqlite_address)
            async with database.transaction() as session:
                await (await session.connection()).execute(text("ALTER TABLE person RENAME TO away"))
            await worker.says(f"/start {TYPED}")
            await worker.sees("Something went wrong")
            await database.close()
            process.terminate()
            await process.wait()
        log.close()
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert any("can't be read" in line["event"] for line in lines)
    assert any("failed" in line["event"] and line["error"].startswith("sqlalchemy") for line in lines)
    told = (tmp_path / "log").read_text()
    assert TYPED not in told
    assert "Quiet" not in told
    assert TOKEN not in told
