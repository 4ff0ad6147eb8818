"""Updates received, kept until their effects are committed and their replies sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import InboxUpdate


async def receive(
    session: AsyncSession, update_id: int, payload: dict[str, Any], now: datetime, account: int | None = None
) -> bool:
    """Keeps an update; False if it is known already (a redelivery)."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"update_id": update_id, "payload": payload, "received_at": now, "account": account}
    fresh = insert(InboxUpdate).values(row).on_conflict_do_nothing(index_elements=["update_id"])
    return (await session.exec(fresh.returning(col(InboxUpdate.update_id)))).first() is not None


async def locked(session: AsyncSession, update_id: int) -> InboxUpdate | None:
    """The update's row, locked until the transaction ends."""
    found = await session.exec(
        select(InboxUpdate)
        .where(InboxUpdate.update_id == update_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.first()


async def owed_before(session: AsyncSession, account: int, update_id: int) -> Sequence[InboxUpdate]:
    """The account's earlier updates whose effect or reply is still owed, in order."""
    found = await session.exec(
        select(InboxUpdate)
        .where(
            col(InboxUpdate.account) == account,
            col(InboxUpdate.replied_at).is_(None),
            col(InboxUpdate.update_id) < update_id,
        )
        .order_by(col(InboxUpdate.update_id))
        .execution_options(populate_existing=True)
    )
    return found.all()


async def latest_moments(session: AsyncSession, account: int, most: int) -> Sequence[datetime]:
    """When the account's latest updates came, at most so many, the newest first."""
    found = await session.exec(
        select(InboxUpdate.received_at)
        .where(col(InboxUpdate.account) == account)
        .order_by(col(InboxUpdate.update_id).desc())
        .limit(most)
    )
    return found.all()


async def unfinished(
    session: AsyncSession, before: datetime, held_by: int | None = None
) -> Sequence[InboxUpdate]:
    """Updates received up to then whose effect or reply is still owed, in the order they came.

    held_by: only those that this process was sending the replies of.
    """
    wanted = [col(InboxUpdate.replied_at).is_(None), col(InboxUpdate.received_at) <= before]
    if held_by is not None:
        wanted.append(col(InboxUpdate.held_by) == held_by)
    found = await session.exec(select(InboxUpdate).where(*wanted).order_by(col(InboxUpdate.update_id)))
    return found.all()


async def let_go(session: AsyncSession, update_id: int) -> None:
    """The replies could not be sent now: whoever comes next may try."""
    await session.exec(
        update(InboxUpdate).where(col(InboxUpdate.update_id) == update_id).values(held_by=None)
    )


async def mark_replied(session: AsyncSession, update_id: int, now: datetime) -> None:
    """The replies reached Telegram (or can't): nothing is owed any more, and nothing of it is kept."""
    await session.exec(
        update(InboxUpdate)
        .where(col(InboxUpdate.update_id) == update_id)
        .values(replied_at=now, replies=None, payload=None, held_by=None)
    )
