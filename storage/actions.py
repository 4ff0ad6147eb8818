"""Supervision actions and each person's share of them."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Action, ActionRecipient


async def share_by_id(session: AsyncSession, share_id: int) -> tuple[ActionRecipient, Action] | None:
    """One person's share with its action, or None."""
    found = await session.exec(
        select(ActionRecipient, Action)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(ActionRecipient.id == share_id)
    )
    return found.first()


async def open_shares_of_person(
    session: AsyncSession, person_id: int
) -> Sequence[tuple[ActionRecipient, Action]]:
    """What a person still has to do, soonest first."""
    found = await session.exec(
        select(ActionRecipient, Action)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(ActionRecipient.person_id == person_id, col(ActionRecipient.done_at).is_(None))
        .order_by(col(Action.due_on), col(Action.id))
    )
    return found.all()


async def shares_of_manager(
    session: AsyncSession, manager_id: int, most: int = 60
) -> Sequence[tuple[ActionRecipient, Action]]:
    """What a manager has asked for: open first, then the latest done."""
    found = await session.exec(
        select(ActionRecipient, Action)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(Action.manager_id == manager_id)
        .order_by(col(ActionRecipient.done_at).is_not(None), col(Action.due_on), col(Action.id))
        .limit(most)
    )
    return found.all()


async def overdue_shares(session: AsyncSession, today: date) -> Sequence[tuple[ActionRecipient, Action]]:
    """Every share not done whose date has passed."""
    found = await session.exec(
        select(ActionRecipient, Action)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(col(ActionRecipient.done_at).is_(None), Action.due_on < today)
        .order_by(col(Action.due_on))
    )
    return found.all()
