"""driftless import, migrate and doctor."""

import asyncio
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bot.app import build_office
from bot.cli.batches import write
from bot.cli.checks import all_checks
from bot.cli.storage import opened
from bot.clock import utc_now
from bot.rules.events import EVENTS
from bot.services.importing import COLUMNS, Report, import_rows
from bot.settings import Settings, read_settings
from storage.migrating import upgrade


class _Unwanted(Exception):
    """Rolls the transaction back; carries the report out of it."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--dry-run", is_flag=True, help="Says what would change, and changes nothing.")
@click.option("--events", is_flag=True, help="Lists the events that the event column may name.")
@click.option("--json", "as_json", is_flag=True)
def import_(file: Path | None, dry_run: bool, events: bool, as_json: bool) -> int:
    """Loads cases and events from a CSV with the columns reference, worker, event, date."""
    if events:
        for kind in EVENTS.values():
            click.echo(f"{kind.id}: {', '.join((kind.title, *kind.words))}")
        return 0
    if file is None:
        raise click.UsageError("Give a CSV file.")
    report = asyncio.run(_import(read_settings(), file, dry_run))
    _show(report, dry_run, as_json)
    return 1 if report.bad else 0


def rows_of(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, fields by lower-case column name); ClickException where a column is missing."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not UTF-8: save it as “CSV UTF-8”.") from None
    reader = csv.reader(text.splitlines())
    heading = [name.strip().lower() for name in next(reader, [])]
    missing = [name for name in COLUMNS if name not in heading]
    if missing:
        raise click.ClickException(f"{file}: no column {', '.join(missing)}; the first line must name them.")
    for fields in reader:
        if any(field.strip() for field in fields):
            padded = [*fields, *[""] * (len(heading) - len(fields))]
            yield reader.line_num, dict(zip(heading, padded, strict=False))


async def _import(settings: Settings, file: Path, dry_run: bool) -> Report:
    rows = list(rows_of(file))
    office = build_office(settings)
    async with opened(settings.database_url) as database:
        try:
            async with database.transaction() as session:
                report = await import_rows(session, office, rows, utc_now())
                if dry_run or report.bad:
                    raise _Unwanted(report)
        except _Unwanted as unwanted:
            return unwanted.report
    return report


def _show(report: Report, dry_run: bool, as_json: bool) -> None:
    if as_json:
        write(_as_object(report, dry_run))
        return
    for bad in report.bad:
        click.echo(f"line {bad.number}: {bad.reason}", err=True)
    if report.bad:
        click.echo(
            f"{len(report.bad)} of {report.lines} lines can't be taken, so nothing was changed.", err=True
        )
        return
    verb = "would add" if dry_run else "added"
    click.echo(
        f"{report.lines} lines: {verb} {report.new_cases} cases, {report.new_events} events and "
        f"{report.opened_clocks} clocks; {report.already} events were there already."
    )


def _as_object(report: Report, dry_run: bool) -> dict[str, Any]:
    return {
        "lines": report.lines,
        "changed": not (dry_run or report.bad),
        "new_cases": report.new_cases,
        "new_events": report.new_events,
        "opened_clocks": report.opened_clocks,
        "already": report.already,
        "bad": [{"line": bad.number, "reason": bad.reason} for bad in report.bad],
    }


@click.command()
def migrate() -> None:
    """Brings the database to this program's version; makes it where there is none."""
    settings = read_settings()

    async def go() -> None:
        async with opened(settings.database_url, migrated=False) as database:
            await upgrade(database)

    asyncio.run(go())
    click.echo("The database is ready.")


@click.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(as_json: bool) -> int:
    """Checks token, database, guidance, holidays and outbox; each fault with its mend."""
    found = asyncio.run(all_checks(read_settings()))
    for check in found:
        if as_json:
            write({"check": check.name, "ok": check.ok, "says": check.says})
        else:
            click.echo(f"{'ok ' if check.ok else 'BAD'} {check.name}: {check.says}")
    return 0 if all(check.ok for check in found) else 1
