"""Which entry a person was shown, and when: ids only, never what was asked."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import ShownEntry


async def remember(session: AsyncSession, person_id: int, entry: str | None, now: datetime) -> None:
    """Keeps that the person was shown this entry now (None: choices); an earlier time of it goes."""
    same = col(ShownEntry.entry).is_(None) if entry is None else col(ShownEntry.entry) == entry
    await session.exec(delete(ShownEntry).where(col(ShownEntry.person_id) == person_id, same))
    session.add(ShownEntry(person_id=person_id, entry=entry, shown_at=now))


async def latest(session: AsyncSession, person_id: int, since: datetime) -> ShownEntry | None:
    """What the person was shown last, unless that was before `since`."""
    wanted = (
        select(ShownEntry)
        .where(ShownEntry.person_id == person_id, col(ShownEntry.shown_at) >= since)
        .order_by(col(ShownEntry.id).desc())
        .limit(1)
    )
    return (await session.exec(wanted)).first()
