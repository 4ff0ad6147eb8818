"""Audit lines: added by services, sealed in the order in which they are found, never changed afterwards."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Audit, AuditAnchor, Person

_AT_ONCE = 1000
_SEALING = 1_146_243_922


async def one_at_a_time(session: AsyncSession) -> None:
    """Waits until no other transaction seals or cuts; on SQLite there is only one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(select(func.pg_advisory_xact_lock(_SEALING)))


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


async def sealed(
    session: AsyncSession, since: datetime | None = None, *, after: int = 0, up_to: int | None = None
) -> AsyncIterator[Audit]:
    """Sealed lines in the chain's order: from a moment on, after a line's number, up to a line's number."""
    number = after
    while True:
        wanted = select(Audit).where(col(Audit.number) > number).order_by(col(Audit.number)).limit(_AT_ONCE)
        if since is not None:
            wanted = wanted.where(Audit.at >= since)
        if up_to is not None:
            wanted = wanted.where(col(Audit.number) <= up_to)
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


async def anchor(session: AsyncSession) -> AuditAnchor | None:
    """Where the trail was cut off last; None for a whole one."""
    return (await session.exec(select(AuditAnchor).order_by(col(AuditAnchor.number).desc()).limit(1))).first()


def add_anchor(session: AsyncSession, number: int, seal: str, now: datetime) -> None:
    """Lines up to this one may be deleted from now on."""
    session.add(AuditAnchor(number=number, seal=seal, cut_at=now))


async def last_before(session: AsyncSession, moment: datetime) -> Audit | None:
    """The last sealed line of those at the beginning that are all older than this moment."""
    kept = select(func.min(Audit.number)).where(col(Audit.number).is_not(None), Audit.at >= moment)
    first_kept = (await session.exec(kept)).one()
    wanted = select(Audit).where(col(Audit.number).is_not(None)).order_by(col(Audit.number).desc()).limit(1)
    if first_kept is not None:
        wanted = wanted.where(col(Audit.number) < first_kept)
    return (await session.exec(wanted)).first()


async def first_saying(session: AsyncSession, what: str, subject: str, after: int) -> Audit | None:
    """A sealed line after a number that says exactly this."""
    found = await session.exec(
        select(Audit).where(Audit.what == what, Audit.subject == subject, col(Audit.number) > after).limit(1)
    )
    return found.first()


async def delete_cut(session: AsyncSession, most: int = _AT_ONCE) -> int:
    """Deletes lines up to the anchor; returns how many. The database refuses any other."""
    at = await anchor(session)
    if at is None:
        return 0
    some = select(Audit.id).where(col(Audit.number) <= at.number).order_by(col(Audit.number)).limit(most)
    gone: CursorResult[Any] = await session.exec(
        delete(Audit).where(col(Audit.id).in_(some)).execution_options(synchronize_session=False)
    )
    return gone.rowcount


async def how_many_between(session: AsyncSession, after: int, up_to: int) -> int:
    """How many sealed lines have a number in between."""
    wanted = select(func.count()).where(col(Audit.number) > after, col(Audit.number) <= up_to)
    return (await session.exec(wanted)).one()
