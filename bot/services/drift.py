"""Which cases drift, and why: facts gathered from the rows, judged by the rules."""

from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.drift import CaseFacts, drift_signs
from bot.rules.events import NO_PLAN
from bot.rules.plo import Tracker, track
from bot.rules.stages import stage_named, stages
from bot.rules.visits import Sign
from bot.services import caseload, casework, clocks, visiting
from bot.services.office import Office
from bot.services.tracking import trackers
from storage import cases, people
from storage.tables import Case, Person

_VISIT_CLOCKS = frozenset(
    {"cp-visit", "cin-visit", "lac-visit-first", "lac-visit-year-one", "pf-visit-year1"}
)


@dataclass(frozen=True)
class Drifting:
    """A case with the signs that it drifts, strongest first."""

    case: Case
    signs: list[Sign]

    @property
    def weight(self) -> int:
        """How strongly it pulls."""
        return sum(sign.weight for sign in self.signs)


async def signs_of(session: AsyncSession, office: Office, case: Case, today: date) -> list[Sign]:
    """Every sign of drift of one case."""
    assert case.id is not None
    happened = await casework.history(session, case)
    views = [
        await clocks.view(session, office, deadline, case)
        for deadline in await cases.deadlines_of_case(session, case.id)
        if deadline.state == "open"
    ]
    late = [view for view in views if view.ours and view.effective < today]
    plan = stage_named(stages(happened), "plan")
    tracker = track(happened, office.library.book, today)
    running = tracker is not None and tracker.ended is None and tracker.issued is None
    facts = CaseFacts(
        plan_since=plan.since if plan else None,
        plans=sum(event.kind == "icpc-held" and event.detail != NO_PLAN for event in happened),
        pre_proceedings_weeks=tracker.weeks if tracker is not None and running and tracker.started else None,
        workers_in_a_year=await caseload.workers_in_a_year(session, case.id, today),
        days_late=[(today - view.effective).days for view in late],
        visits=[visiting.past(visit) for visit in await cases.visits_of_case(session, case.id)],
        disabled=case.disabled,
        visit_periods_overdue=max((_periods(view, today) for view in late), default=0),
        conference_lost=any(view.deadline.timescale_id == "icpc" for view in late),
    )
    return drift_signs(facts, today)


def _periods(view: clocks.ClockView, today: date) -> int:
    """How many whole intervals have passed since a visit was due."""
    if view.deadline.timescale_id not in _VISIT_CLOCKS or view.due is None:
        return 0
    length = (view.deadline.due_on - clocks_start(view)).days or 1
    return (today - view.deadline.due_on).days // length


def clocks_start(view: clocks.ClockView) -> date:
    """The day from which a clock counts."""
    assert view.due is not None
    start = view.due.start
    return start if type(start) is date else view.deadline.due_on


async def drifting(session: AsyncSession, office: Office, person: Person, today: date) -> list[Drifting]:
    """Every case within the person's reach that shows a sign, the strongest first."""
    found = []
    for case in await cases.open_cases(session, casework.scope_of(person)):
        signs = await signs_of(session, office, case, today)
        if signs:
            found.append(Drifting(case, signs))
    return sorted(found, key=lambda drift: (-drift.weight, drift.case.reference))


async def pre_proceedings(
    session: AsyncSession, office: Office, person: Person, today: date
) -> list[tuple[Case, str, Tracker]]:
    """Every case in pre-proceedings within reach, with its worker's name, the longest first."""
    found = []
    held = await cases.open_cases(session, casework.scope_of(person))
    tracked = await trackers(session, office, held, today)
    for case in held:
        tracker = tracked.get(case.id or 0)
        if tracker is None or tracker.started is None or tracker.ended or tracker.issued:
            continue
        worker = await people.person_by_id(session, case.worker_id) if case.worker_id is not None else None
        found.append((case, worker.name if worker else "", tracker))
    return sorted(found, key=lambda row: row[2].started or today)
