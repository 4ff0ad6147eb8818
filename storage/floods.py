"""Who sends more than is taken in a minute."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Flood


async def flood_of(session: AsyncSession, account: int) -> Flood | None:
    """The account's latest flood, locked until the transaction ends."""
    return await session.get(Flood, account, with_for_update=True)


async def forget_before(session: AsyncSession, moment: datetime) -> None:
    """Removes floods that have stopped before `moment`."""
    await session.exec(delete(Flood).where(col(Flood.last_at) < moment))
