"""Cases, what happens on them, and visits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require
from bot.rules.dates import show_date
from bot.rules.errors import NotAllowed, NotFound, Refusal, Stale
from bot.rules.events import EVENTS, EventKind
from bot.services import clocks
from bot.services.auditing import note
from bot.services.office import Office
from storage import cases, outbox
from storage.cases import Scope
from storage.tables import Case, CaseEvent, Deadline, Person, Visit

OLDEST_EVENT = timedelta(days=20 * 366)
SEEN = {"alone": "seen alone", "seen": "seen, not alone", "not-seen": "not seen"}


@dataclass(frozen=True)
class Recorded:
    """An event that is now on the case, with what it did to the clocks."""

    case: Case
    event: CaseEvent
    changes: clocks.Changes
    already: bool = False


@dataclass(frozen=True)
class CasePage:
    """What a case's page shows."""

    case: Case
    worker_name: str
    events: list[CaseEvent]
    open_clocks: list[clocks.ClockView]
    last_visit: Visit | None
    last_alone: Visit | None


def scope_of(person: Person) -> Scope:
    """Whose cases this person reaches; raises NotAllowed for roles without cases."""
    reach = require(person.role, "cases")
    return Scope(worker_id=person.id) if reach == "own" else Scope(team_id=person.team_id)


def _within(person: Person, case: Case) -> bool:
    scope = scope_of(person)
    return (scope.worker_id is None or case.worker_id == scope.worker_id) and (
        scope.team_id is None or case.team_id == scope.team_id
    )


async def find_case(session: AsyncSession, office: Office, person: Person, typed: str) -> Case:
    """The open case with this reference within the person's reach; raises BadReference or NotFound."""
    reference = office.references.parse(typed)
    case = await cases.case_by_reference(session, reference)
    if case is None or case.closed_at is not None or not _within(person, case):
        raise NotFound(f"{reference} isn't among your open cases. /newcase {reference} adds it.")
    return case


async def case_within_reach(session: AsyncSession, person: Person, case_id: int) -> Case:
    """The case with this id, for a button; raises NotFound outside the person's reach."""
    case = await cases.case_by_id(session, case_id)
    if case is None or not _within(person, case):
        raise NotFound("That case isn't among yours any more.")
    return case


async def deadline_within_reach(
    session: AsyncSession, person: Person, deadline_id: int
) -> tuple[Deadline, Case]:
    """An open clock for a button; raises NotFound or, for one already closed, Stale."""
    deadline = await cases.deadline_by_id(session, deadline_id)
    if deadline is None:
        raise NotFound("That clock isn't there any more.")
    case = await case_within_reach(session, person, deadline.case_id)
    if deadline.state != "open":
        raise Stale("That is done already.")
    return deadline, case


async def new_case(session: AsyncSession, office: Office, person: Person, typed: str, now: datetime) -> Case:
    """Opens a case for this worker; a closed one of the same team is opened again."""
    scope_of(person)
    reference = office.references.parse(typed)
    case = await cases.case_by_reference(session, reference)
    if case is not None and case.closed_at is None:
        if _within(person, case):
            raise Refusal(f"{reference} is already among your cases. /case {reference} shows it.")
        raise NotAllowed(f"{reference} is open with somebody else. Your manager can move it to you.")
    if case is None:
        case = Case(reference=reference, team_id=person.team_id, worker_id=person.id, created_at=now)
        session.add(case)
    elif case.team_id != person.team_id:
        raise NotAllowed(f"{reference} belongs to another team. Your manager can move it to you.")
    else:
        case.closed_at, case.worker_id = None, person.id
    await session.flush()
    await note(session, person.id, "opened case", f"case {case.id}", now)
    return case


