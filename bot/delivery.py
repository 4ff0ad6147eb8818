"""Sends what the outbox holds: words are made at the moment of sending, from the state as it is then."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rendering import render
from bot.rules.retries import next_try
from bot.services import practice, supervision
from bot.services.office import Office
from bot.texts.reply import Say
from storage import outbox, people
from storage.database import Database
from storage.tables import OutgoingMessage, Person

log = logging.getLogger(__name__)
CLAIM_EXPIRES = timedelta(minutes=10)


@dataclass(frozen=True)
class Sent:
    """Telegram took the message."""

    message_id: int


@dataclass(frozen=True)
class TryLater:
    """It did not go out, but may; after: seconds that Telegram asked us to wait, if it did."""

    reason: str
    after: float | None = None


@dataclass(frozen=True)
class Failed:
    """It will never go out as it is."""

    reason: str


@dataclass(frozen=True)
class Unreachable:
    """The person has blocked the bot or never started it."""

    reason: str


Receipt = Sent | TryLater | Failed | Unreachable
Send = Callable[[int, Say], Awaitable[Receipt]]


async def tick(database: Database, office: Office, send: Send, now: datetime) -> int:
    """Plans what has become due and sends it; returns how many messages went out."""
    async with database.transaction() as session:
        await plan_digests(session, office, now)
        await supervision.plan_overdue(session, office, now)
        await practice.plan_digests(session, office, now)
    sent = 0
    while True:
        async with database.transaction() as session:
            claimed = await outbox.claim_due(session, now=now, stale_before=now - CLAIM_EXPIRES)
        for message in claimed:
            sent += await _deliver(database, office, send, message, now)
        if not claimed:
            return sent


async def plan_digests(session: AsyncSession, office: Office, now: datetime) -> int:
    """One digest a person on each working day, once their time has come; returns how many are new."""
    today = office.today(now)
    if not office.calendar.is_working_day(today):
        return 0
    planned = 0
    for person in await people.everybody(session):
        minute = person.digest_minute
        moment = office.at(today, time(minute // 60, minute % 60))
        if moment <= now and person.created_at < moment and person.id is not None:
            planned += await outbox.plan(
                session,
                person_id=person.id,
                kind="digest",
                subject_id=person.id,
                key=f"digest:{person.id}:{today}",
                not_before=moment,
            )
    return planned


async def _deliver(
    database: Database, office: Office, send: Send, message: OutgoingMessage, now: datetime
) -> bool:
    assert message.id is not None
    async with database.transaction() as session:
        person = await people.person_by_id(session, message.person_id)
        words = await render(session, office, person, message, now) if _may_hear(person) else None
        if person is None or words is None:
            reason = "nothing left to say" if _may_hear(person) else "can't be reached"
            await outbox.settle(session, message.id, state="skipped", now=now, reason=reason)
            return False
    receipt = await _attempt(send, person, words, message.id)
    async with database.transaction() as session:
        await _settle(session, message, receipt, now)
    return isinstance(receipt, Sent)


def _may_hear(person: Person | None) -> bool:
    """False for somebody who has left, or has blocked the bot: their next digest says what still stands."""
    return person is not None and person.active and person.reachable and person.telegram_id is not None


async def _attempt(send: Send, person: Person, words: Say, row_id: int) -> Receipt:
    """A surprise in one message is logged and never stops the others."""
    try:
        return await send(person.telegram_id or 0, words)
    except Exception as surprise:
        log.exception("outgoing message %s", row_id)
        return TryLater(type(surprise).__name__)


async def _settle(session: AsyncSession, message: OutgoingMessage, receipt: Receipt, now: datetime) -> None:
    assert message.id is not None
    if isinstance(receipt, Sent):
        await outbox.settle(session, message.id, state="sent", now=now, message_id=receipt.message_id)
        return
    if isinstance(receipt, Unreachable):
        person = await people.person_by_id(session, message.person_id)
        if person is not None:
            person.reachable = False
    again = next_try(message.attempts, now) if isinstance(receipt, TryLater) else None
    if isinstance(receipt, TryLater) and receipt.after is not None:
        again = now + timedelta(seconds=receipt.after)
    state = "planned" if again is not None else "failed"
    await outbox.settle(session, message.id, state=state, now=now, reason=receipt.reason, not_before=again)
