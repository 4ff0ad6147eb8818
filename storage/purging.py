"""What has been kept long enough: counted, or deleted a batch at a time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, inspect, update
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, and_, col, exists, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import hearing
from storage.outbox import Unasked, plan_all
from storage.tables import (
    Action,
    Allocation,
    Case,
    CaseEvent,
    ClockRequest,
    Deadline,
    Dialogue,
    EntryNotice,
    Flood,
    InboxUpdate,
    NamedMessage,
    OutgoingMessage,
    Person,
    PlannedVisit,
    Question,
    ShownEntry,
    Tick,
    Visit,
    WebKey,
)

SETTLED = ("sent", "failed", "cancelled", "skipped")
_UNDER_WAY = ("planned", "claimed", "unknown")
NEVER_NAMES_A_CASE = (
    "roster",
    "practice",
    "session",
    "unreachable",
    "leave-asked",
    "leave-answered",
    "leave-cover",
    hearing.EDIT,
)
"""Kinds whose words hold no reference."""
_AN_ANNOUNCEMENT_S = ("broadcast", "announce", "progress")
"""Kinds that are kept with their announcement: they say whom it reached."""
FORGET = "forget"
"""How the key of a change begins that takes the references out of an old message."""
FORGET_OTHER = "forget-other"
"""The same for a message that no outbox row tells of: the change is about its number, below nought, which is
never a row's."""
Condition = ColumnElement[bool]


def _begins_with(kinds: tuple[str, ...]) -> Condition:
    return or_(*(col(OutgoingMessage.kind).startswith(kind) for kind in kinds))


def _sent(before: datetime) -> Condition:
    """Settled rows that nothing depends on any more.

    Not while a change of the message waits, unless nobody could be reached for as long.
    """
    change = aliased(OutgoingMessage)
    changing = exists().where(
        col(change.kind) == hearing.EDIT,
        col(change.subject_id) == OutgoingMessage.id,
        col(change.state).in_(_UNDER_WAY),
        col(change.not_before) >= before,
    )
    return and_(
        col(OutgoingMessage.state).in_(SETTLED),
        col(OutgoingMessage.settled_at) < before,
        ~_begins_with(_AN_ANNOUNCEMENT_S),
        ~changing,
    )


_ROWS: Mapping[str, tuple[type[SQLModel], Callable[[datetime], Condition]]] = {
    "questions": (Question, lambda before: col(Question.asked_at) < before),
    "shown": (ShownEntry, lambda before: col(ShownEntry.shown_at) < before),
    "notices": (EntryNotice, lambda before: col(EntryNotice.changed_at) < before),
    "inbox": (
        InboxUpdate,
        lambda before: and_(col(InboxUpdate.replied_at).is_not(None), col(InboxUpdate.received_at) < before),
    ),
    "floods": (Flood, lambda before: col(Flood.last_at) < before),
    "dialogues": (Dialogue, lambda before: col(Dialogue.expires_at) < before),
    "sent": (OutgoingMessage, _sent),
    "web_keys": (
        WebKey,
        lambda before: or_(col(WebKey.ended_at) < before, col(WebKey.expires_at) < before),
    ),
    "closed_cases": (Case, lambda before: col(Case.closed_at) < before),
}


async def count(session: AsyncSession, kind: str, before: datetime) -> int:
    """How many rows of the kind are older than that; for references, how many messages."""
    if kind == "references":
        named = await _count(session, NamedMessage, col(NamedMessage.sent_at) < before)
        return named + await _count(session, OutgoingMessage, _names_a_case(before))
    table, condition = _ROWS[kind]
    return await _count(session, table, condition(before))


async def _count(session: AsyncSession, table: type[SQLModel], condition: Condition) -> int:
    return (await session.exec(select(func.count()).select_from(table).where(condition))).one()


async def delete_some(session: AsyncSession, kind: str, before: datetime, most: int) -> int:
    """Deletes up to `most` rows of the kind that are older than that; returns how many."""
    table, condition = _ROWS[kind]
    key: Any = inspect(table).primary_key[0]
    some = select(key).where(condition(before)).limit(most)
    if table is Case:
        ids = list((await session.exec(some)).all())
        await _delete_with_cases(session, ids)
        some = ids  # type: ignore[assignment]  # a list is named as well as a query
    gone: CursorResult[Any] = await session.exec(
        delete(table).where(key.in_(some)).execution_options(synchronize_session=False)
    )
    return gone.rowcount


async def _delete_with_cases(session: AsyncSession, ids: list[int]) -> None:
    """What hangs on the cases; actions stay, about no case."""
    clocks = select(Deadline.id).where(col(Deadline.case_id).in_(ids))
    await session.exec(delete(ClockRequest).where(col(ClockRequest.deadline_id).in_(clocks)))
    for table in (Visit, PlannedVisit, Tick, Allocation, Deadline, CaseEvent):
        await session.exec(
            delete(table).where(col(table.case_id).in_(ids)).execution_options(synchronize_session=False)
        )
    await session.exec(update(Action).where(col(Action.case_id).in_(ids)).values(case_id=None))


def may_name_a_case(kind: str) -> bool:
    """Whether messages of this kind may hold a reference that leaves them after its time."""
    return kind not in NEVER_NAMES_A_CASE and not kind.startswith(_AN_ANNOUNCEMENT_S)


def _names_a_case(before: datetime) -> Condition:
    """A message in somebody's chat that may name a case, and is not changed or to be changed yet."""
    change = aliased(OutgoingMessage)
    known = exists().where(
        col(change.subject_id) == OutgoingMessage.id,
        col(change.kind) == hearing.EDIT,
        col(change.dedup_key).startswith(f"{FORGET}:"),
    )
    hears = exists().where(
        col(Person.id) == OutgoingMessage.person_id,
        col(Person.active).is_(True),
        col(Person.telegram_id).is_not(None),
    )
    return and_(
        OutgoingMessage.state == "sent",
        col(OutgoingMessage.message_id).is_not(None),
        col(OutgoingMessage.settled_at) < before,
        col(OutgoingMessage.kind).not_in(NEVER_NAMES_A_CASE),
        ~_begins_with(_AN_ANNOUNCEMENT_S),
        hears,
        ~known,
    )


async def plan_forgetting(session: AsyncSession, before: datetime, now: datetime, most: int) -> int:
    """Plans the change of up to `most` old messages, behind everything else; returns of how many."""
    found = await session.exec(
        select(OutgoingMessage).where(_names_a_case(before)).order_by(col(OutgoingMessage.id)).limit(most)
    )
    planned = [
        Unasked(row.person_id, hearing.EDIT, row.id or 0, f"{FORGET}:{row.id}", now, "bulk") for row in found
    ]
    planned += await _others(session, before, now, most)
    await plan_all(session, planned)
    return len(planned)


async def _others(session: AsyncSession, before: datetime, now: datetime, most: int) -> list[Unasked]:
    """The same for what the outbox doesn't know; its rows have done their work and go."""
    old = select(NamedMessage).where(col(NamedMessage.sent_at) < before)
    found = (await session.exec(old.order_by(col(NamedMessage.id)).limit(most))).all()
    await session.exec(
        delete(NamedMessage)
        .where(col(NamedMessage.id).in_([row.id for row in found]))
        .execution_options(synchronize_session=False)
    )
    return [
        Unasked(
            row.person_id,
            hearing.EDIT,
            -row.message_id,
            f"{FORGET_OTHER}:{row.person_id}:{row.message_id}:{row.sent_at.timestamp():.0f}",
            now,
            "bulk",
        )
        for row in found
    ]
