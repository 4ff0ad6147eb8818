"""The plain facts of any number of cases, in a handful of queries: what the rules of drift judge by."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.deadlines import day_of
from bot.rules.drift import CaseFacts
from bot.rules.events import NO_PLAN
from bot.rules.figures import DUE_SOON_DAYS
from bot.rules.pathway import Happened
from bot.rules.plo import Tracker
from bot.rules.stages import stage_named, stages
from bot.services import clocks, visiting
from bot.services.clocks import ClockView
from bot.services.office import Office
from bot.services.tracking import trackers
from storage import boards, bulk
from storage.tables import Case, CaseEvent, Visit
from storage.visits import missed_of_cases

_LAST_YEAR = timedelta(days=365)
_MOST_VISITS = 20


async def facts_of(
    session: AsyncSession, office: Office, of: Sequence[Case], now: datetime
) -> dict[int, CaseFacts]:
    """What is known of each of these cases, by id; the number of queries doesn't grow with the cases."""
    today = office.today(now)
    ids = [case.id or 0 for case in of]
    events = await standing_events(session, ids)
    running = await running_clocks(session, office, of, events, today + timedelta(days=DUE_SOON_DAYS))
    tracked = await trackers(session, office, of, today)
    visits = await boards.visits_of_cases(session, ids)
    missed = await missed_of_cases(session, ids)
    holders = await boards.holders_of_cases(session, ids, today - _LAST_YEAR)
    found = {}
    for case_id, case in zip(ids, of, strict=True):
        happened = [clocks.happened(event) for event in events[case_id]]
        late = [view for view in running[case_id] if is_late(view, now, today)]
        plan = stage_named(stages(happened), "plan")
        found[case_id] = CaseFacts(
            plan_since=plan.since if plan else None,
            plans=_plans(happened),
            pre_proceedings_weeks=_weeks(tracked.get(case_id)),
            workers_in_a_year=len(holders[case_id]),
            days_late=[(today - view.effective).days for view in late],
            visits=[visiting.past(visit) for visit in visits[case_id][:_MOST_VISITS]],
            disabled=case.disabled,
            visit_periods_overdue=max((_periods(view, today) for view in late), default=0),
            conference_lost=any(view.deadline.timescale_id == "icpc" for view in late),
            due_soon=len(running[case_id]) - len(late),
            visits_late=sum(is_visit(view) for view in late),
            missed_in_a_row=_missed_in_a_row(missed[case_id], visits[case_id]),
        )
    return found


async def running_clocks(
    session: AsyncSession,
    office: Office,
    of: Sequence[Case],
    events: dict[int, list[CaseEvent]],
    last_day: date,
) -> dict[int, list[ClockView]]:
    """Each case's open clocks that bind the council and run out on or before `last_day`, soonest first."""
    cases = {case.id or 0: case for case in of}
    starts = {event.id: event for found in events.values() for event in found}
    views: dict[int, list[ClockView]] = defaultdict(list)
    for deadline in await boards.open_deadlines_of_cases(session, list(cases), last_day):
        start = starts.get(deadline.start_event_id)
        if start is None:
            continue
        view = clocks.view_of(office, deadline, cases[deadline.case_id], start)
        if view.ours and view.effective <= last_day:
            views[deadline.case_id].append(view)
    return views


async def standing_events(session: AsyncSession, case_ids: Sequence[int]) -> dict[int, list[CaseEvent]]:
    """Each case's events that were not taken back, oldest first."""
    found: dict[int, list[CaseEvent]] = defaultdict(list)
    for event in await bulk.all_events_of_cases(session, case_ids):
        if event.voided_at is None:
            found[event.case_id].append(event)
    return found


def is_late(view: ClockView, now: datetime, today: date) -> bool:
    """Past its day, or past its moment where hours count."""
    moment = view.deadline.due_at if view.deadline.extended_to is None else None
    return moment < now if moment is not None else view.effective < today


def is_visit(view: ClockView) -> bool:
    """A clock that a visit to the child ends."""
    return view.row is not None and any(kind in visiting.VISIT_KINDS for kind in view.row.ended_by)


def _plans(happened: Sequence[Happened]) -> int:
    return sum(event.kind == "icpc-held" and event.detail != NO_PLAN for event in happened)


def _missed_in_a_row(missed: Sequence[date], newest_first: Sequence[Visit]) -> int:
    seen = next((visit.visited_on for visit in newest_first if visit.seen != "not-seen"), date.min)
    return sum(day > seen for day in missed)


def _weeks(tracker: Tracker | None) -> int | None:
    """Whole weeks in pre-proceedings, for a case that is in them now."""
    if tracker is None or tracker.started is None or not tracker.before_court:
        return None
    return tracker.weeks


def _periods(view: ClockView, today: date) -> int:
    """How many whole intervals have passed since a visit was due."""
    if view.due is None or not is_visit(view):
        return 0
    length = (view.deadline.due_on - day_of(view.due.start)).days or 1
    return (today - view.deadline.due_on).days // length
