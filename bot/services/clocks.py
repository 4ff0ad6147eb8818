"""Keeps a case's clocks in step with its events, and its reminders in step with its clocks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.calendar import HolidaysUnknown
from bot.rules.deadlines import DueDate, due_date, sealed_end
from bot.rules.pathway import Happened, running_limits
from bot.rules.reminding import Rung, Times, day_rungs, day_stages, hours_rungs, hours_stages
from bot.rules.timescales import Limit, Timescale
from bot.services.differences import Difference, Pair, derive, difference, local_limits
from bot.services.hours import times_of
from bot.services.office import Office
from bot.services.recalling import recall, recall_lists_of
from storage import bulk, cases, hearing, outbox
from storage.ladders import Shape, last_day
from storage.tables import Case, CaseEvent, Deadline, Person

ON_THE_DAY_AT = time(9)


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
        if self.row is None or self.due is None or self.due.sealed:
            return False
        return self.due.limit not in self.row.limits

    @property
    def effective(self) -> date:
        """The day that counts: the agreed later one where there is one."""
        return last_day(self.deadline)


@dataclass
class Changes:
    """What an event did to the clocks of its case."""

    opened: list[ClockView] = field(default_factory=list)
    met: list[ClockView] = field(default_factory=list)
    ended: list[ClockView] = field(default_factory=list)


def happened(event: CaseEvent) -> Happened:
    """The kept event as the rules see it."""
    assert event.id is not None
    ends = event.ends_at or event.ends_on
    return Happened(event.id, event.kind, event.happened_on, event.happened_at, event.detail, ends)


async def recompute(session: AsyncSession, office: Office, case: Case, now: datetime) -> Changes:
    """Derives every clock of the case anew and keeps the difference; Refusal where one can't be counted."""
    assert case.id is not None
    events = await cases.events_of_case(session, case.id)
    derived = derive(office, case, map(happened, events))
    kept = await cases.deadlines_of_case(session, case.id)
    found = difference(case, derived, kept, office.today(now))
    await keep(session, office, [found], now)
    orphans = [await view(session, office, orphan, case) for orphan in found.orphans]
    return Changes(
        opened=[_shown(case, pair) for pair in found.opened],
        met=[_shown(case, pair) for pair in found.met],
        ended=[*(_shown(case, pair) for pair in found.ended), *orphans],
    )


def _shown(case: Case, pair: Pair) -> ClockView:
    deadline, clock = pair
    return ClockView(deadline, case, clock.timescale, clock.due)


async def keep(
    session: AsyncSession, office: Office, differences: Sequence[Difference], now: datetime
) -> None:
    """Writes the differences of any number of cases, and plans and cancels reminders to match."""
    fresh = [deadline for found in differences for deadline in found.fresh]
    for deadline, new_id in zip(fresh, await bulk.reserve_ids(session, Deadline, len(fresh)), strict=True):
        deadline.id = new_id
    session.add_all(fresh)
    await session.flush()
    silenced = [deadline.id or 0 for found in differences for deadline in found.silenced()]
    await outbox.cancel_all(session, "clock", silenced, "clock closed or moved", now)
    await recall(session, office, "clock", silenced, now)
    today = office.today(now)
    listed = ((found.case, day) for found in differences for day in _days_listed(found, today))
    await recall_lists_of(session, office, listed, now)
    known = await times_of(session, office, {found.case.worker_id for found in differences})
    reminders = [
        message
        for found in differences
        for deadline, _clock in found.opened
        for message in _reminders(office, deadline, found.case, known, now)
    ]
    await outbox.plan_all(session, reminders)


