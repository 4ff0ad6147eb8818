"""driftless doctor against a Telegram: every fault with its mend, exit 1 where there is one."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import anyio.to_thread
import httpx
import pytest

from bot.cli.machine_checks import FREE, clock_check, disk_check
from bot.settings import Settings
from bot.simulator.clock import VirtualClock
from bot.simulator.server import build_simulator, serve
from tests.flows.town import START, TOKEN

ROOT = Path(__file__).parents[2]
NAMES = {
    "telegram", "clock", "updates", "database", "migrations", "disk", "outbox", "leader", "reminders",
    "inbox", "rosters", "guidance", "retention", "holidays",
}  # fmt: skip


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A Telegram."""
    async with serve(build_simulator(clock=VirtualClock(lambda: START), bot_token=TOKEN)) as port:
        yield f"http://127.0.0.1:{port}"


async def _doctor(url: str, address: str, **settings: str) -> tuple[int, dict[str, tuple[bool, str]]]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": url,
        "DATABASE_URL": address,
        **settings,
    }
    done = await anyio.to_thread.run_sync(
        lambda: subprocess.run(
            [sys.executable, "-m", "bot", "doctor", "--json"],
            env=environment,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, {one["check"]: (one["ok"], one["says"]) for one in found}


async def test_all_is_well(url: str, address: str) -> None:
    code, found = await _doctor(url, address)
    assert set(found) == NAMES
    bad = {name for name, (ok, _) in found.items() if not ok}
    assert bad <= {"leader"}, "on PostgreSQL nobody leads, because nothing runs"
    assert code == bool(bad)


async def test_a_wrong_token_and_no_database_each_name_their_mend(url: str, tmp_path: Path) -> None:
    code, found = await _doctor(url, f"sqlite:///{tmp_path}/none.sqlite", BOT_TOKEN="2:wrong")
    assert code == 1
    assert found["telegram"] == (False, "refuses the token: get a new one from @BotFather")
    assert found["migrations"] == (False, "The database is not migrated: run `driftless migrate` first.")


async def test_a_webhook_left_over_is_found(url: str, sqlite_address: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.post(f"{url}/bot{TOKEN}/setWebhook", json={"url": "http://127.0.0.1:9/hook"})
    code, found = await _doctor(url, sqlite_address)
    assert code == 1
    assert found["updates"][0] is False
    assert "UPDATES=polling" in found["updates"][1]


@pytest.mark.parametrize(("off", "ok"), [(0, True), (29, True), (-29, True), (31, False), (-31, False)])
def test_a_clock_that_is_off_is_found(off: int, ok: bool) -> None:
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    _, found, says = clock_check(format_datetime(now + timedelta(seconds=off), usegmt=True), now)
    assert found is ok
    assert ok or "timedatectl" in says


@pytest.mark.parametrize("told", [None, "", "yesterday"])
def test_no_date_to_compare_with_is_no_fault(told: str | None) -> None:
    assert clock_check(told, datetime(2026, 11, 24, 10, tzinfo=UTC))[1]


def test_a_full_disk_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/not/yet/there.sqlite")
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": FREE - 1})())
    _, ok, says = disk_check(settings)
    assert not ok
    assert f"at {tmp_path}: make room" in says
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": FREE})())
    assert disk_check(settings)[1]
