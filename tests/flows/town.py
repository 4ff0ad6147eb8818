"""A small town for flow tests: the simulator, the running bot, a database and people in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import utc_now
from bot.running import Running, running
from bot.services.joining import make_invite
from bot.services.office import Office
from bot.simulator.clock import VirtualClock
from bot.simulator.driver import Sim, SimPerson
from bot.simulator.server import build_simulator, serve
from bot.simulator.telegram import Telegram
from storage.database import Database

TOKEN = "1:test"
START = datetime.fromisoformat("2026-11-24T10:00+00:00")
"""A Tuesday; the clock runs on from here."""


@dataclass
class Town:
    """Everything that a flow needs."""

    sim: Sim
    bot: Running
    database: Database
    office: Office
    clock: VirtualClock
    url: str
    telegram: Telegram

    async def code(self, role: str, team: str = "North") -> str:
        """A fresh invite."""
        async with self.database.transaction() as session:
            return await make_invite(
                session, role=role, team_name=team, valid=timedelta(days=7), now=self.clock()
            )

    async def joined(
        self, name: str, role: str = "worker", team: str = "North", *, discreet: bool = False
    ) -> SimPerson:
        """Somebody who has joined with a code; plain-spoken to, unless the flow is about that."""
        person = await self.sim.person(name)
        await person.says(f"/start {await self.code(role, team)}")
        await person.sees("Hello. You are in team")
        if not discreet:
            await person.says("/settings discreet off")
            await person.sees("Discreet: off")
        return person

    async def time_comes(self, moment: str) -> None:
        """Moves the clock on and lets the bot send what is due."""
        await self.sim.move_clock(datetime.fromisoformat(moment))
        await self.bot.tick_now()


def running_from(start: datetime) -> VirtualClock:
    """A clock that stands at `start` now and runs on."""
    offset = start - utc_now()
    return VirtualClock(lambda: utc_now() + offset)


@asynccontextmanager
async def town_at(
    address: str, office: Office, start: datetime = START, *, strict: bool = True, most_a_minute: int = 0
) -> AsyncIterator[Town]:
    """A town with its own simulator; at the end of a strict one the simulator must have refused nothing.

    most_a_minute: updates taken of one person, 0 for any number.
    """
    clock = running_from(start)
    app = build_simulator(clock=clock, bot_token=TOKEN)
    database = Database(address)
    async with serve(app) as port:
        url = f"http://127.0.0.1:{port}"
        async with (
            running(TOKEN, url, database, office, clock, 3600, most_a_minute=most_a_minute) as bot,
            Sim(url) as sim,
        ):
            yield Town(sim, bot, database, office, clock, url, app.state.telegram)
            assert not strict or not await sim.refusals(), await sim.refusals()
    await database.close()
