"""driftless export-period: answers to a freedom of information or a subject access request."""

import asyncio
import json
import os
from datetime import datetime
from pathlib import Path

import click

from bot.app import build_office
from bot.cli.storage import opened
from bot.clock import utc_now
from bot.services.own_data import Period
from bot.services.period_figures import figures, of_person
from bot.settings import Settings, read_settings
from bot.texts import own_data as data_texts
from bot.texts import period_figures as texts

_DAY = click.DateTime(["%Y-%m-%d"])
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("export-period")
@click.option("--from", "first", type=_DAY, required=True, help="The first day, as 2026-04-01.")
@click.option("--to", "last", type=_DAY, required=True, help="The last day, included.")
@click.option("--out", type=_FOLDER, required=True, help="The folder to write to; made if there is none.")
@click.option("--person", type=click.IntRange(1, 2**31 - 1), help="One person's data, by number.")
@click.option("--json", "as_json", is_flag=True, help="Says on stdout what was written, as JSON.")
def export_period(first: datetime, last: datetime, out: Path, person: int | None, as_json: bool) -> None:
    """Writes figures of a period, counts alone; with --person, all that is held about one person."""
    period = Period(first.date(), last.date())
    if period.last < period.first:
        raise click.UsageError(f"--to {period.last} is before --from {period.first}: turn them round.")
    kind = f"person-{person}" if person is not None else "figures"
    stem = f"{kind}-{period.first}-to-{period.last}"
    targets = _free(out, [f"{stem}.json", f"{stem}.{'html' if person is not None else 'csv'}"])
    made = asyncio.run(_make(read_settings(), period, person))
    for target, content in zip(targets, made, strict=True):
        _write(target, content)
    names = [str(target) for target in targets]
    click.echo(json.dumps({"files": names}) if as_json else "\n".join(f"Wrote {name}." for name in names))


async def _make(settings: Settings, period: Period, person: int | None) -> tuple[str, str]:
    """JSON, and what is to be read; kept in the audit trail before anything is written."""
    office, now = build_office(settings), utc_now()
    async with opened(settings.database_url) as database, database.transaction() as session:
        if person is None:
            found = await figures(session, office, period, now)
            return texts.as_json(found), texts.as_csv(found)
        held = await of_person(session, office, person, period, now)
        return data_texts.as_json(held), data_texts.as_page(held, office.zone)


def _free(folder: Path, names: list[str]) -> list[Path]:
    """Where to write; an earlier answer is never overwritten."""
    targets = [folder / name for name in names]
    for target in targets:
        if target.exists():
            raise click.ClickException(f"{target} exists already. Choose another folder.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"Can't make {folder}: {error.strerror}.") from None
    return targets


def _write(target: Path, content: str) -> None:
    """For the owner's eyes alone."""
    try:
        with open(
            os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(content)
    except OSError as error:
        raise click.ClickException(f"Can't write {target}: {error.strerror}.") from None
