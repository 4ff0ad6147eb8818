"""Sends what the outbox holds: words are made at the moment of sending, from the state as it is then."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.dates import show_date
from bot.rules.retries import next_try
from bot.services import agenda, casework, clocks, drift, supervision
from bot.services.office import Office
from bot.texts import caseload as caseload_texts
from bot.texts import cases as case_texts
from bot.texts import supervision as action_texts
from bot.texts.reply import Say
from storage import actions, cases, outbox, people, requests
from storage.database import Database
from storage.tables import OutgoingMessage, Person

log = logging.getLogger(__name__)
CLAIM_EXPIRES = timedelta(minutes=10)
HANDOVER_DAYS = 10
"""How many working days a handover card looks ahead."""


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
            await outbox.settle(session, message.id, state="skipped", now=now, reason="nothing left to say")
            return False
    receipt = await _attempt(send, person, words, message.id)
    async with database.transaction() as session:
        await _settle(session, message, receipt, now)
    return isinstance(receipt, Sent)


def _may_hear(person: Person | None) -> bool:
    return person is not None and person.active and person.telegram_id is not None


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


async def render(
    session: AsyncSession, office: Office, person: Person | None, message: OutgoingMessage, now: datetime
) -> Say | None:
    """The message's words now; None where there is nothing left to say."""
    if person is None:
        return None
    if message.kind == "clock":
        return await _clock(session, office, message.subject_id, now)
    if message.kind == "digest":
        return await _digest(session, office, person, now)
    if message.kind in ("request", "decision"):
        return await _request(session, office, message, now)
    if message.kind == "handover":
        return await _handover(session, office, person, message.subject_id, now)
    return await _action(session, office, person, message, now)


async def _clock(session: AsyncSession, office: Office, deadline_id: int, now: datetime) -> Say | None:
    deadline = await cases.deadline_by_id(session, deadline_id)
    if deadline is None or deadline.state != "open":
        return None
    view = await clocks.view(session, office, deadline)
    text = case_texts.clock_card(view, office.today(now), office.zone)
    return Say(text, case_texts.clock_buttons(view))


async def _request(
    session: AsyncSession, office: Office, message: OutgoingMessage, now: datetime
) -> Say | None:
    asked = await requests.request_by_id(session, message.subject_id)
    deadline = await cases.deadline_by_id(session, asked.deadline_id) if asked is not None else None
    if asked is None or deadline is None:
        return None
    view = await clocks.view(session, office, deadline)
    if message.kind == "decision":
        return Say(caseload_texts.decision(asked, view))
    worker = await people.person_by_id(session, asked.asked_by)
    if asked.state != "asked" or worker is None:
        return None
    return Say(
        caseload_texts.request(asked, view, worker), caseload_texts.request_buttons(message.subject_id)
    )


async def _handover(
    session: AsyncSession, office: Office, person: Person, case_id: int, now: datetime
) -> Say | None:
    case = await cases.case_by_id(session, case_id)
    if case is None or case.worker_id != person.id:
        return None
    today = office.today(now)
    page = await casework.case_page(session, office, case, today)
    horizon = office.calendar.forward(today, HANDOVER_DAYS)
    soon = [view for view in page.open_clocks if view.effective <= horizon]
    signs = [sign.words for sign in await drift.signs_of(session, office, case, today)]
    text = caseload_texts.handover_card(page, today, office.zone, soon, signs)
    return Say(text, caseload_texts.handover_buttons(case))


async def _digest(session: AsyncSession, office: Office, person: Person, now: datetime) -> Say | None:
    found = await agenda.agenda(session, office, person, now)
    if found.empty:
        return None
    text = case_texts.agenda(found, office.zone, title=show_date(found.today))
    return Say(text, case_texts.agenda_buttons(found))


async def _action(
    session: AsyncSession, office: Office, person: Person, message: OutgoingMessage, now: datetime
) -> Say | None:
    found = await actions.share_by_id(session, message.subject_id)
    if found is None:
        return None
    view = await supervision.share_view(session, *found)
    if view.share.done_at is not None:
        return _told_done(office, view, view.share.done_at) if message.kind == "action-done" else None
    return _open_action(message.kind, view, office.today(now), to_worker=person.id == view.worker.id)


def _told_done(office: Office, view: supervision.ShareView, done_at: datetime) -> Say:
    return Say(action_texts.told_done(view, office.today(done_at), office.today(view.action.created_at)))


def _open_action(kind: str, view: supervision.ShareView, today: date, *, to_worker: bool) -> Say:
    if kind == "action-acknowledged":
        return Say(action_texts.told_acknowledged(view))
    if kind == "action-overdue" and not to_worker:
        return Say(action_texts.overdue_for_manager(view, today))
    text = (
        action_texts.overdue_for_worker(view, today) if kind == "action-overdue" else action_texts.card(view)
    )
    return Say(text, action_texts.card_buttons(view))
