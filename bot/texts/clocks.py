"""Clocks and reminders in words: lines, sums, cards, agendas."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.rules.dates import show_date, show_day, show_moment
from bot.rules.library import Library
from bot.services.agenda import Agenda
from bot.services.clocks import ClockView
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Button, Rows, rows
from bot.texts.supervision import share_line
from bot.texts.timescales import EDITION_UNCHECKED, do_by_words, sum_words
from storage.ladders import last_day
from storage.tables import Deadline

_MOST_LINES = 12
_MOST_BUTTONS = 6


def clock_title(view: ClockView) -> str:
    """What must happen, without its case."""
    title = view.row.title if view.row is not None else view.deadline.timescale_id
    what = view.due.limit.what if view.due is not None else ""
    whose = f" ({view.row.actor}'s date)" if view.row is not None and not view.ours else ""
    return (f"{title}: {what}" if what else title) + whose


def due_words(view: ClockView, today: date, zone: ZoneInfo) -> str:
    """due today; due Fri 4 Dec; 2 days late; with the first date beside one that was agreed later."""
    deadline = view.deadline
    if deadline.due_at is not None:
        return f"by {show_moment(deadline.due_at.astimezone(zone))}"
    was = f" (extended; first due {show_day(deadline.due_on)})" if deadline.extended_to else ""
    day = view.effective
    if day < today:
        late = (today - day).days
        return f"{late} day{'' if late == 1 else 's'} late (was due {show_day(day)}){was}"
    if day == today:
        return f"due today{was}"
    if deadline.extended_to is None and deadline.do_by <= today:
        return f"do it today (last day {show_day(day)} isn't a working day)"
    return f"due {show_day(day)}{was}"


def clock_line(view: ClockView, today: date, zone: ZoneInfo) -> str:
    """• CP-1042: core group, due today."""
    return f"• {bold(view.case.reference)}: {esc(clock_title(view))}, {due_words(view, today, zone)}"


def sum_line(view: ClockView) -> str:
    """The sum behind a date, in italics; empty where the rule is gone."""
    return italic(sum_words(view.due)) if view.due is not None else ""


def agenda(found: Agenda, zone: ZoneInfo, title: str = "") -> str:
    """Overdue, today, this week, actions; a digest when there is a title."""
    today = found.today
    parts: list[str] = [bold(title)] if title else []
    for heading, views in (
        ("Overdue", found.overdue),
        ("Today", found.due_today),
        ("This week", found.this_week),
    ):
        if views:
            said = _grouped_lines(views, today, zone)
            parts += [bold(heading), *said[:_MOST_LINES]]
            if len(said) > _MOST_LINES:
                parts.append(f"… and {len(said) - _MOST_LINES} more")
    if found.actions:
        parts += [bold("From your manager"), *(share_line(view, today) for view in found.actions[:6])]
    return lines(*parts)


def _grouped_lines(views: list[ClockView], today: date, zone: ZoneInfo) -> list[str]:
    """A line a clock; one line for brothers and sisters whose clocks run out together."""
    groups: dict[tuple[object, ...], list[ClockView]] = {}
    for view in views:
        family = view.case.family or view.case.reference
        key = (family, view.deadline.timescale_id, view.deadline.part, view.effective)
        groups.setdefault(key, []).append(view)
    said = []
    for found in groups.values():
        line = clock_line(found[0], today, zone)
        if len(found) > 1:
            head = f"{found[0].case.family} ({len(found)} children)"
            line = line.replace(bold(found[0].case.reference), bold(head), 1)
        said.append(line)
    return said


def agenda_buttons(found: Agenda) -> Rows:
    """A button for each of the most pressing things."""
    views = [*found.overdue, *found.due_today][:_MOST_BUTTONS]
    clocks = [
        Button(f"{view.case.reference}: {clock_title(view)}"[:60], f"clk:{view.deadline.id}")
        for view in views
    ]
    shares = [
        Button(f"Done: {view.action.what}"[:50], f"adone:{view.share.id}") for view in found.actions[:3]
    ]
    return rows(*clocks, *shares)


def clock_card(view: ClockView, today: date, zone: ZoneInfo, library: Library) -> str:
    """One clock with its sum, its source, and the laxer rule that it stands before, if any."""
    laxer = [row.title for row in map(library.book.find, view.row.stricter_than if view.row else ()) if row]
    return lines(
        f"{bold(view.case.reference)}: {bold(clock_title(view))}, {due_words(view, today, zone)}",
        sum_line(view),
        esc(do_by_words(view.due)) if view.due is not None else "",
        italic(_source(view)),
        italic(f"Stricter than, and instead of: {', '.join(laxer)}.") if laxer else "",
    )


def _source(view: ClockView) -> str:
    row = view.row
    if row is None:
        return ""
    if view.due is not None and view.due.sealed:
        return "The sealed order"
    if view.local:
        return "Your council's own rule"
    starts = f" Sources also count from {', '.join(row.other_starts)}." if row.other_starts else ""
    unchecked = f" {EDITION_UNCHECKED}" if row.edition_unchecked else ""
    return f"{row.source} · {row.force.value}.{starts}{unchecked}"


def clock_buttons(view: ClockView, library: Library) -> Rows:
    """Done, snooze, extend, not needed, open the case, and the guidance behind it."""
    deadline_id = view.deadline.id
    entry = library.guidance.for_clock(view.deadline.timescale_id)
    guidance = (Button("Guidance", f"entry:{entry.id}"),) if entry is not None else ()
    return (
        (Button("Done", f"done:{deadline_id}"), Button("Snooze…", f"snz:{deadline_id}")),
        (Button("Extend…", f"ext:{deadline_id}"), Button("Not needed…", f"nn:{deadline_id}")),
        (Button("Open case", f"case:{view.case.id}"), *guidance),
    )


def snooze_buttons(deadline_id: int) -> Rows:
    """When to be reminded again; the date itself never moves."""
    return rows(
        Button("In an hour", f"snz:{deadline_id}:1h"),
        Button("Tomorrow", f"snz:{deadline_id}:1d"),
        Button("Next working day", f"snz:{deadline_id}:wd"),
        Button("Pick a day…", f"snz:{deadline_id}:pick"),
        wide=2,
    )


def snoozed(until: datetime, zone: ZoneInfo, deadline: Deadline) -> str:
    """When the reminder comes back; and that the date stands."""
    return (
        f"I'll remind you again on {show_moment(until.astimezone(zone))}. "
        f"The date itself stays {show_date(last_day(deadline))}."
    )
