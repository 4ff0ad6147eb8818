"""kill -9 at any moment: nothing typed or tapped is lost, nothing happens twice."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from sqlmodel import func, select

from bot.clock import utc_now
from bot.services.joining import make_invite
from bot.simulator.clock import VirtualClock
from bot.simulator.driver import Sim
from bot.simulator.server import build_simulator, serve
from storage.database import Database
from storage.tables import Case, CaseEvent

ROOT = Path(__file__).parents[2]
TOKEN = "1:test"


class Process:
    """The bot as a process of its own, as it runs in earnest."""

    def __init__(self, url: str, address: str) -> None:
        self.environment = {
            **os.environ,
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": url,
            "DATABASE_URL": address,
            "TICK_SECONDS": "0.5",
            "PYTHONPATH": str(ROOT),
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Starts it and waits until it says that it runs."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=self.environment, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(30):
            assert b"is running" in await self._process.stdout.readline()

    async def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        assert self._process is not None
        self._process.terminate()
        async with asyncio.timeout(15):
            return await self._process.wait()


@asynccontextmanager
async def telegram(address: str) -> AsyncIterator[tuple[Sim, Process, Database]]:
    """A simulator with the bot beside it as a process."""
    app = build_simulator(clock=VirtualClock(utc_now), bot_token=TOKEN)
    database = Database(address)
    async with serve(app) as port:
        process = Process(f"http://127.0.0.1:{port}", address)
        await process.start()
        async with Sim(f"http://127.0.0.1:{port}") as sim:
            yield sim, process, database
    await database.close()


async def test_nothing_typed_is_lost_and_nothing_happens_twice(address: str) -> None:
    async with telegram(address) as (sim, process, database):
        async with database.transaction() as session:
            code = await make_invite(
                session, role="worker", team_name="North", valid=timedelta(days=1), now=utc_now()
            )
        worker = await sim.person("Worker A")
        await worker.says(f"/start {code}")
        await worker.sees("Hello")
        for number in range(12):
            await worker.says(f"/newcase CP-40{number:02}")
            if number in (2, 5, 9):
                await asyncio.sleep(0.02 * number)
                await process.kill()
                await process.start()
        await worker.says("/event CP-4011 icpc yesterday")
        await worker.sees("First core group", within=20)
        for number in range(12):
            assert any(f"CP-40{number:02} is added" in message.text for message in await worker.chat())
        async with database.transaction() as session:
            cases = (await session.exec(select(func.count()).select_from(Case))).one()
            events = (await session.exec(select(func.count()).select_from(CaseEvent))).one()
        assert (cases, events) == (12, 1)
        assert await process.stop() == 0


async def test_a_dialogue_goes_on_after_kill_9(sqlite_address: str) -> None:
    async with telegram(sqlite_address) as (sim, process, database):
        async with database.transaction() as session:
            code = await make_invite(
                session, role="worker", team_name="North", valid=timedelta(days=1), now=utc_now()
            )
        worker = await sim.person("Worker A")
        await worker.says(f"/start {code}")
        await worker.sees("Hello")
        await worker.says("/event CP-4001")
        await worker.sees("what happened?")
        await process.kill()
        await worker.presses("Core group held")
        await process.start()
        await worker.sees("When was it?", within=10)
        await process.kill()
        await process.start()
        await worker.presses("Yesterday")
        await worker.sees("CP-4001: Core group held", within=10)
        assert await process.stop() == 0
