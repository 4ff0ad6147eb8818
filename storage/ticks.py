"""What is ticked on which list."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Tick


async def ticked(
    session: AsyncSession, list_id: str, *, person_id: int, case_id: int | None
) -> dict[str, Tick]:
    """The ticked items of a list by item: a case's own, whoever ticked them, or a person's."""
    wanted = select(Tick).where(Tick.list_id == list_id)
    if case_id is not None:
        wanted = wanted.where(Tick.case_id == case_id)
    else:
        wanted = wanted.where(Tick.person_id == person_id, col(Tick.case_id).is_(None))
    return {tick.item: tick for tick in (await session.exec(wanted)).all()}


async def toggle(
    session: AsyncSession, list_id: str, item: str, *, person_id: int, case_id: int | None, now: datetime
) -> bool:
    """Ticks an item, or unticks one that is; returns whether it is ticked now."""
    found = await ticked(session, list_id, person_id=person_id, case_id=case_id)
    if item in found:
        await session.delete(found[item])
        await session.flush()
        return False
    session.add(Tick(list_id=list_id, item=item, person_id=person_id, case_id=case_id, ticked_at=now))
    await session.flush()
    return True


async def lists_under_way(session: AsyncSession, case_id: int) -> dict[str, int]:
    """How many items are ticked on each list of a case."""
    found: dict[str, int] = {}
    for tick in (await session.exec(select(Tick).where(Tick.case_id == case_id))).all():
        found[tick.list_id] = found.get(tick.list_id, 0) + 1
    return found
