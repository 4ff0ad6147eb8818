"""What happened on a case in, every clock that follows out: one pure function."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.rules.calendar import WorkCalendar
from bot.rules.deadlines import DueDate, Moment, NeedsCalendarOfSchool, add_months, due_date, sealed_end
from bot.rules.events import EVENTS, NO_CONFERENCE, NO_PLAN, NO_S47
from bot.rules.timescales import Force, Limit, Runs, Timescale, TimescaleBook

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
    ends: Moment | None = None
    """The end of the order, as the sealed order says."""

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
    instead_of: tuple[str, ...] = ()
    """Titles of less strict rules that this one stands before."""


def case_clocks(
    events: Iterable[Happened],
    book: TimescaleBook,
    local: LocalLimits,
    calendar: WorkCalendar,
    zone: ZoneInfo,
) -> list[CaseClock]:
    """Every clock of a case, in order of due date; raises HolidaysUnknown where one can't be counted.

    Where two rules overlap, the stricter speaks and names the other.
    """
    history = sorted(events, key=lambda event: (event.day, event.id))
    clocks = [clock for row in book.rows for clock in _row_clocks(row, history, local, calendar, zone)]
    ordered = sorted(clocks, key=lambda clock: (clock.due.last_day, clock.timescale.id))
    return _stricter_only(ordered)


def _stricter_only(clocks: list[CaseClock]) -> list[CaseClock]:
    """Leaves out an open clock where a stricter rule's clock is open and ends no later."""
    kept: list[CaseClock] = []
    beaten: dict[int, list[str]] = {}
    for clock in clocks:
        by = _beaten_by(clock, clocks)
        if by is None:
            kept.append(clock)
        else:
            beaten.setdefault(id(by), []).append(clock.timescale.title)
    return [replace(clock, instead_of=tuple(beaten.get(id(clock), ()))) for clock in kept]


def _beaten_by(clock: CaseClock, clocks: list[CaseClock]) -> CaseClock | None:
    if clock.state != "open":
        return None
    for other in clocks:
        stricter = clock.timescale.id in other.timescale.stricter_than and other.state == "open"
        if stricter and other.due.last_day <= clock.due.last_day:
            return other
    return None


def running_limits(row: Timescale, local: LocalLimits) -> tuple[Limit, ...]:
    """The limits that may run as a clock on a case: the council's own, or else the national ones.

    None for rules that are not in force, are only remembered, or measure performance; and no part
    that counts from something else than the row's own start, unless it says when it runs. Rules that
    bind others (a court, the police) run too, so that a worker knows when to expect or chase something.
    """
    own = local.get(row.id)
    if own is None and (row.status != "in force" or row.verified == "memory" or row.force is Force.INDICATOR):
        return ()
    limits = row.limits if own is None else (replace(own, runs=own.runs or _example_runs(row)),)
    kind = EVENTS.get(row.trigger)
    direction = "before" if kind is not None and kind.ahead else "after"
    return tuple(
        limit
        for limit in limits
        if limit.direction == direction
        and not limit.least
        and (limit.runs is not None or (row.trigger and not limit.starts))
    )


def _example_runs(row: Timescale) -> Runs | None:
    """When a council's own number runs: as the row's examples say."""
    return next((example.limit.runs for example in row.examples if example.limit.runs is not None), None)


def _row_clocks(
    row: Timescale, history: list[Happened], local: LocalLimits, calendar: WorkCalendar, zone: ZoneInfo
) -> Iterator[CaseClock]:
    sealed = [event for event in history if event.kind == row.sealed_end_of and event.ends is not None]
    yield from _sealed(row, sealed, history, calendar, zone)
    for limit in running_limits(row, local):
        for start in _starts(row, limit, history):
            if any(
                order == start or (order.kind != start.kind and order.day >= start.day) for order in sealed
            ):
                continue
            try:
                due = due_date(limit, start.start, calendar, zone)
            except NeedsCalendarOfSchool:
                continue
            state, closed_on = _outcome(row, limit, start, history)
            yield CaseClock(row, limit, start, due, state, closed_on)


def _sealed(
    row: Timescale, orders: list[Happened], history: list[Happened], calendar: WorkCalendar, zone: ZoneInfo
) -> Iterator[CaseClock]:
    """Where an order's own end is known, it speaks, whatever a sum would give."""
    for order in orders:
        assert order.ends is not None
        due = sealed_end(order.ends, order.day, calendar, zone)
        state, closed_on = _outcome(row, due.limit, order, history)
        yield CaseClock(row, due.limit, order, due, state, closed_on)


def _starts(row: Timescale, limit: Limit, history: list[Happened]) -> list[Happened]:
    if limit.runs is not None:
        return list(_runs(limit.runs, history))
    if row.occurrence == "began-s47":
        return list(_discussions_that_began_s47(history))
    triggers = (row.trigger, *row.other_triggers)
    starts = [event for event in history if event.kind in triggers and event.detail != NO_PLAN]
    return starts[:1] if row.occurrence == "first" else starts


def _runs(runs: Runs, history: list[Happened]) -> Iterator[Happened]:
    """The events that start the limit: within its span, and in its months."""
    since: dict[str, date] = {}

    def what_ends_first(event: Happened) -> tuple[date, bool, int]:
        """On one day, what ends a span comes before what begins the next."""
        return event.day, event.kind not in runs.until, event.id

    for event in sorted(history, key=what_ends_first):
        if any(event.means(kind) for kind in runs.until):
            since.clear()
        if event.kind in runs.after and event.detail != NO_PLAN:
            since[event.kind] = event.day
        if event.kind in runs.starts and event.detail != NO_PLAN and set(runs.after) <= set(since):
            anchor = max(since.values(), default=event.day)
            first = add_months(anchor, runs.from_month, beginning=False)
            last = None if runs.to_month is None else add_months(anchor, runs.to_month, beginning=False)
            if first <= event.day and (last is None or event.day < last):
                yield event


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


def _outcome(
    row: Timescale, limit: Limit, start: Happened, history: list[Happened]
) -> tuple[ClockState, date | None]:
    until = limit.runs.until if limit.runs is not None else ()
    for event in history:
        same_day_repeat = event.day == start.day and event.kind == start.kind
        too_early = event.day < start.day and not EVENTS[start.kind].ahead
        if event.id == start.id or too_early or same_day_repeat:
            continue
        if any(event.means(kind) for kind in row.ended_by):
            return "met", event.day
        ends = (*row.cancelled_by, *(until if event.day > start.day else ()), "case-closed")
        if any(event.means(kind) for kind in ends):
            return "ended", event.day
    return "open", None
