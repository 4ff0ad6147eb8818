"""The outbox: planned, claimed, sent, failed or cancelled messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
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
    known: dict[str, OutgoingMessage] = {}
    for keys in batches([message.key for message in messages]):
        found = await session.exec(select(OutgoingMessage).where(col(OutgoingMessage.dedup_key).in_(keys)))
        known |= {message.dedup_key: message for message in found}
    revived: list[Unasked] = []
    fresh: dict[str, Unasked] = {}
    for message in messages:
        before = known.get(message.key)
        if before is None:
            fresh.setdefault(message.key, message)
        elif before.state == "cancelled":
            before.state, before.reason, before.settled_at = "planned", "", None
            revived.append(message)
    if fresh:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        put = dialect.insert(OutgoingMessage).on_conflict_do_nothing(index_elements=["dedup_key"])
        await session.exec(put, params=[message.as_row() for message in fresh.values()])
    return [*revived, *fresh.values()]


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


async def put_away_due(session: AsyncSession, person_id: int, *, but: Sequence[str], now: datetime) -> int:
    """Skips what is due for a person, except kinds that begin with one of `but`; returns how many."""
    gone: CursorResult[Any] = await session.exec(
        update(OutgoingMessage)
        .where(
            col(OutgoingMessage.person_id) == person_id,
            col(OutgoingMessage.state).in_(("planned", "unknown")),
            col(OutgoingMessage.not_before) <= now,
            *(~col(OutgoingMessage.kind).startswith(kind) for kind in but),
        )
        .values(state="skipped", reason="told in one digest", settled_at=now)
    )
    return gone.rowcount


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
