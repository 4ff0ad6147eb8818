"""The outbox seen from the person: what waits, what was said together, what was said already."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, case, update
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bulk import batches
from storage.tables import CAN_WAIT, Heartbeat, OutgoingMessage, Person

EDIT = "edit"
_THE_ONE = 1


async def heartbeat(session: AsyncSession) -> Heartbeat | None:
    """When something was last planned, or None before the first time."""
    return await session.get(Heartbeat, _THE_ONE)


async def beat(session: AsyncSession, now: datetime) -> datetime | None:
    """Keeps that something is planned now; returns when it was planned before."""
    found = await heartbeat(session)
    if found is None:
        session.add(Heartbeat(id=_THE_ONE, at=now))
        return None
    before, found.at = found.at, now
    return before


async def message_by_id(session: AsyncSession, row_id: int) -> OutgoingMessage | None:
    """The row with this id, or None."""
    return await session.get(OutgoingMessage, row_id)


def _due(now: datetime) -> Any:
    message = OutgoingMessage
    return (
        (col(message.state) == "planned")
        & (col(message.not_before) <= now)
        & col(message.urgency).in_(CAN_WAIT)
        & (col(message.kind) != EDIT)
    )


async def waiting(session: AsyncSession, now: datetime) -> list[tuple[Person, bool]]:
    """Everybody for whom something is due that can wait, and whether any of it went to many."""
    bulk = func.max(case((col(OutgoingMessage.urgency) == "bulk", 1), else_=0)).label("bulk")
    due = select(OutgoingMessage.person_id, bulk).where(_due(now)).group_by(col(OutgoingMessage.person_id))
    rows = due.subquery()
    found = await session.exec(select(Person, rows.c.bulk).join(rows, rows.c.person_id == Person.id))
    return [(person, bool(many)) for person, many in found]


async def urgent_for(
    session: AsyncSession, person_ids: Sequence[int], now: datetime
) -> list[OutgoingMessage]:
    """What is due for these people and can't wait."""
    message = OutgoingMessage
    found = await session.exec(
        select(message).where(
            col(message.state) == "planned",
            message.urgency == "urgent",
            col(message.not_before) <= now,
            col(message.person_id).in_(person_ids),
        )
    )
    return list(found.all())


async def due_for(session: AsyncSession, person_id: int, now: datetime) -> list[OutgoingMessage]:
    """What is due for a person and can wait."""
    found = await session.exec(
        select(OutgoingMessage).where(OutgoingMessage.person_id == person_id, _due(now))
    )
    return list(found.all())


async def bundle(
    session: AsyncSession, lead: OutgoingMessage, kinds: Sequence[str], until: datetime, now: datetime
) -> None:
    """The person's other messages of these kinds, due until then, are said by `lead`."""
    message = OutgoingMessage
    await session.exec(
        update(message)
        .where(
            col(message.person_id) == lead.person_id,
            col(message.kind).in_(kinds),
            col(message.urgency) == lead.urgency,
            col(message.state) == "planned",
            col(message.not_before) <= until,
            col(message.id) != lead.id,
            col(message.bundled_into).is_(None),
        )
        .values(state="skipped", reason="said together", settled_at=now, bundled_into=lead.id)
        .execution_options(synchronize_session=False)
    )


async def subjects(session: AsyncSession, lead: OutgoingMessage, kind: str) -> list[int]:
    """What of this kind the message is about: its own subject first, then those bundled with it."""
    found = await session.exec(
        select(OutgoingMessage.subject_id)
        .where(OutgoingMessage.bundled_into == lead.id, OutgoingMessage.kind == kind)
        .order_by(col(OutgoingMessage.not_before), col(OutgoingMessage.id))
    )
    own = [lead.subject_id] if lead.kind == kind else []
    return list(dict.fromkeys([*own, *found.all()]))


