"""The outbox: planned, claimed, sent, failed or cancelled messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bulk import batches
from storage.tables import OutgoingMessage


@dataclass(frozen=True)
class Unasked:
    """Something to say unasked, at a moment or as soon after it as can be."""

    person_id: int
    kind: str
    subject_id: int
    key: str
    not_before: datetime
    urgency: str = "normal"
    """urgent, normal or bulk: who goes first."""

    def as_row(self) -> dict[str, Any]:
        """As the table has it."""
        return {
            "person_id": self.person_id,
            "kind": self.kind,
            "subject_id": self.subject_id,
            "dedup_key": self.key,
            "not_before": self.not_before,
            "urgency": self.urgency,
        }


async def plan(
    session: AsyncSession,
    *,
    person_id: int,
    kind: str,
    subject_id: int,
    key: str,
    not_before: datetime,
    urgency: str = "normal",
) -> bool:
    """Plans a message, or revives a cancelled one; False if one with this key is planned or settled."""
    return bool(await plan_all(session, [Unasked(person_id, kind, subject_id, key, not_before, urgency)]))


async def plan_all(session: AsyncSession, messages: Sequence[Unasked]) -> list[Unasked]:
    """Plans many at once, each as plan() does; returns those that are newly planned or revived."""
    known: dict[str, str] = {}
    for keys in batches([message.key for message in messages]):
        states = select(OutgoingMessage.dedup_key, OutgoingMessage.state)
        known |= dict((await session.exec(states.where(col(OutgoingMessage.dedup_key).in_(keys)))).all())
    revived = [message for message in messages if known.get(message.key) == "cancelled"]
    for keys in batches([message.key for message in revived]):
        await session.exec(
            update(OutgoingMessage)
            .where(col(OutgoingMessage.dedup_key).in_(keys), col(OutgoingMessage.state) == "cancelled")
            .values(state="planned", reason="", settled_at=None)
        )
    fresh: dict[str, Unasked] = {}
    for message in messages:
        if message.key not in known:
            fresh.setdefault(message.key, message)
    if fresh:
        await _put(session, fresh.values())
    return [*revived, *fresh.values()]


async def _put(session: AsyncSession, messages: Iterable[Unasked]) -> None:
    """New rows; where another process has planned one meanwhile, that one stays."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    table = OutgoingMessage.__table__  # type: ignore[attr-defined]  # SQLModel's tables have it
    connection = await session.connection()
    put = dialect.insert(table).on_conflict_do_nothing(index_elements=["dedup_key"])
    await connection.execute(put, [message.as_row() for message in messages])


async def cancel(session: AsyncSession, kind_prefix: str, subject_id: int, reason: str, now: datetime) -> int:
    """Cancels what is planned about a subject; returns how many."""
    return await cancel_all(session, kind_prefix, [subject_id], reason, now)


async def cancel_all(
    session: AsyncSession, kind_prefix: str, subject_ids: Sequence[int], reason: str, now: datetime
) -> int:
    """Cancels what is planned about any of the subjects; returns how many."""
    count = 0
    for ids in batches(subject_ids):
        gone: CursorResult[Any] = await session.exec(
            update(OutgoingMessage)
            .where(
                col(OutgoingMessage.kind).startswith(kind_prefix),
                col(OutgoingMessage.subject_id).in_(ids),
                col(OutgoingMessage.state) == "planned",
            )
            .values(state="cancelled", reason=reason, settled_at=now)
        )
        count += gone.rowcount
    return count


def _due_for(person_id: int, kinds: Sequence[str], now: datetime) -> ColumnElement[bool]:
    return (
        (col(OutgoingMessage.person_id) == person_id)
        & col(OutgoingMessage.state).in_(("planned", "unknown"))
        & (col(OutgoingMessage.not_before) <= now)
        & col(OutgoingMessage.kind).in_(kinds)
    )


async def put_away_due(session: AsyncSession, person_id: int, kinds: Sequence[str], now: datetime) -> int:
    """Skips what is due for a person of these kinds; returns how many."""
    gone: CursorResult[Any] = await session.exec(
        update(OutgoingMessage)
        .where(_due_for(person_id, kinds, now))
        .values(state="skipped", reason="told in one digest", settled_at=now)
    )
    return gone.rowcount


async def keep_newest(session: AsyncSession, person_id: int, kinds: Sequence[str], now: datetime) -> None:
    """Of what is due for a person, skips all but the newest of each of these kinds."""
    for kind in kinds:
        due = _due_for(person_id, [kind], now)
        newest = select(func.max(OutgoingMessage.not_before)).where(due)
        last = (await session.exec(newest)).one()
        if last is not None:
            await session.exec(
                update(OutgoingMessage)
                .where(due, col(OutgoingMessage.not_before) < last)
                .values(state="skipped", reason="a newer one says it", settled_at=now)
            )


async def cancel_for_person(session: AsyncSession, person_id: int, reason: str, now: datetime) -> int:
    """Cancels whatever is planned for a person; returns how many."""
    gone: CursorResult[Any] = await session.exec(
        update(OutgoingMessage)
        .where(col(OutgoingMessage.person_id) == person_id, col(OutgoingMessage.state) == "planned")
        .values(state="cancelled", reason=reason, settled_at=now)
    )
    return gone.rowcount


async def planned_about(session: AsyncSession, kind: str, subject_id: int) -> Sequence[OutgoingMessage]:
    """What is planned about one subject, soonest first."""
    found = await session.exec(
        select(OutgoingMessage)
        .where(
            OutgoingMessage.kind == kind,
            OutgoingMessage.subject_id == subject_id,
            OutgoingMessage.state == "planned",
        )
        .order_by(col(OutgoingMessage.not_before))
    )
    return found.all()
