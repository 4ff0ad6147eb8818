"""The long form: python -m tests.fuzz --updates 10000 --seed 1. Says what was found."""

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from bot.app import build_office
from bot.settings import Settings
from storage.database import Database
from storage.migrating import upgrade
from tests.fuzz.attack import Found, attack


async def _attack(updates: int, seed: int) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'fuzz.sqlite'}"
        database = Database(address)
        await upgrade(database)
        await database.close()
        return await attack(address, build_office(Settings(_env_file=None)), seed, updates)


def say(line: str) -> None:
    """A line on standard output."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Exit code 1 where a handler was surprised or a call broke the description."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    found = asyncio.run(_attack(asked.updates, asked.seed))
    refused = sum(found.refusals.values())
    say(f"{found.updates} updates, seed {asked.seed}: {len(found.errors)} errors, {refused} refused calls")
    for line in (*found.errors[:20], *map(str, found.refusals.most_common(20))):
        say(f"  {line[:400]}")
    if found.errors or found.refusals or not found.answered:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
