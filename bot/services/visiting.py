"""Visits: planned, recorded, missed, moved; whether seen and alone, never what was said."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.dates import show_date
from bot.rules.errors import NotFound, Refusal, Stale
from bot.rules.events import EVENTS
from bot.rules.visits import WHY_NOT_ALONE, PastVisit, Seen, not_alone_in_a_row
from bot.services import clocks, visit_checks
from bot.services.auditing import note
from bot.services.casework import case_within_reach
from bot.services.happenings import Recorded, check_happened, record_event, void_event
from bot.services.office import Office
from storage import cases, visits
from storage.tables import Case, CaseEvent, Person, PlannedVisit, Visit

VISIT_KINDS = ("lac-visit", "cp-visit", "cin-visit", "private-fostering-visit")
"""The most binding first."""
SEEN = {"alone": "seen alone", "seen": "seen, not alone", "not-seen": "not seen"}


@dataclass(frozen=True)
class VisitRecorded:
    """A visit that is now on the case. not_alone_in_a_row: how many since the child was last seen alone."""

    recorded: Recorded
    visit: Visit
    not_alone_in_a_row: int
    next_visit: clocks.ClockView | None


def past(kept: Visit) -> PastVisit:
    """The kept visit as the rules see it."""
    seen: Seen = "alone" if kept.seen == "alone" else "seen" if kept.seen == "seen" else "not-seen"
    return PastVisit(kept.visited_on, seen)


async def record_visit(
    session: AsyncSession, office: Office, person: Person, case: Case, day: date, seen: str, now: datetime
) -> VisitRecorded:
    """Records a visit; one that is there already for the day is changed where it says something else."""
    assert case.id is not None
    kind = EVENTS[await visit_kind(session, case.id) if seen != "not-seen" else "cp-visit-not-seen"]
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
    await visits.settle_planned(session, case.id, day)
    newest = [past(kept) for kept in await cases.visits_of_case(session, case.id)]
    upcoming = await next_visit_clock(session, office, case, recorded.event)
    return VisitRecorded(recorded, visit, not_alone_in_a_row(newest), upcoming)


async def next_visit_clock(
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


async def visit_kind(session: AsyncSession, case_id: int) -> str:
    """The visit event that fits what the child is: looked after, on a plan, in need, privately fostered."""
    kinds = {
        "became-looked-after": "lac-visit",
        "icpc-held": "cp-visit",
        "cin-plan-started": "cin-visit",
        "private-fostering-notified": "private-fostering-visit",
    }
    ends = {
        "ceased-looked-after": "lac-visit",
        "plan-ended": "cp-visit",
        "cin-plan-ended": "cin-visit",
        "private-fostering-ended": "private-fostering-visit",
    }
    running: set[str] = set()
    for event in await cases.events_of_case(session, case_id):
        if event.kind in kinds:
            running.add(kinds[event.kind])
        running.discard(ends.get(event.kind, ""))
    return next((kind for kind in VISIT_KINDS if kind in running), "cp-visit")


async def own_visit(session: AsyncSession, person: Person, visit_id: int) -> tuple[Visit, Case]:
    """A visit within the person's reach, for a button; NotFound otherwise."""
    visit = await visits.visit_by_id(session, visit_id)
    if visit is None:
        raise NotFound("That visit isn't recorded any more.")
    return visit, await case_within_reach(session, person, visit.case_id)


async def say_why(session: AsyncSession, person: Person, visit_id: int, why: str, now: datetime) -> Visit:
    """Why the child was not seen alone: one of the short list."""
    visit, _ = await own_visit(session, person, visit_id)
    if why not in WHY_NOT_ALONE:
        raise Stale("That choice isn't offered any more.")
    visit.why_not_alone = why
    await note(session, person.id, "said why not alone", f"visit {visit.id}", now)
    return visit


async def say_quality(
    session: AsyncSession, person: Person, visit_id: int, what: str, yes: bool, now: datetime
) -> Visit:
    """Was the purpose met, was the child's voice captured: yes or no, nothing more."""
    visit, _ = await own_visit(session, person, visit_id)
    if what == "purpose":
        visit.purpose_met = yes
    elif what == "voice":
        visit.voice = yes
    else:
        raise Stale("That choice isn't offered any more.")
    await note(session, person.id, f"said {what}", f"visit {visit.id}", now)
    return visit


async def plan_visit(
    session: AsyncSession, office: Office, person: Person, case: Case, day: date, now: datetime
) -> PlannedVisit:
    """Arranges the next visit; an earlier arrangement is moved to this day."""
    if day < office.today(now):
        raise Refusal(f"{show_date(day)} has passed. Which day will you visit?")
    assert case.id is not None
    await visits.move_planned(session, case.id)
    planned = PlannedVisit(case_id=case.id, planned_on=day)
    session.add(planned)
    await session.flush()
    await visit_checks.plan(session, office, case, planned)
    await note(session, person.id, "planned visit", f"case {case.id} visit {planned.id}", now)
    return planned


async def miss_visit(session: AsyncSession, person: Person, planned_id: int, now: datetime) -> Case:
    """A visit that was arranged did not take place."""
    planned = await visits.planned_by_id(session, planned_id)
    if planned is None:
        raise NotFound("That visit isn't planned any more.")
    case = await case_within_reach(session, person, planned.case_id)
    if planned.state != "planned":
        raise Stale("That is settled already.")
    planned.state = "missed"
    await note(session, person.id, "missed visit", f"case {case.id} visit {planned.id}", now)
    return case
