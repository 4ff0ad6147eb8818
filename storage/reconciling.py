"""Has no closed clock any reminders, and where does the outbox stand? In few queries, whatever the size."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, update
from sqlmodel import col, exists, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.dispatch import ONCE_ONLY
from storage.ladders import CLOCK, RECONCILED, Span
from storage.tables import URGENCIES, Case, Deadline, Leave, OutgoingMessage, Person

_CLOSED = f"{RECONCILED}: the clock is closed"
_WAITING = ("planned", "unknown")


@dataclass(frozen=True)
class OutboxCounts:
    """How many rows there are in each state, and how many are due and not gone."""

    by_state: dict[str, int]
    late: int


def _stray(span: Span) -> ColumnElement[bool]:
    """A reminder that waits about a closed clock, or for somebody who no longer holds the case.

    A cover or manager who snoozed a worker's clock is to hear of it again.
    """
    covers = exists().where(
        col(Leave.person_id) == Case.worker_id,
        col(Leave.cover_id) == OutgoingMessage.person_id,
        col(Leave.state) == "agreed",
    )
    manages = exists().where(
        col(Person.id) == OutgoingMessage.person_id,
        col(Person.team_id) == Case.team_id,
        col(Person.role) == "manager",
        col(Person.active).is_(True),
    )
    kept = (
        exists()
        .where(span.holds(col(Deadline.id)), col(Deadline.id) == OutgoingMessage.subject_id)
        .where(col(Case.id) == Deadline.case_id, col(Case.closed_at).is_(None))
        .where(col(Deadline.state) == "open")
        .where(
            or_(
                col(OutgoingMessage.kind) != CLOCK,
                col(Case.worker_id) == OutgoingMessage.person_id,
                col(OutgoingMessage.dedup_key).contains(":for:"),  # told to whoever covers
                col(OutgoingMessage.dedup_key).contains(":snooze:") & or_(covers, manages),
            )
        )
    )
    return (
        span.holds(col(OutgoingMessage.subject_id))
        & col(OutgoingMessage.state).in_(_WAITING)
        & col(OutgoingMessage.kind).startswith(CLOCK)
        & ~kept
    )


async def count_stray(session: AsyncSession, span: Span) -> int:
    """How many such reminders there are about the clocks of the span."""
    return (await session.exec(select(func.count()).select_from(OutgoingMessage).where(_stray(span)))).one()


async def cancel_stray(session: AsyncSession, span: Span, now: datetime) -> int:
    """Cancels them; returns how many."""
    gone: CursorResult[Any] = await session.exec(
        update(OutgoingMessage)
        .where(_stray(span))
        .values(state="cancelled", reason=_CLOSED, settled_at=now)
        .execution_options(synchronize_session=False)
    )
    return gone.rowcount


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
