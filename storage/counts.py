"""How many rows: for monitors."""

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import InboxUpdate, OutgoingMessage


async def outbox_counts(session: AsyncSession) -> dict[str, int]:
    """Outbox rows by state."""
    found = await session.exec(
        select(OutgoingMessage.state, func.count(col(OutgoingMessage.id))).group_by(OutgoingMessage.state)
    )
    return dict(found.all())


async def inbox_open(session: AsyncSession) -> int:
    """Updates whose reply is still owed."""
    found = await session.exec(
        select(func.count(col(InboxUpdate.update_id))).where(col(InboxUpdate.replied_at).is_(None))
    )
    return found.one()
