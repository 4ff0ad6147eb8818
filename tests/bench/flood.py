"""What others notice of one person's flood: how long their answers take without it and during it.

Both sides in one run, against the whole program as a process; with the default limit, and without any.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from bot.clock import utc_now
from bot.services.joining import make_invite
from bot.simulator.driver import Sim, SimPerson
from storage.database import Database
from tests.bench.stage import TOKEN, database_in, say, simulator, verdict

_QUESTION, _ANSWER = "how long do we have to hold the ICPC?", "15 working days"
_OTHERS = 5
_MOST = 2.0
"""How many times as long others may wait, with the limit as it is by default."""


@asynccontextmanager
async def _bot(url: str, address: str, limit: str) -> AsyncIterator[None]:
    settings = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": url,
        "DATABASE_URL": address,
        "UPDATES_PER_PERSON_MINUTE": limit,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"), env={**os.environ, **settings}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert b"is running" in await process.stdout.readline()
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def _people(sim: Sim, database: Database) -> list[SimPerson]:
    people = []
    for number in range(_OTHERS + 1):
        async with database.transaction() as session:
            code = await make_invite(
                session, role="worker", team_name="North", valid=timedelta(days=1), now=utc_now()
            )
        person = await sim.person(f"Worker {number}")
        await person.says(f"/start {code}")
        await person.sees("Hello", within=30)
        people.append(person)
    return people


async def _waits(others: Sequence[SimPerson], rounds: int) -> list[float]:
    """How long each answer took, in seconds; one question at a time, so that others don't wait for others."""
    waits = []
    for number in range(rounds):
        person = others[number % len(others)]
        began = perf_counter()
        await person.says(_QUESTION)
        await person.sees(_ANSWER, within=120)
        waits.append(perf_counter() - began)
    return waits


async def _flooding(flooder: SimPerson, a_second: int) -> None:
    """So many messages a second until it is cancelled."""
    pause = 1 / a_second
    while True:
        began = perf_counter()
        await flooder.says(_QUESTION)
        await asyncio.sleep(max(0.0, pause - (perf_counter() - began)))


async def _compare(limit: str, rounds: int, a_second: int) -> tuple[float, float]:
    """The others' median wait without the flood and during it."""
    with tempfile.TemporaryDirectory() as folder:
        database = await database_in(Path(folder))
        address = f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        async with simulator() as url, Sim(url) as sim, _bot(url, address, limit):
            flooder, *others = await _people(sim, database)
            calm = await _waits(others, rounds)
            flood = asyncio.create_task(_flooding(flooder, a_second))
            await asyncio.sleep(5)
            stormy = await _waits(others, rounds)
            flood.cancel()
        await database.close()
    return statistics.median(calm), statistics.median(stormy)


def main() -> None:
    """Prints both sides of each ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--a-second", type=int, default=20)
    asked = parser.parse_args()
    for limit, most in (("60", _MOST), ("0", None)):
        calm, stormy = asyncio.run(_compare(limit, asked.rounds, asked.a_second))
        ratio = stormy / calm
        judged = f"; at most {most:g}: {verdict(ratio <= most)}" if most is not None else ""
        say(
            f"others' answers while one sends {asked.a_second} a second, limit {limit} a minute: "
            f"{1000 * stormy:.0f} ms, without the flood {1000 * calm:.0f} ms, ratio {ratio:.2f}{judged}"
        )


if __name__ == "__main__":
    main()
