"""What deriving a case's clocks anew changes on the kept ones: pure, on rows in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.rules.calendar import HolidaysUnknown
from bot.rules.deadlines import day_of
from bot.rules.errors import Refusal
from bot.rules.pathway import CaseClock, Happened, LocalLimits, case_clocks
from bot.rules.timescales import Limit
from bot.services.office import Office
from storage.tables import Case, Deadline

PLANNED_VISITS = ("cp-visit", "cin-visit")
"""Visits whose frequency a plan may set."""
BY_HAND = ("done", "not-needed")
"""States that a person set; events no longer change them."""
Key = tuple[str, str, int]
Pair = tuple[Deadline, CaseClock]


@dataclass(frozen=True)
class Difference:
    """The kept clocks that opened, were met or ended, each with what was derived.

    fresh: rows to add. orphans: clocks that were open and whose start doesn't stand any more.
    """

    case: Case
    fresh: list[Deadline] = field(default_factory=list)
    opened: list[Pair] = field(default_factory=list)
    met: list[Pair] = field(default_factory=list)
    ended: list[Pair] = field(default_factory=list)
    orphans: list[Deadline] = field(default_factory=list)

    def silenced(self) -> Iterator[Deadline]:
        """The clocks whose planned reminders no longer hold."""
        fresh = {id(deadline) for deadline in self.fresh}
        for deadline, _clock in (*self.opened, *self.met, *self.ended):
            if id(deadline) not in fresh:
                yield deadline
        yield from self.orphans


def local_limits(office: Office, case: Case) -> LocalLimits:
    """The council's limits, with the plan's own visiting frequency where it sets one."""
    if case.visit_days is None:
        return office.library.local
    own = Limit(amount=case.visit_days, unit="working-days")
    return {**office.library.local, **dict.fromkeys(PLANNED_VISITS, own)}


def derive(office: Office, case: Case, events: Iterable[Happened]) -> list[CaseClock]:
    """Every clock that follows from what happened; Refusal where one can't be counted."""
    book, local = office.library.book, local_limits(office, case)
    try:
        return case_clocks(events, book, local, office.calendar, office.zone)
    except HolidaysUnknown as unknown:
        raise Refusal(str(unknown)) from None


def difference(case: Case, derived: Iterable[CaseClock], kept: Iterable[Deadline], today: date) -> Difference:
    """Brings the kept clocks up to what is derived, without asking the database anything."""
    before = {(deadline.timescale_id, deadline.part, deadline.start_event_id): deadline for deadline in kept}
    found = Difference(case)
    for clock in derived:
        deadline = before.pop(_key(clock), None)
        if deadline is None:
            _begin(found, clock)
        elif deadline.state not in BY_HAND:
            _bring_up(found, deadline, clock)
    for orphan in before.values():
        if orphan.state == "open":
            orphan.state, orphan.closed_on = "ended", today
            found.orphans.append(orphan)
    return found


def _key(clock: CaseClock) -> Key:
    return clock.timescale.id, clock.limit.key, clock.start.id


def _begin(found: Difference, clock: CaseClock) -> None:
    deadline = Deadline(
        case_id=found.case.id or 0,  # 0 only for a case that is looked at and not yet written
        timescale_id=clock.timescale.id,
        part=clock.limit.key,
        start_event_id=clock.start.id,
        due_on=clock.due.last_day,
        due_at=_due_at(clock),
        do_by=_do_by(clock),
        state=clock.state,
        closed_on=clock.closed_on,
    )
    found.fresh.append(deadline)
    if clock.state == "open":
        found.opened.append((deadline, clock))


def _bring_up(found: Difference, deadline: Deadline, clock: CaseClock) -> None:
    before, moved = deadline.state, deadline.due_on != clock.due.last_day
    deadline.due_on, deadline.due_at, deadline.do_by = clock.due.last_day, _due_at(clock), _do_by(clock)
    deadline.state, deadline.closed_on = clock.state, clock.closed_on
    if clock.state == "open":
        if before != "open" or moved:
            found.opened.append((deadline, clock))
    elif before == "open":
        (found.met if clock.state == "met" else found.ended).append((deadline, clock))


def _due_at(clock: CaseClock) -> datetime | None:
    return clock.due.due if isinstance(clock.due.due, datetime) else None


def _do_by(clock: CaseClock) -> date:
    return day_of(clock.due.do_by) if clock.due.do_by is not None else clock.due.last_day
