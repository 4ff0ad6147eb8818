"""Visits recorded and visits arranged."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bulk import batches
from storage.tables import PlannedVisit, Visit


async def visit_by_id(session: AsyncSession, visit_id: int) -> Visit | None:
    """The visit with this id, or None."""
    return await session.get(Visit, visit_id)


async def planned_by_id(session: AsyncSession, planned_id: int) -> PlannedVisit | None:
    """The arranged visit with this id, or None."""
    return await session.get(PlannedVisit, planned_id)


async def planned_of_case(session: AsyncSession, case_id: int) -> PlannedVisit | None:
    """The visit that is arranged and not yet settled, or None."""
    found = await session.exec(
        select(PlannedVisit)
        .where(PlannedVisit.case_id == case_id, PlannedVisit.state == "planned")
        .order_by(col(PlannedVisit.planned_on))
    )
    return found.first()


async def missed_of_cases(session: AsyncSession, case_ids: Sequence[int]) -> dict[int, list[date]]:
    """The days of each case's arranged visits that did not take place."""
    found: dict[int, list[date]] = defaultdict(list)
    for some in batches(case_ids):
        rows = await session.exec(
            select(PlannedVisit).where(col(PlannedVisit.case_id).in_(some), PlannedVisit.state == "missed")
        )
        for planned in rows:
            found[planned.case_id].append(planned.planned_on)
    return found


async def settle_planned(session: AsyncSession, case_id: int, day: date) -> None:
    """What was arranged for this day or before has taken place."""
    await session.exec(
        update(PlannedVisit)
        .where(
            col(PlannedVisit.case_id) == case_id,
            col(PlannedVisit.state) == "planned",
            col(PlannedVisit.planned_on) <= day,
        )
        .values(state="done")
    )


async def move_planned(session: AsyncSession, case_id: int) -> None:
    """What was arranged is moved to another day."""
    await session.exec(
        update(PlannedVisit)
        .where(col(PlannedVisit.case_id) == case_id, col(PlannedVisit.state) == "planned")
        .values(state="moved")
    )
