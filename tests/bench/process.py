"""The whole program as a process: how soon it is ready, how much memory it holds, how fast it answers.

Beside it the least that a bot can be, over the same simulator.
"""

import argparse
import asyncio
import os
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
from tests.bench.stage import FILE, TOKEN, database_in, say, simulator, verdict

_QUESTION, _ANSWER = "how long do we have to hold the ICPC?", "15 working days"
_PEOPLE = 10


@asynccontextmanager
async def _process(
    module: Sequence[str], url: str, address: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, float]]:
    """The running process, and the seconds it took to say that it runs."""
    settings = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": url,
        "DATABASE_URL": address,
        "UPDATES_PER_PERSON_MINUTE": "0",
    }
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *module), env={**os.environ, **settings}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    line = await process.stdout.readline()
    assert b"is running" in line, line
    try:
        yield process, perf_counter() - began
    finally:
        process.terminate()
        await process.wait()


def _memory(process: asyncio.subprocess.Process) -> float:
    """Resident memory, in megabytes."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


async def _rate(people: Sequence[SimPerson], rounds: int, *, echo: bool) -> float:
    """Answers a second: everybody asks, waits for the answer, and asks again."""

    async def ask(person: SimPerson) -> None:
        for _ in range(rounds):
            await person.says(_QUESTION)
            await person.sees(_QUESTION if echo else _ANSWER, within=60)

    began = perf_counter()
    await asyncio.gather(*(ask(person) for person in people))
    return len(people) * rounds / (perf_counter() - began)


async def _ours(folder: Path, rounds: int) -> tuple[float, float, float]:
    """Seconds to be ready, megabytes when idle, answers a second."""
    database = await database_in(folder)
    address = f"sqlite:///{folder / FILE}"
    async with simulator() as url, Sim(url) as sim:
        starts = []
        for _ in range(2):
            async with _process(("bot", "run"), url, address) as (_again, seconds):
                starts.append(seconds)
        async with _process(("bot", "run"), url, address) as (process, seconds):
            await asyncio.sleep(3)
            memory = _memory(process)
            people = []
            for number in range(_PEOPLE):
                async with database.transaction() as session:
                    code = await make_invite(
                        session, role="worker", team_name="North", valid=timedelta(days=1), now=utc_now()
                    )
                person = await sim.person(f"Worker {number}")
                await person.says(f"/start {code}")
                await person.sees("Hello", within=30)
                people.append(person)
            rate = await _rate(people, rounds, echo=False)
    await database.close()
    return min(*starts, seconds), memory, rate


async def _echo(rounds: int) -> tuple[float, float]:
    """Megabytes when idle, answers a second."""
    async with (
        simulator() as url,
        Sim(url) as sim,
        _process(("tests.bench.echo",), url, "") as (process, _seconds),
    ):
        await asyncio.sleep(3)
        memory = _memory(process)
        people = [await sim.person(f"Worker {number}") for number in range(_PEOPLE)]
        return memory, await _rate(people, rounds, echo=True)


def main() -> None:
    """Prints both sides of each ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ready, memory, rate = asyncio.run(_ours(Path(folder), asked.rounds))
    bare_memory, bare_rate = asyncio.run(_echo(asked.rounds))
    say(f"start to ready: {ready:.1f} s; at most 2: {verdict(ready <= 2)}")
    say(
        f"idle memory: {memory:.0f} MB, a bare bot {bare_memory:.0f} MB, ratio {memory / bare_memory:.2f}; "
        f"at most 2.5: {verdict(memory <= 2.5 * bare_memory)}"
    )
    say(
        f"questions answered end to end: {rate:.0f} a second, a bare echo bot {bare_rate:.0f}, "
        f"ratio {rate / bare_rate:.2f}; at least 0.6: {verdict(rate >= 0.6 * bare_rate)}"
    )


if __name__ == "__main__":
    main()
