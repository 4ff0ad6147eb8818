"""Writes what was planned, in few statements: cases, events, clocks and the reminders still ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.pathway import CaseClock
from bot.services import caseload, clocks
from bot.services.differences import Difference, difference
from bot.services.importing.known import deadlines_by_case
from bot.services.importing.plans import Addition, CasePlan
from bot.services.office import Office
from storage import bulk
from storage.tables import Allocation, Case, CaseEvent, Person


async def write(
    session: AsyncSession, office: Office, plans: Sequence[CasePlan], now: datetime
) -> list[Difference]:
    """Everything that the plans say; returns what it did to the clocks."""
    await _write_cases(session, office, plans, now)
    ids = await _write_events(session, plans, now)
    await _hand_over(session, office, plans, now)
    differences = await _differences(session, office, plans, ids, now)
    await clocks.keep(session, office, differences, now)
    return differences


async def look(
    session: AsyncSession, office: Office, plans: Sequence[CasePlan], now: datetime
) -> list[Difference]:
    """What write() would do to the clocks; nothing of it can be written afterwards."""
    return await _differences(session, office, plans, {}, now, only_look=True)


async def _differences(
    session: AsyncSession,
    office: Office,
    plans: Sequence[CasePlan],
    ids: Mapping[int, int],
    now: datetime,
    *,
    only_look: bool = False,
) -> list[Difference]:
    touched = [plan for plan in plans if plan.additions]
    kept = await deadlines_by_case(session, [plan.case.id for plan in touched if plan.case.id is not None])
    if only_look:
        for deadline in (deadline for deadlines in kept.values() for deadline in deadlines):
            session.expunge(deadline)
    today = office.today(now)
    return [
        difference(plan.case, _with_real_ids(plan, ids), kept.get(plan.case.id or 0, ()), today)
        for plan in touched
    ]


def _with_real_ids(plan: CasePlan, ids: Mapping[int, int]) -> list[CaseClock]:
    """The derived clocks, started by the events as they are written now."""
    return [
        replace(clock, start=replace(clock.start, id=ids[clock.start.id])) if clock.start.id in ids else clock
        for clock in plan.derived
    ]


async def _write_cases(
    session: AsyncSession, office: Office, plans: Sequence[CasePlan], now: datetime
) -> None:
    fresh = [plan for plan in plans if plan.fresh]
    for plan, new_id in zip(fresh, await bulk.reserve_ids(session, Case, len(fresh)), strict=True):
        plan.case.id = new_id
    for plan in plans:
        if plan.family is not None:
            plan.case.family = plan.family
        if plan.disabled is not None:
            plan.case.disabled = plan.disabled
        plan.case.closed_at = (plan.case.closed_at or now) if plan.closed_afterwards() else None
    session.add_all([plan.case for plan in fresh])
    await session.flush()
    today = office.today(now)
    held = [{"case_id": plan.case.id, "worker_id": plan.worker.id, "started_on": today} for plan in fresh]
    await bulk.insert(session, Allocation, held)


async def _write_events(session: AsyncSession, plans: Sequence[CasePlan], now: datetime) -> Mapping[int, int]:
    """Returns the real id of each event by the one that stood in for it."""
    new = [(plan.case, addition) for plan in plans for addition in plan.additions]
    ids = await bulk.reserve_ids(session, CaseEvent, len(new))
    for _case, addition in new:
        if addition.replaces is not None:
            addition.replaces.voided_at = now
    await session.flush()  # the old ones must be gone before the new ones may take their place
    rows = [_row(case, addition, new_id, now) for (case, addition), new_id in zip(new, ids, strict=True)]
    await bulk.insert(session, CaseEvent, rows)
    for (_case, addition), new_id in zip(new, ids, strict=True):
        if addition.replaces is not None:
            addition.replaces.replaced_by = new_id
    return {addition.happened.id: new_id for (_case, addition), new_id in zip(new, ids, strict=True)}


def _row(case: Case, addition: Addition, new_id: int, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id,
        "case_id": case.id,
        "kind": addition.kind.id,
        "happened_on": addition.line.day,
        "happened_at": addition.moment,
        "detail": addition.detail,
        "recorded_at": now,
        "source": bulk.IMPORTED,
    }


async def _hand_over(session: AsyncSession, office: Office, plans: Sequence[CasePlan], now: datetime) -> None:
    takers: dict[int, tuple[Person, list[CasePlan]]] = {}
    for plan in plans:
        if plan.moves:
            assert plan.worker.id is not None
            takers.setdefault(plan.worker.id, (plan.worker, []))[1].append(plan)
    for taker, moving in takers.values():
        await caseload.move(session, office, [plan.case for plan in moving], taker, now, by=None)
