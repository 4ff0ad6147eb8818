"""Announcements, whom they go to, and what became of each copy."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bulk import batches
from storage.tables import (
    Action,
    ActionRecipient,
    Broadcast,
    BroadcastRecipient,
    OutgoingMessage,
    Person,
)

COPY = "broadcast"
"""The kind of a row that carries an announcement to a person: at most once."""


async def broadcast_by_id(session: AsyncSession, broadcast_id: int) -> Broadcast | None:
    """The announcement with this id, or None."""
    return await session.get(Broadcast, broadcast_id)


async def recipient_by_id(session: AsyncSession, recipient_id: int) -> BroadcastRecipient | None:
    """One person's part in an announcement, or None."""
    return await session.get(BroadcastRecipient, recipient_id)


async def recipient_of(session: AsyncSession, broadcast_id: int, person_id: int) -> BroadcastRecipient | None:
    """This person's part in an announcement, or None."""
    found = await session.exec(
        select(BroadcastRecipient).where(
            BroadcastRecipient.broadcast_id == broadcast_id, BroadcastRecipient.person_id == person_id
        )
    )
    return found.first()


async def recipients_of(
    session: AsyncSession, broadcast_id: int
) -> Sequence[tuple[BroadcastRecipient, Person]]:
    """Everybody it goes to, by name."""
    found = await session.exec(
        select(BroadcastRecipient, Person)
        .join(Person, col(Person.id) == BroadcastRecipient.person_id)
        .where(BroadcastRecipient.broadcast_id == broadcast_id)
        .order_by(Person.name)
    )
    return found.all()


async def due(session: AsyncSession, now: datetime) -> Sequence[Broadcast]:
    """What is planned and due."""
    found = await session.exec(
        select(Broadcast).where(Broadcast.state == "planned", Broadcast.send_at <= now).with_for_update()
    )
    return found.all()


async def sent_since(session: AsyncSession, since: datetime) -> Sequence[Broadcast]:
    """What was sent (and not taken back) since a moment."""
    found = await session.exec(
        select(Broadcast).where(Broadcast.state != "planned", Broadcast.send_at >= since)
    )
    return found.all()


async def latest_of(session: AsyncSession, sender_id: int, most: int = 8) -> Sequence[Broadcast]:
    """A manager's latest announcements, the newest first."""
    found = await session.exec(
        select(Broadcast)
        .where(Broadcast.sender_id == sender_id)
        .order_by(col(Broadcast.id).desc())
        .limit(most)
    )
    return found.all()


async def copies(
    session: AsyncSession, recipient_ids: Sequence[int], kind: str = COPY
) -> dict[int, list[OutgoingMessage]]:
    """The rows that carry it to these recipients, each one's oldest first."""
    found: dict[int, list[OutgoingMessage]] = {}
    for ids in batches(recipient_ids):
        rows = await session.exec(
            select(OutgoingMessage)
            .where(OutgoingMessage.kind == kind, col(OutgoingMessage.subject_id).in_(ids))
            .order_by(col(OutgoingMessage.id))
        )
        for row in rows:
            found.setdefault(row.subject_id, []).append(row)
    return found


async def share_states(session: AsyncSession, broadcast_id: int) -> dict[int, str]:
    """The state of each person's action in an announcement that asks for one, by person."""
    found = await session.exec(
        select(ActionRecipient.person_id, ActionRecipient.state)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(Action.broadcast_id == broadcast_id)
    )
    return dict(found.all())


async def shares_of(
    session: AsyncSession, broadcast_id: int, person_id: int | None = None
) -> Sequence[tuple[ActionRecipient, Action]]:
    """The shares of an announcement's action, of one person or of all."""
    wanted = (
        select(ActionRecipient, Action)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(Action.broadcast_id == broadcast_id)
        .order_by(col(ActionRecipient.id))
    )
    if person_id is not None:
        wanted = wanted.where(ActionRecipient.person_id == person_id)
    return (await session.exec(wanted)).all()


async def acts_by_team(session: AsyncSession, team_ids: Sequence[int], since: datetime) -> dict[int, int]:
    """How many announcements that ask for an action each team has had, or will have, since a moment."""
    found = await session.exec(
        select(Person.team_id, func.count(func.distinct(col(Broadcast.id))))
        .join(BroadcastRecipient, col(BroadcastRecipient.person_id) == Person.id)
        .join(Broadcast, col(Broadcast.id) == BroadcastRecipient.broadcast_id)
        .where(
            col(Person.team_id).in_(team_ids),
            Broadcast.kind == "act",
            Broadcast.state != "withdrawn",
            Broadcast.send_at > since,
        )
        .group_by(col(Person.team_id))
    )
    return dict(found.all())


async def sent_at(session: AsyncSession, person_id: int, message_id: int) -> datetime | None:
    """When the message with this id came into a person's chat, before any change of it; or None."""
    found = await session.exec(
        select(func.min(OutgoingMessage.settled_at)).where(
            OutgoingMessage.person_id == person_id, OutgoingMessage.message_id == message_id
        )
    )
    return found.one()


async def sent_message(
    session: AsyncSession, kinds: Sequence[str], subject_id: int, person_id: int
) -> int | None:
    """Telegram's id of the latest message of these kinds about a subject in a person's chat, or None."""
    found = await session.exec(
        select(OutgoingMessage.message_id)
        .where(
            col(OutgoingMessage.kind).in_(kinds),
            OutgoingMessage.subject_id == subject_id,
            OutgoingMessage.person_id == person_id,
            col(OutgoingMessage.message_id).is_not(None),
        )
        .order_by(col(OutgoingMessage.id).desc())
    )
    return found.first()
