"""Does each open clock have its reminders, and no closed one any? In few queries, whatever the size."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, update
from sqlmodel import col, exists, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.dispatch import ONCE_ONLY
from storage.tables import URGENCIES, Case, Deadline, OutgoingMessage, Person

CLOCK = "clock"
_WAITING = ("planned", "unknown")


@dataclass(frozen=True)
class OutboxCounts:
    """How many rows there are in each state, and how many are due and not gone."""

    by_state: dict[str, int]
    late: int


def _stray() -> ColumnElement[bool]:
    """A reminder that waits about a closed clock, or for somebody who no longer holds the case."""
    kept = (
        exists()
        .where(col(Deadline.id) == OutgoingMessage.subject_id)
        .where(col(Case.id) == Deadline.case_id, col(Case.closed_at).is_(None))
        .where(col(Deadline.state) == "open")
        .where(
            or_(
                col(OutgoingMessage.kind) != CLOCK,
                col(Case.worker_id) == OutgoingMessage.person_id,
                col(OutgoingMessage.dedup_key).contains(":for:"),  # told to whoever covers
            )
        )
    )
    return col(OutgoingMessage.state).in_(_WAITING) & col(OutgoingMessage.kind).startswith(CLOCK) & ~kept


async def count_stray(session: AsyncSession) -> int:
    """How many such reminders there are."""
    return (await session.exec(select(func.count()).select_from(OutgoingMessage).where(_stray()))).one()


async def cancel_stray(session: AsyncSession, now: datetime) -> int:
    """Cancels them; returns how many."""
    gone: CursorResult[Any] = await session.exec(
        update(OutgoingMessage)
        .where(_stray())
        .values(state="cancelled", reason="reconciled: the clock is closed", settled_at=now)
        .execution_options(synchronize_session=False)
    )
    return gone.rowcount


async def open_clocks(
    session: AsyncSession, timescale_ids: Collection[str], after_id: int, most: int
) -> list[tuple[Deadline, Case]]:
    """The next open clocks by id that are a worker's to keep."""
    found = await session.exec(
        select(Deadline, Case)
        .join(Case, col(Case.id) == Deadline.case_id)
        .where(
            Deadline.state == "open",
            col(Deadline.id) > after_id,
            col(Deadline.timescale_id).in_(timescale_ids),
            col(Case.closed_at).is_(None),
            col(Case.worker_id).is_not(None),
        )
        .order_by(col(Deadline.id))
        .limit(most)
    )
    return list(found.all())


async def known_keys(session: AsyncSession, deadline_ids: Sequence[int]) -> set[str]:
    """The keys of every message ever planned about these clocks."""
    found = await session.exec(
        select(OutgoingMessage.dedup_key).where(
            col(OutgoingMessage.subject_id).in_(deadline_ids), col(OutgoingMessage.kind).startswith(CLOCK)
        )
    )
    return set(found)


async def counts(session: AsyncSession, late_before: datetime) -> OutboxCounts:
    """The outbox in figures; late: due before that moment, and waiting for no
    good reason."""
    message = OutgoingMessage
    states = await session.exec(select(message.state, func.count()).group_by(message.state))
    late = await session.exec(
        select(func.count())
        .select_from(message)
        .join(Person, col(Person.id) == message.person_id)
        .where(
            col(message.state).in_((*_WAITING, "claimed")),
            col(message.urgency).in_(URGENCIES),
            col(message.not_before) < late_before,
            col(Person.reachable).is_(True),
            or_(message.state != "unknown", ~col(message.kind).startswith(ONCE_ONLY)),
        )
    )
    return OutboxCounts(dict(states.all()), late.one())
