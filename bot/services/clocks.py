"""Keeps a case's clocks in step with its events, and its reminders in step with its clocks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.calendar import HolidaysUnknown
from bot.rules.deadlines import DueDate, day_of, due_date
from bot.rules.errors import Refusal
from bot.rules.pathway import CaseClock, Happened, LocalLimits, case_clocks, running_limits
from bot.rules.timescales import Limit, Timescale
from bot.services.office import Office
from storage import bulk, cases, outbox
from storage.tables import Case, CaseEvent, Deadline

DAY_BEFORE_AT = time(14)
ON_THE_DAY_AT = time(9)
_HOURS_BEFORE = (24, 4, 1)
PLANNED_VISITS = ("cp-visit", "cin-visit")
"""Visits whose frequency a plan may set."""
BY_HAND = ("done", "not-needed")
"""States that a person set; events no longer change them."""
Key = tuple[str, str, int]


@dataclass(frozen=True)
class ClockView:
    """A kept clock with the rule and the sum behind it. row and due are None for a rule since removed."""

    deadline: Deadline
    case: Case
    row: Timescale | None
    due: DueDate | None

    @property
    def ours(self) -> bool:
        """False where somebody else must act: for information, never the worker's lateness."""
        return self.row is None or self.row.actor == "council"

    @property
    def local(self) -> bool:
        """True where the number is the council's own."""
        return self.row is not None and self.due is not None and self.due.limit not in self.row.limits

    @property
    def effective(self) -> date:
        """The day that counts: the agreed later one where there is one."""
        return self.deadline.extended_to or self.deadline.due_on


@dataclass
class Changes:
    """What an event did to the clocks of its case."""

    opened: list[ClockView] = field(default_factory=list)
    met: list[ClockView] = field(default_factory=list)
    ended: list[ClockView] = field(default_factory=list)


def happened(event: CaseEvent) -> Happened:
    """The kept event as the rules see it."""
    assert event.id is not None
    return Happened(event.id, event.kind, event.happened_on, event.happened_at, event.detail)


@dataclass(frozen=True)
class Difference:
    """What deriving a case's clocks anew changes: rows to add, and what that opens and closes."""

    case: Case
    fresh: list[Deadline] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    orphans: list[Deadline] = field(default_factory=list)
    """Clocks that were open and whose start doesn't stand any more."""


async def recompute(session: AsyncSession, office: Office, case: Case, now: datetime) -> Changes:
    """Derives every clock of the case anew and keeps the difference; Refusal where one can't be counted."""
    assert case.id is not None
    events = await cases.events_of_case(session, case.id)
    derived = derive(office, case, map(happened, events))
    kept = await cases.deadlines_of_case(session, case.id)
    found = difference(case, derived, kept, office.today(now))
    await keep(session, office, [found], now)
    for orphan in found.orphans:
        found.changes.ended.append(await view(session, office, orphan, case))
    return found.changes


def derive(office: Office, case: Case, events: Iterable[Happened]) -> list[CaseClock]:
    """Every clock that follows from what happened; Refusal where one can't be counted."""
    book, local = office.library.book, local_limits(office, case)
    try:
        return case_clocks(events, book, local, office.calendar, office.zone)
    except HolidaysUnknown as unknown:
        raise Refusal(str(unknown)) from None


def difference(case: Case, derived: Iterable[CaseClock], kept: Iterable[Deadline], today: date) -> Difference:
    """Brings the kept clocks up to what is derived, without asking the database anything."""
    before = {_key(deadline): deadline for deadline in kept}
    found = Difference(case)
    for clock in derived:
        _bring_up(found, clock, before.pop(_clock_key(clock), None))
    for orphan in before.values():
        if orphan.state == "open":
            orphan.state, orphan.closed_on = "ended", today
            found.orphans.append(orphan)
    return found


async def keep(
    session: AsyncSession, office: Office, differences: Sequence[Difference], now: datetime
) -> None:
    """Writes the differences of any number of cases, and plans and cancels reminders to match."""
    fresh = [deadline for found in differences for deadline in found.fresh]
    for deadline, new_id in zip(fresh, await bulk.reserve_ids(session, Deadline, len(fresh)), strict=True):
        deadline.id = new_id
    session.add_all(fresh)
    await session.flush()
    touched = [deadline for found in differences for deadline in _whose_reminders_go(found)]
    await outbox.cancel_all(session, "clock", _ids(touched), "clock closed or moved", now)
    await outbox.plan_all(
        session,
        [
            message
            for found in differences
            for shown in found.changes.opened
            for message in _reminders(office, shown.deadline, found.case, now)
        ],
    )


def _whose_reminders_go(found: Difference) -> Iterator[Deadline]:
    fresh = {id(deadline) for deadline in found.fresh}
    changes = found.changes
    for shown in (*changes.opened, *changes.met, *changes.ended):
        if id(shown.deadline) not in fresh:
            yield shown.deadline
    yield from found.orphans


def _ids(deadlines: Iterable[Deadline]) -> list[int]:
    return [deadline.id for deadline in deadlines if deadline.id is not None]


