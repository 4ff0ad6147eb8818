"""The audit trail: who did what to what, by ids alone."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Audit


async def note(session: AsyncSession, person_id: int | None, what: str, subject: str, now: datetime) -> None:
    """Adds a line in the same transaction as the thing it tells of."""
    session.add(Audit(at=now, person_id=person_id, what=what, subject=subject))
