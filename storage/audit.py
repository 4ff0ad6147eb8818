"""Audit lines: added by services, sealed in the order in which they are found, never changed afterwards."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Audit

_AT_ONCE = 1000


async def unsealed(session: AsyncSession, most: int = _AT_ONCE) -> Sequence[Audit]:
    """Lines that wait for their seal, oldest first."""
    found = await session.exec(
        select(Audit).where(col(Audit.number).is_(None)).order_by(col(Audit.id)).limit(most)
    )
    return found.all()


async def how_many_unsealed(session: AsyncSession) -> int:
    """How many lines wait for their seal."""
    return (await session.exec(select(func.count()).where(col(Audit.number).is_(None)))).one()


async def last_sealed(session: AsyncSession) -> Audit | None:
    """The end of the chain."""
    found = await session.exec(
        select(Audit).where(col(Audit.number).is_not(None)).order_by(col(Audit.number).desc()).limit(1)
    )
    return found.first()


async def sealed(session: AsyncSession, since: datetime | None = None) -> AsyncIterator[Audit]:
    """Sealed lines in the chain's order, from a moment on or from the first."""
    number = 0
    while True:
        wanted = select(Audit).where(col(Audit.number) > number).order_by(col(Audit.number)).limit(_AT_ONCE)
        if since is not None:
            wanted = wanted.where(Audit.at >= since)
        found = (await session.exec(wanted)).all()
        for line in found:
            yield line
        if len(found) < _AT_ONCE:
            return
        number = found[-1].number or 0