async def record_event(
    session: AsyncSession,
    office: Office,
    person: Person | None,
    case: Case,
    kind: EventKind,
    day: date,
    now: datetime,
    *,
    moment: datetime | None = None,
    detail: str = "",
) -> Recorded:
    """Records that something happened; the same event twice on one day is said to be there already.

    Raises Refusal for a day in the future or over twenty years ago.
    """
    assert case.id is not None
    if not kind.ahead:
        check_happened(day, office.today(now), moment, now)
    known = await cases.event_on(session, case.id, kind.id, day)
    if known is not None:
        return Recorded(case, known, clocks.Changes(), already=True)
    event = CaseEvent(
        case_id=case.id,
        kind=kind.id,
        happened_on=day,
        happened_at=moment,
        detail=detail,
        recorded_by=person.id if person else None,
        recorded_at=now,
    )
    session.add(event)
    await session.flush()
    changes = await clocks.recompute(session, office, case, now)
    if kind.id == "case-closed":
        case.closed_at = now
    await note(
        session, person.id if person else None, f"recorded {kind.id}", f"case {case.id} event {event.id}", now
    )
    return Recorded(case, event, changes)


def check_happened(day: date, today: date, moment: datetime | None, now: datetime) -> None:
    """Raises Refusal unless the day (and moment) can be one on which something happened."""
    if day > today or (moment is not None and moment > now):
        raise Refusal(f"{show_date(day)} is still to come. When did it happen? (I kept the rest.)")
    if today - day > OLDEST_EVENT:
        raise Refusal(f"{show_date(day)} is more than twenty years ago. Check the year. (I kept the rest.)")


async def answer_event(
    session: AsyncSession, office: Office, person: Person, event_id: int, detail: str, now: datetime
) -> Recorded:
    """Adds what an event meant ("section 47 not begun") and recomputes the clocks."""
    event = await cases.event_by_id(session, event_id)
    if event is None or event.voided_at is not None:
        raise NotFound("That event isn't on the case any more.")
    case = await case_within_reach(session, person, event.case_id)
    event.detail = detail
    await session.flush()
    changes = await clocks.recompute(session, office, case, now)
    await note(session, person.id, f"answered {detail}", f"case {case.id} event {event.id}", now)
    return Recorded(case, event, changes)


async def void_event(
    session: AsyncSession, office: Office, person: Person, event_id: int, now: datetime
) -> Recorded:
    """Takes an event back, with all that it did to the clocks; it stays in the history as voided."""
    event = await cases.event_by_id(session, event_id)
    if event is None:
        raise NotFound("That event isn't on the case any more.")
    case = await case_within_reach(session, person, event.case_id)
    if event.voided_at is not None:
        raise Stale("That was taken back already.")
    event.voided_at = now
    visit = await cases.visit_on(session, event.case_id, event.happened_on)
    if visit is not None and visit.event_id == event.id:
        await session.delete(visit)
    if event.kind == "case-closed":
        case.closed_at = None
    await session.flush()
    changes = await clocks.recompute(session, office, case, now)
    await note(session, person.id, f"took back {event.kind}", f"case {case.id} event {event.id}", now)
    return Recorded(case, event, changes)


@dataclass(frozen=True)
class VisitRecorded:
    """A visit that is now on the case. not_alone_in_a_row: how many since the child was last seen alone."""

    recorded: Recorded
    visit: Visit
    not_alone_in_a_row: int
    next_visit: clocks.ClockView | None


async def record_visit(
    session: AsyncSession, office: Office, person: Person, case: Case, day: date, seen: str, now: datetime
) -> VisitRecorded:
    """Records a visit: whether seen, and whether alone; never what was said."""
    assert case.id is not None
    kind = EVENTS[await _visit_kind(session, case.id) if seen != "not-seen" else "cp-visit-not-seen"]
    check_happened(day, office.today(now), None, now)
    visit = await cases.visit_on(session, case.id, day)
    if visit is not None and visit.seen != seen and visit.event_id is not None:
        await void_event(session, office, person, visit.event_id, now)
        visit = None
    recorded = await record_event(session, office, person, case, kind, day, now, detail=seen)
    if visit is None:
        visit = Visit(
            case_id=case.id,
            event_id=recorded.event.id,
            visited_on=day,
            seen=seen,
            recorded_by=person.id,
            recorded_at=now,
        )
        session.add(visit)
        await session.flush()
    visits = await cases.visits_of_case(session, case.id)
    streak = next((n for n, past in enumerate(visits) if past.seen == "alone"), len(visits))
    upcoming = await _next_visit(session, office, case, recorded.event)
    return VisitRecorded(recorded, visit, streak, upcoming)


