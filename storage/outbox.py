"""The outbox: planned, claimed, sent, failed or cancelled messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, update
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bulk import batches, insert
from storage.tables import OutgoingMessage


@dataclass(frozen=True)
class Unasked:
    """Something to say unasked, at a moment or as soon after it as can be."""

    person_id: int
    kind: str
    subject_id: int
    key: str
    not_before: datetime

    def as_row(self) -> dict[str, Any]:
        """As the table has it."""
        return {
            "person_id": self.person_id,
            "kind": self.kind,
            "subject_id": self.subject_id,
            "dedup_key": self.key,
            "not_before": self.not_before,
        }


async def plan(
    session: AsyncSession, *, person_id: int, kind: str, subject_id: int, key: str, not_before: datetime
) -> bool:
    """Plans a message, or revives a cancelled one; False if one with this key is planned or settled."""
    return bool(await plan_all(session, [Unasked(person_id, kind, subject_id, key, not_before)]))


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
    await insert(session, OutgoingMessage, [message.as_row() for message in fresh.values()])
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


async def claim_due(
    session: AsyncSession, *, now: datetime, stale_before: datetime, most: int = 100
) -> Sequence[OutgoingMessage]:
    """Claims what is due, and what a dead process claimed before `stale_before`, oldest first."""
    message = OutgoingMessage
    due = or_(
        (col(message.state) == "planned") & (col(message.not_before) <= now),
        (col(message.state) == "claimed") & (col(message.claimed_at) <= stale_before),
    )
    wanted = (
        select(message)
        .where(due)
        .order_by(col(message.not_before), col(message.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = (await session.exec(wanted)).all()
    for row in rows:
        row.state, row.claimed_at, row.attempts = "claimed", now, row.attempts + 1
    return rows


async def settle(
    session: AsyncSession,
    message_row_id: int,
    *,
    state: str,
    now: datetime,
    reason: str = "",
    message_id: int | None = None,
    not_before: datetime | None = None,
) -> None:
    """Ends a claim: sent, failed, cancelled, or planned again for later."""
    values: dict[str, Any] = {"state": state, "reason": reason, "settled_at": now, "message_id": message_id}
    if not_before is not None:
        values["not_before"] = not_before
    await session.exec(
        update(OutgoingMessage).where(col(OutgoingMessage.id) == message_row_id).values(**values)
    )


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