async def sent_about(
    session: AsyncSession, kind_prefix: str, subject_ids: Sequence[int], since: datetime
) -> list[OutgoingMessage]:
    """The messages sent since then that were about any of these subjects, alone or with others."""
    message = OutgoingMessage
    leads: dict[int, OutgoingMessage] = {}
    for ids in batches(subject_ids):
        about = (col(message.subject_id).in_(ids)) & (col(message.kind).startswith(kind_prefix))
        bundles = select(message.bundled_into).where(about, col(message.bundled_into).is_not(None))
        found = await session.exec(
            select(message).where(
                message.state == "sent",
                col(message.message_id).is_not(None),
                col(message.settled_at) >= since,
                or_(about, col(message.id).in_(bundles)),
            )
        )
        leads |= {row.id or 0: row for row in found}
    return list(leads.values())


async def digests_sent(
    session: AsyncSession, person_ids: Sequence[int], since: datetime
) -> list[OutgoingMessage]:
    """The digests that reached any of these people's chats since then."""
    message = OutgoingMessage
    rows: list[OutgoingMessage] = []
    for ids in batches(person_ids):
        found = await session.exec(
            select(message).where(
                message.kind == "digest",
                message.state == "sent",
                col(message.message_id).is_not(None),
                col(message.settled_at) >= since,
                col(message.person_id).in_(ids),
            )
        )
        rows += found.all()
    return rows


async def put_away(
    session: AsyncSession, kinds: Sequence[str], since: datetime, until: datetime, reason: str
) -> list[int]:
    """Cancels what was due within this time and can wait; returns for whom, once for each."""
    message = OutgoingMessage
    passed = (
        (col(message.state) == "planned")
        & col(message.urgency).in_(CAN_WAIT)
        & col(message.kind).in_(kinds)
        & (col(message.not_before) > since)
        & (col(message.not_before) <= until)
    )
    people = list((await session.exec(select(message.person_id).where(passed))).all())
    gone: CursorResult[Any] = await session.exec(
        update(message)
        .where(passed)
        .values(state="cancelled", reason=reason, settled_at=until)
        .execution_options(synchronize_session=False)
    )
    assert gone.rowcount == len(people)
    return people


async def put_away_for(session: AsyncSession, person_id: int, reason: str, at: datetime) -> int:
    """How many were put away for a person at that moment, for that reason."""
    found = await session.exec(
        select(OutgoingMessage.id).where(
            OutgoingMessage.person_id == person_id,
            OutgoingMessage.state == "cancelled",
            OutgoingMessage.reason == reason,
            OutgoingMessage.settled_at == at,
        )
    )
    return len(found.all())


async def told_since(session: AsyncSession, person_id: int, kind: str, since: datetime) -> bool:
    """Whether a message of this kind reached the person since then."""
    found = await session.exec(
        select(OutgoingMessage.id).where(
            OutgoingMessage.person_id == person_id,
            OutgoingMessage.kind == kind,
            OutgoingMessage.state == "sent",
            col(OutgoingMessage.settled_at) >= since,
        )
    )
    return found.first() is not None


async def hush(
    session: AsyncSession, person_id: int, deadline_id: int, until: datetime, now: datetime
) -> None:
    """Cancels a clock's reminders that would come before then."""
    message = OutgoingMessage
    await session.exec(
        update(message)
        .where(
            col(message.person_id) == person_id,
            col(message.kind) == "clock",
            col(message.subject_id) == deadline_id,
            col(message.state) == "planned",
            col(message.not_before) < until,
        )
        .values(state="cancelled", reason="snoozed", settled_at=now)
        .execution_options(synchronize_session=False)
    )


async def retime(session: AsyncSession, wanted: Mapping[str, datetime]) -> None:
    """Moves planned rows, by their keys, to these moments."""
    for keys in batches(list(wanted)):
        found = await session.exec(
            select(OutgoingMessage).where(
                col(OutgoingMessage.dedup_key).in_(keys), OutgoingMessage.state == "planned"
            )
        )
        for row in found:
            row.not_before = wanted[row.dedup_key]


async def edits_waiting(session: AsyncSession, row_ids: Sequence[int]) -> set[int]:
    """Those of the sent messages whose change is planned already."""
    found: set[int] = set()
    for ids in batches(row_ids):
        found |= set(
            await session.exec(
                select(OutgoingMessage.subject_id).where(
                    OutgoingMessage.kind == EDIT,
                    OutgoingMessage.state == "planned",
                    col(OutgoingMessage.subject_id).in_(ids),
                )
            )
        )
    return found