async def _next_visit(
    session: AsyncSession, office: Office, case: Case, visit: CaseEvent
) -> clocks.ClockView | None:
    """The clock that this visit started and the next one will meet."""
    assert case.id is not None
    for deadline in await cases.deadlines_of_case(session, case.id):
        row = office.library.book.find(deadline.timescale_id)
        started_here = deadline.state == "open" and deadline.start_event_id == visit.id
        if started_here and row is not None and visit.kind in row.ended_by:
            return await clocks.view(session, office, deadline, case)
    return None


async def _visit_kind(session: AsyncSession, case_id: int) -> str:
    """A looked-after child's visit where the case says so, otherwise a visit to a child on a plan."""
    looked_after = False
    for event in await cases.events_of_case(session, case_id):
        if event.kind == "became-looked-after":
            looked_after = True
        elif event.kind == "ceased-looked-after":
            looked_after = False
    return "lac-visit" if looked_after else "cp-visit"


async def case_page(session: AsyncSession, office: Office, case: Case) -> CasePage:
    """Everything that a case's page shows."""
    assert case.id is not None
    visits = await cases.visits_of_case(session, case.id)
    worker = await session.get(Person, case.worker_id) if case.worker_id is not None else None
    open_clocks = [
        await clocks.view(session, office, deadline, case)
        for deadline in await cases.deadlines_of_case(session, case.id)
        if deadline.state == "open"
    ]
    return CasePage(
        case=case,
        worker_name=worker.name if worker else "",
        events=await cases.events_of_case(session, case.id),
        open_clocks=open_clocks,
        last_visit=next((visit for visit in visits if visit.seen != "not-seen"), None),
        last_alone=next((visit for visit in visits if visit.seen == "alone"), None),
    )


async def mark_done(
    session: AsyncSession, office: Office, person: Person, deadline: Deadline, day: date, now: datetime
) -> Recorded | None:
    """A clock is done: records the event that satisfies it, or closes it by hand where no event does."""
    case = await case_within_reach(session, person, deadline.case_id)
    check_happened(day, office.today(now), None, now)
    row = office.library.book.find(deadline.timescale_id)
    kind = next((EVENTS[name] for name in (row.ended_by if row else ()) if name in EVENTS), None)
    if kind is not None:
        if day < await _start_day(session, deadline):
            raise Refusal(f"{show_date(day)} is before that clock began. When was it done?")
        return await record_event(session, office, person, case, kind, day, now)
    assert deadline.id is not None
    deadline.state, deadline.closed_on = "done", day
    await outbox.cancel(session, "clock", deadline.id, "done", now)
    await note(session, person.id, "done", f"deadline {deadline.id}", now)
    return None


async def _start_day(session: AsyncSession, deadline: Deadline) -> date:
    event = await cases.event_by_id(session, deadline.start_event_id)
    return event.happened_on if event is not None else date.min


async def snooze(
    session: AsyncSession, person: Person, deadline: Deadline, until: datetime, now: datetime
) -> None:
    """Plans one more reminder for later; the statutory date never moves."""
    assert deadline.id is not None
    assert person.id is not None
    deadline.snoozed_until = until
    key = f"clock:{deadline.id}:{person.id}:snooze:{until.timestamp():.0f}"
    await outbox.plan(
        session, person_id=person.id, kind="clock", subject_id=deadline.id, key=key, not_before=until
    )
    await note(session, person.id, "snoozed", f"deadline {deadline.id}", now)
