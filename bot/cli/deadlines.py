"""driftless deadlines: due dates with their sums."""

from datetime import datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import click

from bot.cli.batches import read_lines, write
from bot.clock import utc_now
from bot.content.bank_holidays import england
from bot.content.overlay import load_overlay
from bot.content.timescale_files import load_timescales
from bot.rules.calculating import Calculation, Part, calculate
from bot.rules.calendar import HolidaysUnknown, WorkCalendar
from bot.rules.dates import parse_moment, show_moment
from bot.rules.deadlines import Moment
from bot.rules.errors import Refusal
from bot.rules.pathway import LocalLimits
from bot.rules.timescales import Timescale, TimescaleBook
from bot.settings import read_settings
from bot.texts.timescales import (
    EDITION_UNCHECKED,
    clock_phrase,
    do_by_words,
    rule_words,
    source_words,
    sum_words,
)


class Calculator:
    """The book, the council's own limits and the calendar, loaded once."""

    def __init__(self) -> None:
        settings = read_settings()
        self.book: TimescaleBook = load_timescales()
        self.local: LocalLimits = load_overlay(settings.guidance_overlay, self.book).limits
        extra = dict.fromkeys(settings.extra_bank_holidays, "Bank holiday (from settings)")
        self.calendar: WorkCalendar = england(extra)
        self.zone: ZoneInfo = settings.zone

    def row(self, name: str) -> Timescale:
        """The timescale with this id; raises Refusal naming near ones."""
        row = self.book.find(name.strip())
        if row is None:
            near = [known for known in self.book.ids() if name.strip() and name.strip() in known][:5]
            hint = f" Did you mean {', '.join(near)}?" if near else " --list shows all of them."
            raise Refusal(f"There is no timescale “{name}”.{hint}")
        return row

    def start(self, typed: str) -> Moment:
        """A date, or a date and time, as typed or in ISO form; raises BadDate."""
        text = typed.strip()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            day, clock = parse_moment(text, utc_now().astimezone(self.zone).date())
            return datetime.combine(day, clock, self.zone) if clock else day
        if len(text) <= len("2026-11-03"):
            return moment.date()
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def answer(self, name: str, typed: str) -> Calculation:
        """The dates; raises Refusal in one clear line."""
        try:
            return calculate(self.row(name), self.local, self.start(typed), self.calendar, self.zone)
        except HolidaysUnknown as unknown:
            raise Refusal(str(unknown)) from None


@click.command()
@click.argument("timescale", required=False)
@click.argument("start", metavar="DATE", required=False)
@click.option("--batch", type=click.File(encoding="utf-8"), help='Lines of {"id", "timescale", "from"}.')
@click.option("--list", "listed", is_flag=True, help="Every timescale with its rule.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a date.")
def deadlines(
    timescale: str | None, start: str | None, batch: TextIO | None, listed: bool, as_json: bool
) -> None:
    """The last lawful day of TIMESCALE counted from DATE (2026-11-03, 3/11, or with 14:30), with its sum."""
    calculator = Calculator()
    if listed:
        _list(calculator, as_json)
    elif batch is not None:
        _batch(calculator, batch)
    elif timescale and start:
        found = calculator.answer(timescale, start)
        if as_json:
            write(as_object(found))
        else:
            click.echo(_in_words(found))
    else:
        raise click.UsageError("Give a timescale and a date, or --batch FILE, or --list.")


def _batch(calculator: Calculator, batch: TextIO) -> None:
    failed = 0
    for item in read_lines(batch, "id", "timescale", "from"):
        try:
            found = calculator.answer(str(item["timescale"]), str(item["from"]))
        except Refusal as refusal:
            failed += 1
            write({"id": item["id"], "error": str(refusal)})
        else:
            write({"id": item["id"], **as_object(found)})
    if failed:
        raise click.ClickException(f"{failed} line{'' if failed == 1 else 's'} could not be worked out.")


def _list(calculator: Calculator, as_json: bool) -> None:
    for row in calculator.book.rows:
        rule = clock_phrase(row, calculator.local).replace("**", "")
        if as_json:
            write(
                {
                    "id": row.id,
                    "aliases": list(row.aliases),
                    "title": row.title,
                    "duty": row.duty,
                    "rule": rule,
                    "starts": row.starts,
                    "force": row.force.value,
                    "status": row.status,
                    "local": row.local,
                    "source": row.source,
                    "url": row.url,
                    "verified": row.verified,
                }
            )
        else:
            click.echo(f"{row.id}: {row.title}: {rule}")


def _iso(moment: Moment | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def as_object(found: Calculation) -> dict[str, Any]:
    """The form that programs read. due is null where there is no number to count with; why says so."""
    row, due = found.row, found.due
    return {
        "timescale": row.id,
        "title": row.title,
        "from": _iso(due.start) if due else None,
        "due": _iso(due.due) if due else None,
        "do_by": _iso(due.do_by) if due else None,
        "earliest": _iso(due.earliest) if due else None,
        "sum": sum_words(due) if due else found.why,
        "rule": clock_phrase(row, {}).replace("**", ""),
        "basis": found.basis,
        "force": row.force.value,
        "status": row.status,
        "actor": row.actor,
        "source": row.source,
        "url": row.url,
        "verified": row.verified,
        "verified_note": row.verified_note,
        "edition_unchecked": row.edition_unchecked,
        "note": row.note,
        "other_starts": list(row.other_starts),
        "parts": [_part(part) for part in found.parts] if len(found.parts) > 1 else [],
    }


def _part(part: Part) -> dict[str, Any]:
    due = part.due
    return {
        "key": part.key,
        "what": part.what,
        "due": _iso(due.due),
        "do_by": _iso(due.do_by),
        "sum": sum_words(due),
    }


def _in_words(found: Calculation) -> str:
    if found.due is None:
        rule = rule_words(found.row).replace("**", "")
        return f"{found.row.title}: {rule}\n{found.why}\n{source_words(found.row)}"
    said = [f"{found.row.title}: {show_moment(found.due.due)}"]
    for part in found.parts:
        label = f"{part.what}: " if part.what and len(found.parts) > 1 else ""
        said += [label + sum_words(part.due), do_by_words(part.due)]
    if found.basis == "example":
        said.append(f"Example only ({found.row.examples[0].place}): your council has not set its own number.")
    if found.row.other_starts:
        said.append(f"Sources also count from {', '.join(found.row.other_starts)}: the earliest speaks.")
    said += [_standing(found.row), source_words(found.row)]
    said.append(EDITION_UNCHECKED if found.row.edition_unchecked else "")
    return "\n".join(line for line in said if line)


def _standing(row: Timescale) -> str:
    return "" if row.status == "in force" else f"Status: {row.status}."