def local_limits(office: Office, case: Case) -> LocalLimits:
    """The council's limits, with the plan's own visiting frequency where it sets one."""
    if case.visit_days is None:
        return office.library.local
    own = Limit(amount=case.visit_days, unit="working-days")
    return {**office.library.local, **dict.fromkeys(PLANNED_VISITS, own)}


def _key(deadline: Deadline) -> Key:
    return deadline.timescale_id, deadline.part, deadline.start_event_id


def _clock_key(clock: CaseClock) -> Key:
    return clock.timescale.id, clock.limit.key, clock.start.id


def _bring_up(found: Difference, clock: CaseClock, deadline: Deadline | None) -> None:
    before = deadline.state if deadline is not None else "none"
    if before in BY_HAND:
        return
    due = clock.due
    do_by = day_of(due.do_by) if due.do_by is not None else due.last_day
    if deadline is None:
        deadline = Deadline(
            case_id=found.case.id or 0,  # 0 only for a case that is looked at and not yet written
            timescale_id=clock.timescale.id,
            part=clock.limit.key,
            start_event_id=clock.start.id,
            due_on=due.last_day,
            do_by=do_by,
        )
        found.fresh.append(deadline)
    moved = deadline.due_on != due.last_day
    deadline.due_on, deadline.do_by = due.last_day, do_by
    deadline.due_at = due.due if isinstance(due.due, datetime) else None
    deadline.state, deadline.closed_on = clock.state, clock.closed_on
    shown = ClockView(deadline, found.case, clock.timescale, due)
    if clock.state == "open" and (before != "open" or moved):
        found.changes.opened.append(shown)
    elif clock.state != "open" and before == "open":
        (found.changes.met if clock.state == "met" else found.changes.ended).append(shown)


async def view(
    session: AsyncSession, office: Office, deadline: Deadline, case: Case | None = None
) -> ClockView:
    """A kept clock with its rule and sum."""
    case = case or await cases.case_by_id(session, deadline.case_id)
    event = await cases.event_by_id(session, deadline.start_event_id)
    assert case is not None
    assert event is not None
    return view_of(office, deadline, case, event)


def view_of(office: Office, deadline: Deadline, case: Case, start: CaseEvent) -> ClockView:
    """A kept clock with its rule and sum, where its case and the event that started it are at hand."""
    row = office.library.book.find(deadline.timescale_id)
    limit = _limit(office, case, row, deadline.part) if row is not None else None
    if row is None or limit is None:
        return ClockView(deadline, case, row, None)
    due = due_date(limit, happened(start).start, office.calendar, office.zone)
    return ClockView(deadline, case, row, due)


def _limit(office: Office, case: Case, row: Timescale, part: str) -> Limit | None:
    limits = running_limits(row, local_limits(office, case))
    return next((limit for limit in limits if limit.key == part), None)


def reminder_moments(office: Office, deadline: Deadline) -> list[tuple[str, datetime]]:
    """When a clock speaks up: the working day before and the day; hours before, for clocks in hours."""
    if deadline.due_at is not None:
        return [(f"{hours}h", deadline.due_at - timedelta(hours=hours)) for hours in _HOURS_BEFORE]
    last, do_by = deadline.extended_to or deadline.due_on, _do_by(office, deadline)
    before = _working_day_before(office, do_by)
    moments = [("before", office.at(before, DAY_BEFORE_AT)), ("day", office.at(do_by, ON_THE_DAY_AT))]
    if last != do_by:
        moments.append(("last", office.at(last, ON_THE_DAY_AT)))
    return moments


def _do_by(office: Office, deadline: Deadline) -> date:
    if deadline.extended_to is None:
        return deadline.do_by
    try:
        return office.calendar.on_or_before(deadline.extended_to)
    except HolidaysUnknown:
        return deadline.extended_to


def _working_day_before(office: Office, day: date) -> date:
    try:
        return office.calendar.back(day, 1)
    except HolidaysUnknown:
        return day - timedelta(days=1)


async def plan_reminders(
    session: AsyncSession, office: Office, deadline: Deadline, case: Case, now: datetime
) -> list[date]:
    """Plans the reminders still ahead; returns their days."""
    planned = await outbox.plan_all(session, list(_reminders(office, deadline, case, now)))
    return [office.today(message.not_before) for message in planned]


def _reminders(office: Office, deadline: Deadline, case: Case, now: datetime) -> Iterator[outbox.Unasked]:
    """The reminders still ahead.

    None for a case without a worker, nor for a clock that binds somebody else.
    """
    row = office.library.book.find(deadline.timescale_id)
    if case.worker_id is None or row is None or row.actor != "council":
        return
    assert deadline.id is not None
    last = deadline.extended_to or deadline.due_on
    for stage, moment in reminder_moments(office, deadline):
        if moment > now:
            yield outbox.Unasked(
                person_id=case.worker_id,
                kind="clock",
                subject_id=deadline.id,
                key=f"clock:{deadline.id}:{case.worker_id}:{last}:{stage}",
                not_before=moment,
            )


async def planned_days(session: AsyncSession, office: Office, deadline: Deadline) -> list[date]:
    """The days on which this clock will speak up."""
    assert deadline.id is not None
    return [office.today(row.not_before) for row in await outbox.planned_about(session, "clock", deadline.id)]
