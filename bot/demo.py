"""The demonstration: the unchanged bot against the built-in simulator, with a small seeded team."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import click

from bot.app import build_office, running
from bot.cli.running import until_stopped
from bot.cli.storage import opened
from bot.clock import Clock, utc_now
from bot.content.overlay import EXAMPLE
from bot.rules.access import Role
from bot.rules.events import EVENTS
from bot.services.casework import new_case
from bot.services.happenings import record_event
from bot.services.joining import make_invite
from bot.services.office import Office
from bot.services.visiting import record_visit
from bot.settings import Settings
from bot.simulator.clock import VirtualClock
from bot.simulator.driver import Sim
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


async def run_demo(port: int, folder: str, settings: Settings) -> None:
    """Runs until Ctrl-C; every start begins afresh, because the simulator's chats do."""
    address = _fresh_database(Path(folder))
    office = build_office(
        settings.model_copy(update={"guidance_overlay": settings.guidance_overlay or EXAMPLE})
    )
    clock = VirtualClock(utc_now)
    app = build_simulator(clock=clock, bot_token=TOKEN)
    async with opened(address, migrated=False) as database:
        await upgrade(database)
        try:
            async with serve(app, "127.0.0.1", port) as bound:
                await _run(f"http://127.0.0.1:{bound}", database, office, clock)
        except OSError:
            raise click.ClickException(
                f"Port {port} is taken. Try another: make demo PORT={port + 1}"
            ) from None


async def _run(url: str, database: Database, office: Office, clock: VirtualClock) -> None:
    async with running(TOKEN, url, database, office, clock, _TICK_SECONDS) as bot:
        ticks: set[asyncio.Task[int]] = set()

        def tick_soon() -> None:
            task = asyncio.get_running_loop().create_task(bot.tick_now())
            ticks.add(task)
            task.add_done_callback(ticks.discard)

        clock.listeners.append(tick_soon)
        await seed(url, database, office, clock)
        click.echo(f"Open {url}   (a practice simulator, not Telegram; Ctrl-C stops it)")
        await until_stopped(bot.polling)
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


async def seed(url: str, database: Database, office: Office, clock: Clock) -> None:
    """A team that joins as real people would, and three cases with a history."""
    async with Sim(url) as sim:
        for name, role in _PEOPLE:
            async with database.transaction() as session:
                code = await make_invite(
                    session, role=role, team_name=TEAM, valid=timedelta(days=1), now=clock()
                )
            person = await sim.person(name)
            await person.says(f"/start {code}")
            await person.sees("Hello")
    await _seed_cases(database, office, clock)


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