def _days_listed(found: Difference, today: date) -> Iterator[date]:
    """The days by which digests may list what is silenced: a moved clock's former day is gone, so today."""
    moved = {deadline.id for deadline, _clock in found.opened}
    for deadline in found.silenced():
        yield today if deadline.id in moved else last_day(deadline)


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
    order = happened(start)
    if row is not None and row.sealed_end_of == order.kind and order.ends is not None:
        return ClockView(deadline, case, row, sealed_end(order.ends, order.day, office.calendar, office.zone))
    limit = _limit(office, case, row, deadline.part) if row is not None else None
    if row is None or limit is None:
        return ClockView(deadline, case, row, None)
    due = due_date(limit, order.start, office.calendar, office.zone)
    return ClockView(deadline, case, row, due)


def _limit(office: Office, case: Case, row: Timescale, part: str) -> Limit | None:
    limits = running_limits(row, local_limits(office, case))
    return next((limit for limit in limits if limit.key == part), None)


def rungs(office: Office, deadline: Deadline | Shape, times: Times) -> list[Rung]:
    """When a clock speaks up: at this person's times, or at any time for a clock in hours."""
    ladder = office.library.ladder
    if deadline.due_at is not None:
        return hours_rungs(ladder, deadline.due_at)
    last, do_by = last_day(deadline), _do_by(office, deadline)
    return day_rungs(ladder, deadline.timescale_id, do_by, last, times, office.speaking, office.zone)


def stages(office: Office, deadline: Deadline | Shape) -> list[str]:
    """Every stage at which a clock may speak up, whatever its person's times leave out."""
    ladder = office.library.ladder
    if deadline.due_at is not None:
        return hours_stages(ladder)
    return day_stages(ladder, deadline.timescale_id, _do_by(office, deadline), last_day(deadline))


def key_tail(deadline: Deadline | Shape, stage: str) -> str:
    """How the key of a clock's reminder ends; before it stand the clock's and its worker's ids."""
    return f"{last_day(deadline)}:{stage}"


def _do_by(office: Office, deadline: Deadline | Shape) -> date:
    if deadline.extended_to is None:
        return deadline.do_by
    try:
        return office.calendar.on_or_before(deadline.extended_to)
    except HolidaysUnknown:
        return deadline.extended_to


async def plan_reminders(
    session: AsyncSession, office: Office, deadline: Deadline, case: Case, now: datetime
) -> list[date]:
    """Plans the reminders still ahead; returns their days."""
    known = await times_of(session, office, {case.worker_id})
    planned = await outbox.plan_all(session, list(_reminders(office, deadline, case, known, now)))
    return [office.today(message.not_before) for message in planned]


def _reminders(
    office: Office, deadline: Deadline, case: Case, known: Mapping[int, Times], now: datetime
) -> Iterator[outbox.Unasked]:
    """The reminders still ahead.

    None for a case without a worker, nor for a clock that binds somebody else.
    """
    row = office.library.book.find(deadline.timescale_id)
    times = known.get(case.worker_id or 0)
    if case.worker_id is None or times is None or row is None or row.actor != "council":
        return
    assert deadline.id is not None
    for rung in rungs(office, deadline, times):
        if rung.moment > now:
            yield outbox.Unasked(
                person_id=case.worker_id,
                kind="clock",
                subject_id=deadline.id,
                key=f"clock:{deadline.id}:{case.worker_id}:{key_tail(deadline, rung.stage)}",
                not_before=rung.moment,
                urgency=rung.urgency,
            )


async def retime(session: AsyncSession, office: Office, person: Person, now: datetime) -> None:
    """The person's times have changed: the reminders of their cases' clocks move with them."""
    known = await times_of(session, office, [person.id])
    wanted = [
        message
        for deadline, case in await cases.open_deadlines(session, cases.Scope(worker_id=person.id))
        for message in _reminders(office, deadline, case, known, now)
    ]
    await hearing.retime(session, {message.key: message.not_before for message in wanted})
    await outbox.plan_all(session, wanted)


async def planned_days(session: AsyncSession, office: Office, deadline: Deadline) -> list[date]:
    """The days on which this clock will speak up."""
    assert deadline.id is not None
    return [office.today(row.not_before) for row in await outbox.planned_about(session, "clock", deadline.id)]
