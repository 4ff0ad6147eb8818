"""The demonstration: the unchanged bot against the built-in simulator, with a small seeded team."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import click

from bot.app import build_office
from bot.cli.running import until_stopped
from bot.cli.storage import opened
from bot.clock import Clock, utc_now
from bot.content.overlay import EXAMPLE
from bot.rules.access import ROLES, Role
from bot.rules.events import EVENTS
from bot.rules.reminding import Times
from bot.running import Running, running
from bot.scenes import FOLDER
from bot.scenes.forecast import next_moment
from bot.services.casework import new_case
from bot.services.happenings import record_event
from bot.services.joining import make_invite
from bot.services.office import Office
from bot.services.visiting import record_visit
from bot.settings import Settings
from bot.simulator.backstage import Backstage
from bot.simulator.clock import VirtualClock
from bot.simulator.driver import Sim
from bot.simulator.scenes import load_scenes
from bot.simulator.server import build_simulator, serve
from storage import people
from storage.database import Database
from storage.migrating import upgrade
from storage.tables import Person

TOKEN = "1:demonstration"
TEAM = "North"
_PEOPLE: tuple[tuple[str, Role], ...] = (
    ("Worker A", "worker"),
    ("Manager", "manager"),
    ("Worker B", "worker"),
    ("Practice lead", "practice-lead"),
)
_TICK_SECONDS = 1.0
_BEGINS_AT = time(9)


@dataclass
class Demonstration:
    """The simulator with the bot in it."""

    database: Database
    office: Office
    clock: Clock
    url: str = ""
    bot: Running | None = None

    async def code(self, role: str) -> str:
        """A fresh invite into the team."""
        if role not in ROLES:
            raise ValueError(f"no such role: {role}")
        async with self.database.transaction() as session:
            return await make_invite(
                session, role=role, team_name=TEAM, valid=timedelta(days=1), now=self.clock()
            )

    async def settle(self) -> None:
        """Sends what the clock has made due."""
        if self.bot is not None:
            await self.bot.tick_now()

    async def next_moment(self) -> datetime | None:
        """When the bot will next speak up."""
        return await next_moment(self.database, self.office, self.clock())

    def backstage(self) -> Backstage:
        """What the simulator may ask for."""
        return Backstage(
            scenes=load_scenes(FOLDER),
            next_moment=self.next_moment,
            settle=self.settle,
            props={"code": self.code},
        )


@asynccontextmanager
async def demonstration(
    database: Database, office: Office, clock: VirtualClock, port: int = 0
) -> AsyncIterator[Demonstration]:
    """Simulator and bot, with nobody in it yet; OSError when the port is taken."""
    shown = Demonstration(database, office, clock)
    app = build_simulator(clock=clock, bot_token=TOKEN, backstage=shown.backstage())
    async with serve(app, "127.0.0.1", port) as bound:
        shown.url = f"http://127.0.0.1:{bound}"
        async with running(TOKEN, shown.url, database, office, clock, _TICK_SECONDS) as bot:
            shown.bot = bot
            yield shown


async def run_demo(port: int, folder: str, settings: Settings) -> None:
    """Runs until Ctrl-C; every start begins afresh, because the simulator's chats do."""
    address = _fresh_database(Path(folder))
    office = build_office(
        settings.model_copy(update={"guidance_overlay": settings.guidance_overlay or EXAMPLE})
    )
    async with opened(address, migrated=False) as database:
        await upgrade(database)
        try:
            async with demonstration(database, office, clock_at_work(utc_now, office), port) as shown:
                await _until_stopped(shown)
        except OSError:
            raise click.ClickException(
                f"Port {port} is taken. Try another: make demo PORT={port + 1}"
            ) from None


def clock_at_work(real: Callable[[], datetime], office: Office) -> VirtualClock:
    """A clock that runs on from now, or from the next moment at which people are at work."""
    clock = VirtualClock(real)
    opened = clock()
    begins = in_office_hours(opened, office)
    if begins > opened:
        clock.move_to(begins)
    return clock


def in_office_hours(now: datetime, office: Office) -> datetime:
    """This moment, or the next at which people are at work: at night everything that can wait would wait."""
    ladder = office.library.ladder
    times = Times(frozenset(range(5)), ladder.quiet_from, ladder.quiet_to)
    return max(now, times.next_hearing(now, office.speaking, office.zone, _BEGINS_AT))


async def _until_stopped(shown: Demonstration) -> None:
    assert shown.bot is not None
    await seed(shown)
    click.echo(f"Open {shown.url}   (a practice simulator, not Telegram; Ctrl-C stops it)")
    await until_stopped(shown.bot.polling)
    click.echo("Stopped.")


def _fresh_database(folder: Path) -> str:
    file = folder / "demo.sqlite"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("demo.sqlite*"):
            old.unlink()
        file.touch()
    except OSError as error:
        raise click.ClickException(f"Can't write to {folder}: {error.strerror}. Use --folder.") from None
    return f"sqlite:///{file.resolve()}"


async def seed(shown: Demonstration) -> None:
    """A team that joins as real people would, and three cases with a history."""
    async with Sim(shown.url) as sim:
        for name, role in _PEOPLE:
            person = await sim.person(name)
            await person.says(f"/start {await shown.code(role)}")
            await person.sees("Hello")
    await _seed_cases(shown.database, shown.office, shown.clock)


async def _seed_cases(database: Database, office: Office, clock: Clock) -> None:
    today = office.today(clock())

    def ago(working_days: int) -> date:
        return office.calendar.back(today, working_days)

    async with database.transaction() as session:
        worker = (await people.person_named(session, "Worker A"))[0]
        other = (await people.person_named(session, "Worker B"))[0]
        history: tuple[tuple[Person, str, tuple[tuple[str, date], ...]], ...] = (
            (worker, "CP-1042", (("strategy-discussion-held", ago(8)), ("s47-started", ago(8)))),
            (worker, "CP-0977", (("icpc-held", ago(12)),)),
            (other, "LAC-2101", (("became-looked-after", ago(14)),)),
        )
        for person, reference, events in history:
            case = await new_case(session, office, person, reference, clock())
            for kind, day in events:
                await record_event(session, office, person, case, EVENTS[kind], day, clock())
            if reference == "CP-0977":
                await record_visit(session, office, person, case, ago(9), "seen", clock())
