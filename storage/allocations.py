"""Who has held which case, and what moves with it."""

from datetime import date

from sqlalchemy import or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.actions import OPEN
from storage.tables import Action, ActionRecipient, Allocation


async def end_current(session: AsyncSession, case_id: int, day: date) -> None:
    """Whoever holds the case ceases to on this day."""
    await session.exec(
        update(Allocation)
        .where(col(Allocation.case_id) == case_id, col(Allocation.ended_on).is_(None))
        .values(ended_on=day)
    )


async def add(session: AsyncSession, case_id: int, worker_id: int, day: date) -> None:
    """The worker holds the case from this day."""
    session.add(Allocation(case_id=case_id, worker_id=worker_id, started_on=day))


async def holders_since(session: AsyncSession, case_id: int, day: date) -> set[int]:
    """The ids of all who have held the case on or after this day."""
    found = await session.exec(
        select(Allocation.worker_id).where(
            Allocation.case_id == case_id,
            or_(col(Allocation.ended_on).is_(None), col(Allocation.ended_on) >= day),
        )
    )
    return set(found.all())


async def move_shares(session: AsyncSession, case_id: int, giver_id: int, taker_id: int) -> list[int]:
    """Open actions about the case become the taker's, except any that the taker has a share of already.

    Returns the ids of the shares that moved.
    """
    about = select(Action.id).where(Action.case_id == case_id)
    has_already = select(ActionRecipient.action_id).where(ActionRecipient.person_id == taker_id)
    moved = await session.exec(
        select(ActionRecipient).where(
            col(ActionRecipient.action_id).in_(about),
            col(ActionRecipient.person_id) == giver_id,
            col(ActionRecipient.state).in_(OPEN),
            col(ActionRecipient.action_id).not_in(has_already),
        )
    )
    ids = []
    for share in moved.all():
        share.person_id, share.acknowledged_at, share.state = taker_id, None, "sent"
        ids.append(share.id or 0)
    return ids
