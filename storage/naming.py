"""Messages that name a case and that the outbox doesn't know: replies, later parts of long messages."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import NamedMessage


async def note(session: AsyncSession, person_id: int, message_ids: Collection[int], now: datetime) -> None:
    """These messages in the person's chat name a case; one that did before does so anew."""
    if not message_ids:
        return
    known = await session.exec(
        select(NamedMessage).where(
            NamedMessage.person_id == person_id, col(NamedMessage.message_id).in_(message_ids)
        )
    )
    again = {row.message_id: row for row in known}
    for row in again.values():
        row.sent_at = now
    fresh = set(message_ids) - again.keys()
    session.add_all(NamedMessage(person_id=person_id, message_id=one, sent_at=now) for one in fresh)
