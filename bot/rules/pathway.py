"""What happened on a case in, every clock that follows out: one pure function."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.rules.calendar import WorkCalendar
from bot.rules.deadlines import DueDate, Moment, NeedsCalendarOfSchool, due_date
from bot.rules.events import EVENTS, NO_CONFERENCE, NO_PLAN, NO_S47
from bot.rules.timescales import Force, Limit, Timescale, TimescaleBook

ClockState = Literal["open", "met", "ended"]
LocalLimits = Mapping[str, Limit]
"""The council's own limits by timescale id, from its overlay."""


@dataclass(frozen=True)
class Happened:
    """One event on a case. detail changes its meaning (see bot.rules.events)."""

    id: int
    kind: str
    day: date
    moment: datetime | None = None
    detail: str = ""

    @property
    def start(self) -> Moment:
        """The most exact start that is known."""
        return self.moment or self.day

    def means(self, kind: str) -> bool:
        """True for its own kind, and for "kind:detail" where it has that detail."""
        return kind in (self.kind, f"{self.kind}:{self.detail}")


@dataclass(frozen=True)
class CaseClock:
    """A clock that an event started: open, met by an event, or ended by one that makes it pointless."""

    timescale: Timescale
    limit: Limit
    start: Happened
    due: DueDate
    state: ClockState
    closed_on: date | None = None


def case_clocks(
    events: Iterable[Happened],
    book: TimescaleBook,
    local: LocalLimits,
    calendar: WorkCalendar,
    zone: ZoneInfo,
) -> list[CaseClock]:
    """Every clock of a case, in order of due date; raises HolidaysUnknown where one can't be counted."""
    history = sorted(events, key=lambda event: (event.day, event.id))
    clocks = [
        clock
        for row in book.rows
        if row.trigger
        for clock in _row_clocks(row, history, local, calendar, zone)
    ]
    return sorted(clocks, key=lambda clock: (clock.due.last_day, clock.timescale.id))


def running_limits(row: Timescale, local: LocalLimits) -> tuple[Limit, ...]:
    """The limits that may run as a clock on a case: the council's own, or else the national ones.

    A part that counts from something else than the row's own start does not run.

    None for rules that are not in force, are only remembered, or measure performance. Rules that bind
    others (a court, the police) run too, so that a worker knows when to expect or chase something.
    """
    own = local.get(row.id)
    runs = own is not None or (
        row.status == "in force" and row.verified != "memory" and row.force is not Force.INDICATOR
    )
    limits = (own,) if own is not None else row.limits
    kind = EVENTS.get(row.trigger)
    direction = "before" if kind is not None and kind.ahead else "after"
    fitting = (
        limit for limit in limits if limit.direction == direction and not (limit.starts or limit.least)
    )
    return tuple(fitting) if runs else ()


def _row_clocks(
    row: Timescale, history: list[Happened], local: LocalLimits, calendar: WorkCalendar, zone: ZoneInfo
) -> Iterator[CaseClock]:
    limits = running_limits(row, local)
    if not limits:
        return
    for start in _starts(row, history):
        state, closed_on = _outcome(row, start, history)
        for limit in limits:
            try:
                due = due_date(limit, start.start, calendar, zone)
            except NeedsCalendarOfSchool:
                continue
            yield CaseClock(row, limit, start, due, state, closed_on)


def _starts(row: Timescale, history: list[Happened]) -> list[Happened]:
    if row.occurrence == "began-s47":
        return list(_discussions_that_began_s47(history))
    starts = [event for event in history if event.kind == row.trigger and event.detail != NO_PLAN]
    return starts[:1] if row.occurrence == "first" else starts


def _discussions_that_began_s47(history: list[Happened]) -> Iterator[Happened]:
    """The strategy discussion at which each section 47 enquiry was begun: never a later one.

    Source: Working Together 2023, chapter 3, page 92. Where nobody has said at which discussion the
    enquiry was begun, the first one counts: the earlier, safer date. A conference, or a decision
    that none is needed, ends the enquiry; a discussion after that may begin another.
    """
    discussions: list[Happened] = []
    begun: Happened | None = None
    for event in history:
        if event.kind == "strategy-discussion-held" and event.detail != NO_S47:
            discussions.append(event)
        elif event.kind == "s47-started" and begun is None:
            begun = discussions[-1] if discussions else event
        elif event.kind == "icpc-held" or event.means(f"s47-outcome:{NO_CONFERENCE}"):
            yield from _first(begun, discussions)
            discussions, begun = [], None
    yield from _first(begun, discussions)


def _first(begun: Happened | None, discussions: list[Happened]) -> list[Happened]:
    return [begun] if begun else discussions[:1]


def _outcome(row: Timescale, start: Happened, history: list[Happened]) -> tuple[ClockState, date | None]:
    for event in history:
        same_day_repeat = event.day == start.day and event.kind == start.kind
        too_early = event.day < start.day and not EVENTS[start.kind].ahead
        if event.id == start.id or too_early or same_day_repeat:
            continue
        if any(event.means(kind) for kind in row.ended_by):
            return "met", event.day
        if any(event.means(kind) for kind in (*row.cancelled_by, "case-closed")):
            return "ended", event.day
    return "open", None
