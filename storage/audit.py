"""Audit lines: added by services, sealed in the order in which they are found, never changed afterwards."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime

from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Audit, Person

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


async def newest(session: AsyncSession) -> int:
    """The highest id of any line, sealed or not; 0 where there is none."""
    return (await session.exec(select(func.max(Audit.id)))).one() or 0


async def lines_since(session: AsyncSession, floor: int, team_ids: Collection[int]) -> int:
    """How many lines with an id above `floor` are by people of these teams, by whoever reaches over teams,
    or by nobody (the command line). A look along the newest lines, by their key."""
    mover = or_(
        col(Audit.person_id).is_(None),
        col(Person.team_id).in_(team_ids),
        col(Person.role).not_in(("worker", "manager")),
    )
    found = await session.exec(
        select(func.count())
        .select_from(Audit)
        .outerjoin(Person, col(Person.id) == Audit.person_id)
        .where(col(Audit.id) > floor, mover)
    )
    return found.one()
