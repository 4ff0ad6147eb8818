"""Cases: who reaches which, opening one, and its page."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require
from bot.rules.errors import NotAllowed, NotFound, Refusal, Stale
from bot.rules.pathway import Happened
from bot.rules.plo import Tracker
from bot.rules.stages import Stage, stages
from bot.services import caseload, clocks
from bot.services.auditing import note
from bot.services.office import Office
from bot.services.shares import ShareView, shares_of_case
from bot.services.tracking import trackers
from storage import cases, leaves, ticks, visits
from storage.cases import Scope
from storage.tables import Case, CaseEvent, Deadline, Person, PlannedVisit, Visit


@dataclass(frozen=True)
class CasePage:
    """What a case's page shows."""

    case: Case
    worker_name: str
    workers_in_a_year: int
    stages: list[Stage]
    tracker: Tracker | None
    events: list[CaseEvent]
    open_clocks: list[clocks.ClockView]
    last_visit: Visit | None
    last_alone: Visit | None
    planned_visit: PlannedVisit | None
    siblings: list[Case]
    ticked: dict[str, int]
    """How many items are ticked on each checklist under way."""
    actions: list[ShareView]
    """Open actions about the case, also those that wait for the manager's yes."""


def scope_of(person: Person) -> Scope:
    """Whose cases this person reaches; raises NotAllowed for roles without cases."""
    return caseload.scope_for(person, require(person.role, "cases"))


async def _within(session: AsyncSession, person: Person, case: Case) -> bool:
    await session.flush()
    return await cases.in_scope(session, scope_of(person), case.id or 0)


async def _covered(session: AsyncSession, person: Person, case: Case) -> bool:
    """Whether the case is a colleague's who is away and whom this person covers."""
    return case.worker_id is not None and await leaves.covers(session, person.id or 0, case.worker_id)


async def find_case(session: AsyncSession, office: Office, person: Person, typed: str) -> Case:
    """The open case with this reference within the person's reach; raises BadReference or NotFound."""
    reference = office.references.parse(typed)
    case = await cases.case_by_reference(session, reference)
    if case is None or case.closed_at is not None or not await _within(session, person, case):
        about = f"case {case.id}" if case is not None and case.closed_at is None else ""
        raise NotFound(f"{reference} isn't among your open cases. /newcase {reference} adds it.", about)
    return case


async def case_within_reach(session: AsyncSession, person: Person, case_id: int) -> Case:
    """The case with this id, for a button; raises NotFound outside the person's reach."""
    case = await cases.case_by_id(session, case_id)
    if case is None or not (await _within(session, person, case) or await _covered(session, person, case)):
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
        if await _within(session, person, case):
            raise Refusal(f"{reference} is already among your cases. /case {reference} shows it.")
        raise NotAllowed(f"{reference} is open with somebody else. Your manager can move it to you.")
    if case is None:
        case = Case(reference=reference, team_id=person.team_id, created_at=now)
        session.add(case)
        await session.flush()
    elif case.team_id != person.team_id:
        raise NotAllowed(f"{reference} belongs to another team. Your manager can move it to you.")
    case.closed_at = None
    await caseload.allocate(session, case, person, office.today(now))
    await session.flush()
    await note(session, person.id, "opened case", f"case {case.id}", now)
    return case


async def history(session: AsyncSession, case: Case) -> list[Happened]:
    """What happened on the case, as the rules see it."""
    assert case.id is not None
    return [clocks.happened(event) for event in await cases.events_of_case(session, case.id)]


async def case_page(
    session: AsyncSession, office: Office, person: Person, case: Case, today: date
) -> CasePage:
    """Everything that a case's page shows this person, who has been found to reach it."""
    assert case.id is not None
    past = await cases.visits_of_case(session, case.id)
    worker = await session.get(Person, case.worker_id) if case.worker_id is not None else None
    happened = await history(session, case)
    open_clocks = [
        await clocks.view(session, office, deadline, case)
        for deadline in await cases.deadlines_of_case(session, case.id)
        if deadline.state == "open"
    ]
    return CasePage(
        case=case,
        worker_name=worker.name if worker else "",
        workers_in_a_year=await caseload.workers_in_a_year(session, case.id, today),
        stages=stages(happened),
        tracker=(await trackers(session, office, [case], today)).get(case.id),
        events=await cases.events_of_case(session, case.id),
        open_clocks=open_clocks,
        last_visit=next((visit for visit in past if visit.seen != "not-seen"), None),
        last_alone=next((visit for visit in past if visit.seen == "alone"), None),
        planned_visit=await visits.planned_of_case(session, case.id),
        siblings=await caseload.siblings(session, person, case),
        ticked=await ticks.lists_under_way(session, case.id),
        actions=await shares_of_case(session, case.id),
    )
