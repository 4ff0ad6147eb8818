"""Secrets of the web part, by their hash."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, or_, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Person, WebKey


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(WebKey.ended_at).is_(None),
        or_(col(WebKey.expires_at).is_(None), col(WebKey.expires_at) > now),
    )


async def use_up(session: AsyncSession, purpose: str, key_hash: str, now: datetime) -> bool:
    """Ends a living secret; False where it is none, so that of two at the same moment one succeeds."""
    ended: CursorResult[Any] = await session.exec(
        update(WebKey)
        .where(col(WebKey.key_hash) == key_hash, col(WebKey.purpose) == purpose, *_alive(now))
        .values(ended_at=now)
    )
    return ended.rowcount == 1


async def end_all(session: AsyncSession, person_id: int, purpose: str, now: datetime) -> int:
    """Ends every living secret of this purpose that a person has; returns how many."""
    ended: CursorResult[Any] = await session.exec(
        update(WebKey)
        .where(col(WebKey.person_id) == person_id, col(WebKey.purpose) == purpose, *_alive(now))
        .values(ended_at=now)
    )
    return ended.rowcount


async def counts(session: AsyncSession, person_id: int, purpose: str, now: datetime) -> int:
    """How many living secrets of this purpose a person has."""
    wanted = select(func.count()).select_from(WebKey)
    return (
        await session.exec(
            wanted.where(WebKey.person_id == person_id, WebKey.purpose == purpose, *_alive(now))
        )
    ).one()


async def person_of(
    session: AsyncSession, purpose: str, key_hash: str, now: datetime, *, used: bool = False
) -> Person | None:
    """Whose secret this is, where they are active and have the role and team that it was given for.

    used: the secret was used up at this very moment.
    """
    alive = (col(WebKey.ended_at) == now,) if used else _alive(now)
    found = await session.exec(
        select(Person)
        .join(WebKey, col(WebKey.person_id) == Person.id)
        .where(
            WebKey.key_hash == key_hash,
            WebKey.purpose == purpose,
            col(Person.active).is_(True),
            col(Person.role) == WebKey.role,
            col(Person.team_id) == WebKey.team_id,
            *alive,
        )
    )
    return found.first()
