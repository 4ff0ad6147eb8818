"""Who is away, and who covers for them."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import update
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bulk import batches
from storage.tables import Leave, Person


async def by_id(session: AsyncSession, leave_id: int) -> Leave | None:
    """The leave with this id, or None."""
    return await session.get(Leave, leave_id)


async def end_all(session: AsyncSession, person_id: int) -> None:
    """The person neither is away nor covers for anybody any more."""
    await session.exec(
        update(Leave)
        .where(or_(col(Leave.person_id) == person_id, col(Leave.cover_id) == person_id))
        .values(state="ended")
    )


async def agreed(session: AsyncSession, person_ids: Sequence[int] | None = None) -> list[Leave]:
    """Every leave that is agreed and not over, of these people or of all, the earliest first."""
    wanted = select(Leave).where(Leave.state == "agreed").order_by(col(Leave.starts_on), col(Leave.id))
    if person_ids is not None:
        wanted = wanted.where(col(Leave.person_id).in_(person_ids))
    return list((await session.exec(wanted)).all())


async def taken(session: AsyncSession, person_id: int) -> list[Leave]:
    """Every leave of this person that was agreed to or is over."""
    found = await session.exec(
        select(Leave).where(Leave.person_id == person_id, col(Leave.state).in_(("agreed", "ended")))
    )
    return list(found.all())


async def latest(session: AsyncSession, person_id: int) -> Leave | None:
    """The person's leave that is asked for or agreed, or None."""
    found = await session.exec(
        select(Leave)
        .where(Leave.person_id == person_id, col(Leave.state).in_(("asked", "agreed")))
        .order_by(col(Leave.id).desc())
    )
    return found.first()


async def covered_by(session: AsyncSession, cover_id: int, today: date) -> Sequence[tuple[Leave, Person]]:
    """Who is away today and covered by this person."""
    found = await session.exec(
        select(Leave, Person)
        .join(Person, col(Person.id) == Leave.person_id)
        .where(
            Leave.cover_id == cover_id,
            Leave.state == "agreed",
            Leave.starts_on <= today,
            Leave.until_on >= today,
        )
    )
    return found.all()


async def covering(session: AsyncSession, person_ids: Collection[int], today: date) -> set[int]:
    """Who covers today for any of these people."""
    found: set[int] = set()
    for ids in batches(list(person_ids)):
        rows = await session.exec(
            select(Leave.cover_id).where(
                col(Leave.person_id).in_(ids),
                Leave.state == "agreed",
                Leave.starts_on <= today,
                Leave.until_on >= today,
            )
        )
        found |= {cover for cover in rows if cover is not None}
    return found


async def covers(session: AsyncSession, cover_id: int, worker_id: int) -> bool:
    """Whether this person covers for that one, by a leave that is agreed and not over."""
    found = await session.exec(
        select(Leave.id).where(
            Leave.cover_id == cover_id, Leave.person_id == worker_id, Leave.state == "agreed"
        )
    )
    return found.first() is not None


async def end_before(session: AsyncSession, today: date) -> None:
    """Leaves whose last day has passed are over; what nobody agreed to in time falls away."""
    await session.exec(
        update(Leave)
        .where(col(Leave.state).in_(("asked", "agreed")), col(Leave.until_on) < today)
        .values(state="ended")
    )
