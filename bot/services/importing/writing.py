"""Writes what was planned, in few statements: cases, events, clocks and the reminders still ahead."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.pathway import CaseClock
from bot.services import caseload, clocks
from bot.services.importing.known import deadlines_by_case
from bot.services.importing.plans import CasePlan
from bot.services.office import Office
from storage import allocations
from storage.tables import Person


async def write(
    session: AsyncSession, office: Office, plans: Sequence[CasePlan], now: datetime
) -> list[clocks.Difference]:
    """Everything that the plans say; returns what it did to the clocks."""
    await _write_cases(session, office, plans, now)
    await _write_events(session, plans, now)
    await _hand_over(session, office, plans, now)
    differences = await find_differences(session, office, plans, now)
    await clocks.keep(session, office, differences, now)
    return differences


async def find_differences(
    session: AsyncSession,
    office: Office,
    plans: Sequence[CasePlan],
    now: datetime,
    *,
    only_look: bool = False,
) -> list[clocks.Difference]:
    """What the plans do to the clocks; only_look: nothing of it can be written afterwards."""
    touched = [plan for plan in plans if plan.additions]
    kept = await deadlines_by_case(session, [plan.case.id for plan in touched if plan.case.id is not None])
    if only_look:
        for deadline in (deadline for deadlines in kept.values() for deadline in deadlines):
            session.expunge(deadline)
    return [
        clocks.difference(plan.case, _with_real_ids(plan), kept.get(plan.case.id or 0, ()), office.today(now))
        for plan in touched
    ]


def _with_real_ids(plan: CasePlan) -> list[CaseClock]:
    """The derived clocks, started by the events as they are written now."""
    ids = {addition.stand_in: addition.event.id for addition in plan.additions}
    return [
        replace(clock, start=replace(clock.start, id=ids.get(clock.start.id) or clock.start.id))
        for clock in plan.derived
    ]


async def _write_cases(
    session: AsyncSession, office: Office, plans: Sequence[CasePlan], now: datetime
) -> None:
    fresh = [plan for plan in plans if plan.fresh]
    session.add_all([plan.case for plan in fresh])
    for plan in plans:
        if plan.family is not None:
            plan.case.family = plan.family
        if plan.disabled is not None:
            plan.case.disabled = plan.disabled
        plan.case.closed_at = (plan.case.closed_at or now) if plan.closed_afterwards() else None
    await session.flush()
    for plan in fresh:
        assert plan.case.id is not None
        assert plan.worker.id is not None
        await allocations.add(session, plan.case.id, plan.worker.id, office.today(now))


async def _write_events(session: AsyncSession, plans: Sequence[CasePlan], now: datetime) -> None:
    additions = [addition for plan in plans for addition in plan.additions]
    replaced = [addition for addition in additions if addition.replaces is not None]
    for addition in replaced:
        assert addition.replaces is not None
        addition.replaces.voided_at = now
    await session.flush()  # the old ones must be gone before the new ones may take their place
    for plan in plans:
        for addition in plan.additions:
            assert plan.case.id is not None
            addition.event.case_id = plan.case.id
    session.add_all([addition.event for addition in additions])
    await session.flush()
    for addition in replaced:
        assert addition.replaces is not None
        addition.replaces.replaced_by = addition.event.id


async def _hand_over(session: AsyncSession, office: Office, plans: Sequence[CasePlan], now: datetime) -> None:
    takers: dict[int, tuple[Person, list[CasePlan]]] = {}
    for plan in plans:
        if plan.moves:
            assert plan.worker.id is not None
            takers.setdefault(plan.worker.id, (plan.worker, []))[1].append(plan)
    for taker, moving in takers.values():
        await caseload.move(session, office, [plan.case for plan in moving], taker, now, by=None)
