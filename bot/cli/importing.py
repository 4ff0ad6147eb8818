"""driftless import: cases and events from a CSV or XLSX file."""

import asyncio
import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import IntegrityError

from bot.app import build_office
from bot.cli.batches import write
from bot.cli.storage import opened
from bot.clock import utc_now
from bot.rules.errors import Refusal
from bot.rules.events import EVENTS
from bot.services.importing import BadLine, Options, Report, import_rows
from bot.services.importing.files import Row, read_rows
from bot.services.importing.mapping import OURS, Words, read_words
from bot.settings import Settings, read_settings
from bot.spreadsheets import harmless

_MOST_SHOWN = 40
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=_FILE, required=False)
@click.option("--mapping", type=_FILE, help="A TOML file that says what your columns and events are called.")
@click.option("--dry-run", is_flag=True, help="Says what would change, and changes nothing.")
@click.option("--update", is_flag=True, help="The file says everything: also says what it lacks.")
@click.option("--skip-bad", is_flag=True, help="Takes the good lines although there are bad ones.")
@click.option("--move-cases", is_flag=True, help="Hands over each case whose worker differs.")
@click.option(
    "--report",
    "bad_lines",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Writes the bad lines to this CSV file.",
)
@click.option("--events", is_flag=True, help="Lists the events that the event column may name.")
@click.option("--json", "as_json", is_flag=True)
def import_(
    file: Path | None,
    mapping: Path | None,
    dry_run: bool,
    update: bool,
    skip_bad: bool,
    move_cases: bool,
    bad_lines: Path | None,
    events: bool,
    as_json: bool,
) -> int:
    """Loads cases and events from a CSV or XLSX with the columns reference, worker, event, date.

    Nothing is changed where a line is bad, unless --skip-bad is given. The same file a second time
    changes nothing. See docs/importing.md.
    """
    if events:
        _list_events()
        return 0
    if file is None:
        raise click.UsageError("Give a CSV or XLSX file.")
    options = Options(dry_run=dry_run, skip_bad=skip_bad, move_cases=move_cases, whole=update)
    if bad_lines is not None:
        _write_bad_lines(bad_lines, [])  # where that can't be done, nothing is imported either
    rows = _rows(file, mapping)
    with _progress(3 * len(rows), hidden=as_json) as progress:
        report = asyncio.run(_import(read_settings(), rows, replace(options, progress=progress)))
    if bad_lines is not None:
        _write_bad_lines(bad_lines, report.bad)
    if as_json:
        write(_as_object(report))
    else:
        _show(report, listed=dry_run or update)
    return 1 if report.bad else 0


def _list_events() -> None:
    for kind in EVENTS.values():
        click.echo(f"{kind.id}: {', '.join((kind.title, *kind.words))}")


def _rows(file: Path, mapping: Path | None) -> list[Row]:
    try:
        return read_rows(file.read_bytes(), _words(mapping))
    except Refusal as refusal:
        raise click.ClickException(f"{file}: {refusal}") from None


def _words(mapping: Path | None) -> Words:
    if mapping is None:
        return OURS
    try:
        return read_words(mapping.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{mapping} is not UTF-8.") from None


@contextmanager
def _progress(length: int, *, hidden: bool) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; nothing anywhere else."""
    if hidden or not sys.stderr.isatty():
        yield lambda _lines: None
        return
    with click.progressbar(length=length, label="Reading, counting, writing", file=sys.stderr) as bar:
        yield bar.update


async def _import(settings: Settings, rows: list[Row], options: Options) -> Report:
    office = build_office(settings)
    async with opened(settings.database_url) as database:
        try:
            async with database.transaction() as session:
                return await import_rows(session, office, rows, utc_now(), options)
        except IntegrityError:
            raise click.ClickException(
                "Somebody changed the same cases at that moment, so nothing was changed. Run it again."
            ) from None


def _write_bad_lines(file: Path, bad: list[BadLine]) -> None:
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("line", "field", "given", "accepted", "reason"))
            for line in bad:
                given = harmless(line.given)
                writer.writerow((line.number, line.field, given, line.accepted, harmless(line.reason)))
    except OSError as error:
        raise click.ClickException(f"Can't write {file}: {error.strerror}.") from None


def _show(report: Report, *, listed: bool) -> None:
    for bad in report.bad:
        click.echo(f"line {bad.number}: {bad.reason}", err=True)
    if report.bad:
        end = "were left out." if report.written else "can't be taken, so nothing was changed."
        click.echo(f"{len(report.bad)} of {report.lines} lines {end}", err=True)
    if report.bad and not (report.written or listed):
        return
    if listed:
        _list(
            "Changes:" if report.written else "Would change:",
            [f"{c.reference}: {c.what}" for c in report.changes],
        )
        _list("Missing (nothing is deleted):", [f"{gone.reference}: {gone.what}" for gone in report.gone])
    click.echo(_summary(report))


def _list(title: str, lines: list[str]) -> None:
    if not lines:
        return
    click.echo(title)
    for line in lines[:_MOST_SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > _MOST_SHOWN:
        click.echo(f"  … and {len(lines) - _MOST_SHOWN} more (--json lists all)")


def _summary(report: Report) -> str:
    verb = "added" if report.written else "would add"
    parts = [
        f"{report.lines} lines: {verb} {report.new_cases} cases, {report.new_events} events and "
        f"{report.opened_clocks} clocks; {report.already} events were there already."
    ]
    if report.moved_cases:
        parts.append(f"Cases handed over: {report.moved_cases}.")
    if report.kept_out:
        parts.append(f"Events taken back here, so left out: {report.kept_out}.")
    if report.gone:
        parts.append(f"Missing from the file: {len(report.gone)}.")
    return " ".join(parts)


def _as_object(report: Report) -> dict[str, Any]:
    return {
        "lines": report.lines,
        "changed": report.written,
        "new_cases": report.new_cases,
        "new_events": report.new_events,
        "opened_clocks": report.opened_clocks,
        "already": report.already,
        "kept_out": report.kept_out,
        "moved_cases": report.moved_cases,
        "changes": [{"reference": change.reference, "what": change.what} for change in report.changes],
        "missing": [{"reference": gone.reference, "what": gone.what} for gone in report.gone],
        "bad": [
            {
                "line": bad.number,
                "field": bad.field,
                "given": bad.given,
                "accepted": bad.accepted,
                "reason": bad.reason,
            }
            for bad in report.bad
        ],
    }
