"""driftless purge: what would go, and what went."""

import asyncio
import json
from datetime import timedelta

from bot.clock import utc_now
from storage.database import Database
from storage.tables import Question
from tests.cli.test_commands import Shell, shell

__all__ = ["shell"]


def test_a_dry_run_counts_and_changes_nothing(shell: Shell, sqlite_address: str) -> None:
    async def fill() -> None:
        database = Database(sqlite_address)
        async with database.transaction() as session:
            for days in (1, 400):
                asked = utc_now() - timedelta(days=days)
                session.add(Question(asked_at=asked, redacted="icpc", status="answer", score=1))
        await database.close()

    asyncio.run(fill())
    for _ in range(2):
        lines = [json.loads(line) for line in shell("purge", "--dry-run", "--json").stdout.splitlines()]
        assert {line["kind"]: line["count"] for line in lines if line["count"]} == {"questions": 1}
        assert lines[0] == {"kind": "questions", "kept_days": 365, "count": 1, "dry_run": True}
    done = shell("purge")
    assert done.returncode == 0, done.stderr
    assert "1  questions, without who asked (365 days)" in done.stdout
    assert "0  questions, without who asked" in shell("purge", "--dry-run").stdout


def test_a_time_under_its_floor_is_one_clear_line(shell: Shell) -> None:
    shell.environment["KEEP_AUDIT_DAYS"] = "30"
    refused = shell("purge", "--dry-run")
    assert refused.returncode == 1
    assert refused.stderr == (
        "driftless: KEEP_AUDIT_DAYS: at least 366 days, or 0 to keep it: a year's reviews need it\n"
    )
