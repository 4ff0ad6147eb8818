"""What a bot that only runs does not load: each of these costs time at the start, and memory for good."""

import asyncio
import os
import re
import sys
from pathlib import Path

from bot.simulator.clock import VirtualClock
from bot.simulator.server import build_simulator, serve
from tests.flows.town import START, TOKEN

ROOT = Path(__file__).parents[2]
LATER = {
    "PIL", "aiosmtplib", "alembic", "fpdf", "holidays", "icalendar", "jinja2", "mako", "matplotlib",
    "openpyxl", "psycopg", "psycopg_binary", "starlette", "uvicorn",
}  # fmt: skip
_IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)$", re.MULTILINE)


async def _loaded(address: str, **settings: str) -> set[str]:
    """The packages that a bot has loaded when it says that it runs."""
    async with serve(build_simulator(clock=VirtualClock(lambda: START), bot_token=TOKEN)) as port:
        given = {"BOT_TOKEN": TOKEN, "BOT_API_URL": f"http://127.0.0.1:{port}", "DATABASE_URL": address}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-X", "importtime", "-m", "bot", "run"),
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **given, **settings},
            cwd="/",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        told = asyncio.create_task(process.stderr.read())
        line = await process.stdout.readline()
        process.terminate()
        await process.wait()
        imported = _IMPORTED.findall((await told).decode())
    assert b"is running" in line
    return {name.partition(".")[0] for name in imported}


async def test_on_sqlite_it_loads_nothing_that_it_does_not_use(sqlite_address: str) -> None:
    found = await _loaded(sqlite_address)
    assert {"telegram", "sqlmodel", "onnxruntime"} <= found
    assert found & LATER == set()


async def test_what_is_set_is_loaded(sqlite_address: str) -> None:
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_FROM": "a@example.org", "EMAIL_DOMAINS": "example.org"}
    found = await _loaded(sqlite_address, WEB_PORT="0", **mail)
    assert {"starlette", "uvicorn", "jinja2", "aiosmtplib"} <= found
