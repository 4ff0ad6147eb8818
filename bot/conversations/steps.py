"""Steps that several flows share: which case, which day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.conversations.engine import Draft, Step, Talk
from bot.rules.dates import ACCEPTED, parse_moment, parse_time, show_date, show_day
from bot.rules.events import EVENTS, EventKind
from bot.rules.supervision import check_due
from bot.services import casework, happenings
from bot.texts.html import bold
from bot.texts.reply import Button, Say, rows
from storage import cases

_MOST_CASES = 8


async def _ask_case(talk: Talk, _draft: Draft) -> Say:
    open_cases = await cases.open_cases(talk.session, casework.scope_of(talk.person))
    due: dict[int, date] = {}
    for deadline, case in await cases.open_deadlines(talk.session, casework.scope_of(talk.person)):
        due.setdefault(case.id or 0, deadline.due_on)
    today = talk.office.today(talk.now)
    ordered = sorted(open_cases, key=lambda case: (due.get(case.id or 0, date.max), case.reference))
    buttons = [
        talk.choice(_with_due(case.reference, due.get(case.id or 0), today), case.reference)
        for case in ordered[:_MOST_CASES]
    ]
    if not buttons:
        return Say("You have no open cases yet. Type a reference to add one, like CP-1042.")
    return Say(bold("Which case?") + " Tap one, or type its reference.", rows(*buttons, wide=2))


def _with_due(reference: str, due: date | None, today: date) -> str:
    if due is None:
        return reference
    if due < today:
        return f"{reference} · overdue"
    return f"{reference} · due {'today' if due == today else show_day(due)}"


async def _take_case(talk: Talk, _draft: Draft, given: str) -> str:
    case = await casework.find_case(talk.session, talk.office, talk.person, given)
    return case.reference


async def _take_case_or_add(talk: Talk, draft: Draft, given: str) -> str:
    """As _take_case, but a reference not yet known is added to the person's cases."""
    reference = talk.office.references.parse(given)
    if await cases.case_by_reference(talk.session, reference) is None:
        case = await casework.new_case(talk.session, talk.office, talk.person, given, talk.now)
        talk.hints.append(f"I've added {bold(case.reference)} to your cases.")
        return case.reference
    return await _take_case(talk, draft, given)


def which_case(*, may_add: bool = False) -> Step:
    """A case within the person's reach, by button or reference."""
    return Step("case", _ask_case, _take_case_or_add if may_add else _take_case)


def day_buttons(talk: Talk) -> tuple[tuple[Button, ...], ...]:
    """Today, yesterday and the two days before."""
    today = talk.office.today(talk.now)
    older = [today - timedelta(days=n) for n in (2, 3)]
    return (
        (talk.choice("Today", "today"), talk.choice("Yesterday", "yesterday")),
        tuple(talk.choice(show_day(day), day.isoformat()) for day in older),
    )


def which_day(question: str = "When?") -> Step:
    """A day (and, if typed, a clock time) on which something happened.

    In the future only for an event whose date is fixed beforehand, such as a hearing.
    """

    async def ask(talk: Talk, draft: Draft) -> Say:
        if _ahead(talk, draft):
            return Say(f"{bold(question)} Type a date like 11/12 or 11 Dec 2026.")
        return Say(f"{bold(question)} Tap one, or type a date: {ACCEPTED}.", day_buttons(talk))

    async def take(talk: Talk, draft: Draft, given: str) -> str:
        today, ahead = talk.office.today(talk.now), _ahead(talk, draft)
        day, clock = parse_moment(given, today, "future" if ahead is not None else "past")
        moment = talk.office.at(day, clock) if clock is not None else None
        if ahead is not None:
            happenings.check_day(ahead, day, today, moment, talk.now)
        else:
            happenings.check_happened(day, today, moment, talk.now)
        return (moment or day).isoformat()

    return Step("day", ask, take)


def _ahead(talk: Talk, draft: Draft) -> EventKind | None:
    """The event that the flow is about, where its date is fixed beforehand."""
    row = talk.office.library.book.find(str(draft.get("timescale", "")))
    kind = EVENTS.get(str(draft.get("kind") or (row.trigger if row is not None else "")))
    return kind if kind is not None and kind.ahead else None


def _needs_time(draft: Draft) -> bool:
    """Hours count from some events: a day alone would be too coarse."""
    kind = EVENTS.get(str(draft.get("kind")))
    return kind is not None and kind.clock_time and "T" not in str(draft.get("day"))


async def _ask_time(_talk: Talk, _draft: Draft) -> Say:
    return Say(bold("At what time?") + " Hours count from it. Like 14:30.")


async def _take_time(talk: Talk, draft: Draft, given: str) -> str:
    day, _ = kept_day(str(draft["day"]))
    moment = talk.office.at(day, parse_time(given))
    happenings.check_happened(day, talk.office.today(talk.now), moment, talk.now)
    return moment.isoformat()


def what_time() -> Step:
    """The clock time, asked of an event from which hours count, where only a day was given."""
    return Step("time", _ask_time, _take_time, _needs_time)


def kept_day(kept: str) -> tuple[date, datetime | None]:
    """What which_day kept: the day and, where one was given, the moment."""
    if "T" in kept:
        moment = datetime.fromisoformat(kept)
        return moment.date(), moment
    return date.fromisoformat(kept), None


def by_day_buttons(talk: Talk) -> tuple[tuple[Button, ...], ...]:
    """The next two Fridays that are working days or the day before them, and a fortnight on."""
    today = talk.office.today(talk.now)
    friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    days = [talk.office.speaking.on_or_before(friday + timedelta(weeks=n)) for n in (0, 1, 2)]
    return (tuple(talk.choice(show_day(day), day.isoformat()) for day in dict.fromkeys(days) if day > today),)


def by_when(key: str, question: str, needed: Callable[[Draft], bool] = lambda _draft: True) -> Step:
    """A day to come, by which something is due or on which it is."""

    async def ask(talk: Talk, _draft: Draft) -> Say:
        return Say(f"{bold(question)} Tap one, or type a date like 11/12.", by_day_buttons(talk))

    async def take(talk: Talk, _draft: Draft, given: str) -> str:
        return check_due(given, talk.office.today(talk.now)).isoformat()

    return Step(key, ask, take, needed)


def shown(kept: str) -> str:
    """A kept day as it is shown."""
    return show_date(kept_day(kept)[0])
