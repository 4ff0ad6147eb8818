"""Updates received, kept until their effects are committed and their replies sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import InboxUpdate


async def receive(session: AsyncSession, update_id: int, payload: dict[str, Any], now: datetime) -> bool:
    """Keeps an update; False if it is known already (a redelivery)."""
    if await session.get(InboxUpdate, update_id) is not None:
        return False
    session.add(InboxUpdate(update_id=update_id, payload=payload, received_at=now))
    return True


async def locked(session: AsyncSession, update_id: int) -> InboxUpdate | None:
    """The update's row, locked until the transaction ends."""
    found = await session.exec(
        select(InboxUpdate).where(InboxUpdate.update_id == update_id).with_for_update()
    )
    return found.first()


async def unfinished(session: AsyncSession, before: datetime) -> Sequence[InboxUpdate]:
    """Updates received up to then whose effect or reply is still owed, in the order they came."""
    found = await session.exec(
        select(InboxUpdate)
        .where(col(InboxUpdate.replied_at).is_(None), col(InboxUpdate.received_at) <= before)
        .order_by(col(InboxUpdate.update_id))
    )
    return found.all()


async def mark_replied(session: AsyncSession, update_id: int, now: datetime) -> None:
    """The replies reached Telegram (or can't): nothing is owed any more, and nothing of it is kept."""
    await session.exec(
        update(InboxUpdate)
        .where(col(InboxUpdate.update_id) == update_id)
        .values(replied_at=now, replies=None, payload=None)
    )
