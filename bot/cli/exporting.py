"""driftless calendar and spreadsheet: what a worker or a team has open, as a file."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import click
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.app import build_office
from bot.cli.storage import opened
from bot.clock import utc_now
from bot.rules.errors import NotFound
from bot.services.exporting import team_workbook, worker_calendar
from bot.services.importing.known import known_workers
from bot.services.office import Office
from bot.settings import Settings, read_settings
from bot.texts.exports import WORDING
from storage import people
from storage.cases import Scope

_OUT = click.Path(dir_okay=False, path_type=Path)
Made = Callable[[AsyncSession, Office], Awaitable[bytes]]


@click.command()
@click.option("--worker", required=True, help="Whose visits and deadlines.")
@click.option("--team", help="Where two teams have somebody of that name.")
@click.option("--out", type=_OUT, required=True, help="The .ics file to write.")
def calendar(worker: str, team: str | None, out: Path) -> None:
    """Writes a worker's visits and deadlines, by reference, for Outlook or Google."""

    async def made(session: AsyncSession, office: Office) -> bytes:
        person = (await known_workers(session)).find(f"{team}/{worker}" if team else worker)
        return await worker_calendar(session, office, person, utc_now(), WORDING)

    _write(out, asyncio.run(_make(read_settings(), made)))


@click.command()
@click.option("--team", required=True, help="Whose clocks.")
@click.option("--out", type=_OUT, required=True, help="The .xlsx file to write.")
def spreadsheet(team: str, out: Path) -> None:
    """Writes a team's open clocks and its pre-proceedings tracker for Excel."""

    async def made(session: AsyncSession, office: Office) -> bytes:
        found = await people.team_named(session, team)
        if found is None:
            raise NotFound(f"There is no team “{team}”.")
        return await team_workbook(session, office, Scope(team_id=found.id), utc_now(), WORDING)

    _write(out, asyncio.run(_make(read_settings(), made)))


async def _make(settings: Settings, made: Made) -> bytes:
    office = build_office(settings)
    async with opened(settings.database_url) as database, database.transaction() as session:
        return await made(session, office)


def _write(out: Path, data: bytes) -> None:
    try:
        out.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"Can't write {out}: {error.strerror}.") from None
    click.echo(f"Wrote {out}.")
