"""What comes unasked, in words: headlines, several reminders in one, digests, and what became of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.dates import show_date, show_day
from bot.services.clocks import ClockView
from bot.services.digests import Digest
from bot.services.office import Office
from bot.services.supervision import ShareView
from bot.texts import action_cards as cards
from bot.texts.clocks import agenda, agenda_buttons, clock_line, clock_title
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import MOST_BUTTONS, Button, Rows, rows
from bot.texts.supervision import given_line
from storage.tables import EntryNotice

SHOW = "Show"
NOTHING_LEFT = "Nothing is left to do here."
ALL_DONE = "All of this list is done."
_HEADLINES = {
    "action-new": "Your manager has set you an action.",
    "action-acknowledged": "An action that you set was acknowledged.",
    "action-done": "An action that you set is done.",
    "action-due": "An action is due.",
    "request": "A worker asks for your agreement.",
    "decision": "Your manager has answered your request.",
    "handover": "A case is yours now.",
    "roster": "Does everybody in your team still belong there?",
    "visit-check": "Did a visit that was planned take place?",
    "self-deleted": "Somebody of your team has deleted their account here.",
    "event-changed": "An entry on one of your cases was changed.",
}
_MOST_TITLES = 3
_OTHERWISE = "There is something for you."


def show_button(row_id: int) -> Rows:
    """Reveals what a message keeps back."""
    return ((Button(SHOW, f"show:{row_id}"),),)


def headline(kind: str) -> str:
    """What arrived, without a reference."""
    return _HEADLINES.get(kind, _OTHERWISE)


def clocks_headline(views: Sequence[ClockView], today: date, zone: ZoneInfo) -> str:
    """One clock is due tomorrow. 3 clocks: 2 due today, 1 due tomorrow."""
    whens = Counter(_when(view, today, zone) for view in views)
    if len(views) == 1:
        return bold(f"One clock {_is(next(iter(whens)))}.")
    return bold(f"{len(views)} clocks: {', '.join(f'{count} {when}' for when, count in whens.items())}.")


def _is(when: str) -> str:
    return when if when.startswith("ends") else f"is {when}"


def _when(view: ClockView, today: date, zone: ZoneInfo) -> str:
    if view.deadline.due_at is not None:
        at = view.deadline.due_at.astimezone(zone)
        return f"ends {_day(at.date(), today)} at {at:%H:%M}"
    day = view.deadline.do_by if view.deadline.extended_to is None else view.effective
    return "late" if view.effective < today else f"due {_day(max(day, today), today)}"


def _day(day: date, today: date) -> str:
    if day == today:
        return "today"
    return "tomorrow" if day == today + timedelta(days=1) else show_day(day)


def due_headline(views: Sequence[ClockView], shares: Sequence[ShareView], today: date, zone: ZoneInfo) -> str:
    """How many clocks and actions are due, and when."""
    clocks = clocks_headline(views, today, zone) if views else ""
    return lines(clocks, cards.due_headline(shares, today) if shares else "")


def bundle(
    views: Sequence[ClockView], shares: Sequence[ShareView], today: date, zone: ZoneInfo
) -> tuple[str, Rows]:
    """Several reminders in one message, a button each: the clocks, and actions below them."""
    parts = [lines(clocks_headline(views, today, zone), *(clock_line(view, today, zone) for view in views))]
    if shares:
        parts.append(cards.due_lines(shares, today))
    buttons = [
        *(Button(f"{v.case.reference}: {clock_title(v)}"[:60], f"clk:{v.deadline.id}") for v in views),
        *cards.done_each(shares),
    ]
    return "\n\n".join(parts), rows(*buttons[:MOST_BUTTONS])


def digest(found: Digest, zone: ZoneInfo) -> tuple[str, Rows]:
    """The whole morning list."""
    parts = [bold(show_date(found.agenda.today)), away_note(found, zone), agenda(found.agenda, zone)]
    if found.older:
        parts.append(italic(f"{found.older} more overdue for long: /overdue"))
    if found.given:
        parts += [
            bold("Late, and set by you"),
            *(given_line(view, found.agenda.today) for view in found.given[:6]),
        ]
    if found.older_actions:
        parts.append(italic(f"{found.older_actions} more actions overdue for long: /actions"))
    for person, until, theirs in found.covering:
        parts += [bold(f"For {person.name}, away until {show_day(until)}"), agenda(theirs, zone)]
    parts.append(changed_note(found.changed))
    covered = [row for _, _, theirs in found.covering for row in agenda_buttons(theirs)]
    read = rows(
        *(Button(f"Read: {notice.title}"[:60], f"entry:{notice.entry}") for notice in found.changed[:2])
    )
    given = rows(
        *(
            Button(f"{view.worker.name}: {view.action.what}"[:60], f"act:{view.share.id}")
            for view in found.given[:3]
        )
    )
    return lines(*parts), (*agenda_buttons(found.agenda), *given, *covered)[:10] + read


def as_it_stands(text: str, now: datetime, zone: ZoneInfo) -> str:
    """A digest that something was done of since it came."""
    return lines(text, italic(f"As it stands at {now.astimezone(zone):%H:%M}."))


def digest_headline(found: Digest, zone: ZoneInfo) -> str:
    """The morning in counts, without a reference."""
    mine = found.agenda
    counts = (
        (len(mine.overdue) + found.older, "overdue"),
        (len(mine.due_today), "due today"),
        (len(mine.this_week), "this week"),
        (len(mine.actions) + found.older_actions, "from your manager"),
        (len(found.given), "late, and set by you"),
        (sum(len(theirs.overdue) + len(theirs.due_today) for _, _, theirs in found.covering), "as cover"),
    )
    said = " · ".join(f"{count} {what}" for count, what in counts if count)
    return lines(bold(show_date(mine.today)), away_note(found, zone), said, changed_note(found.changed))


def changed_note(changed: Sequence[EntryNotice]) -> str:
    """Which guidance says something else now; empty where none does."""
    if not changed:
        return ""
    titles = ", ".join(f"“{notice.title}”" for notice in changed[:_MOST_TITLES])
    more = f" and {len(changed) - _MOST_TITLES} more" if len(changed) > _MOST_TITLES else ""
    return f"{bold('Guidance that you use has changed:')} {esc(titles + more)}."


def away_note(found: Digest, zone: ZoneInfo) -> str:
    """That the bot was off, and what passed meanwhile; empty where nothing did."""
    if found.away is None or not found.away[2]:
        return ""
    since, until, count = found.away
    passed = "One reminder passed" if count == 1 else f"{count} reminders passed"
    return italic(
        f"I was away from {_moment(since, zone)} to {_moment(until, zone)}. "
        f"{passed} meanwhile; what still stands is in this list. Nothing was lost."
    )


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{show_day(local.date())}, {local:%H:%M}"


def closed(views: Sequence[ClockView], *, discreet: bool) -> str:
    """What became of the clocks that a message was about."""
    return lines(*(_closed(view, discreet) for view in views))


def _closed(view: ClockView, discreet: bool) -> str:
    about = clock_title(view) if discreet else f"{view.case.reference}: {clock_title(view)}"
    on = f" on {show_day(view.deadline.closed_on)}" if view.deadline.closed_on is not None else ""
    became = {"ended": "ended", "not-needed": "Not needed"}.get(view.deadline.state, "Done").capitalize()
    return f"✓ {became}{on}: {esc(about)}"


def forgotten(sent_at: datetime | None, office: Office) -> str:
    """In the place of a message whose time is over: when it came, and no reference."""
    day = f" of {show_date(office.today(sent_at))}" if sent_at is not None else ""
    lasts = office.notice.retention.lasts("references")
    return italic(
        f"A reminder{day}. Case references leave old messages after {lasts}; /today has what stands."
    )


def reference_gone(office: Office) -> str:
    """In the place of an answer, or of a long message's later part, whose time is over."""
    lasts = office.notice.retention.lasts("references")
    return italic(f"Case references leave old messages after {lasts}; /cases and /today have what stands.")


def action_closed(view: ShareView, done_on: date, *, discreet: bool) -> str:
    """What became of the action that a message was about."""
    what = "" if discreet else f": {esc(view.action.what)}"
    return f"✓ Done on {show_day(done_on)}{what or '.'}"
