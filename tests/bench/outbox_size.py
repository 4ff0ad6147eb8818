"""Does a tick take longer because millions of messages wait for later days?"""

import argparse
import asyncio
import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from bot import delivery
from bot.app import build_office
from bot.receipts import Receipt, Sent
from bot.services.office import Office
from bot.settings import Settings
from bot.texts.reply import Say
from storage.database import Database
from tests.bench.stage import FILE, START, database_in, say, shares, verdict

_TICKS = 41
_FILL = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
    "INSERT INTO outgoing_message (person_id, kind, subject_id, dedup_key, urgency, not_before, state, "
    "attempts, doubts, reason) "
    "SELECT 1 + (i - 1) * 200 / :count, 'action-new', i, :prefix || printf('%08d', i), 'normal', "
    "datetime(:from_day, '+' || (i * 365 / :count) || ' days'), 'planned', 0, 0, '' FROM n"
)
"""In the order of every index, so that filling them is quick."""


async def _everything_sent(_chat: int, _words: Say) -> Receipt:
    return Sent(1)


async def _tick(database: Database, office: Office) -> float:
    """The median of many idle ticks, in milliseconds."""
    times = []
    for number in range(_TICKS):
        began = perf_counter()
        await delivery.tick(database, office, _everything_sent, START + timedelta(seconds=15 * number))
        times.append((perf_counter() - began) * 1000)
    return median(times[1:])


def _add(file: Path, prefix: str, count: int) -> None:
    """Without a journal and in one go: a bench's file may be lost."""
    first = (START + timedelta(days=2)).strftime("%Y-%m-%d %H:%M:%S")
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(_FILL, {"count": count, "prefix": prefix, "from_day": first})
        connection.execute("PRAGMA journal_mode = WAL")


async def _compare(few: int, many: int) -> None:
    office = build_office(Settings(_env_file=None))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = await database_in(folder)
        await shares(database, list(range(1, 201)), 1)
        times = []
        for prefix, count in (("few:", few), ("many:", many - few)):
            await database.close()
            _add(folder / FILE, prefix, count)
            database = Database(f"sqlite:///{folder / FILE}")
            times.append(await _tick(database, office))
        await database.close()
    with_few, with_many = times
    ratio = with_many / with_few
    say(
        f"one tick with {many:,} rows for later days: {with_many:.1f} ms, with {few:,}: {with_few:.1f} ms, "
        f"ratio {ratio:.2f}; at most 1.5: {verdict(ratio <= 1.5)}"
    )


def main() -> None:
    """Prints both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=50_000)
    parser.add_argument("--many", type=int, default=5_000_000)
    asked = parser.parse_args()
    asyncio.run(_compare(asked.few, asked.many))


if __name__ == "__main__":
    main()
