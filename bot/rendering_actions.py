"""What outgoing messages about actions and announcements say, made at the moment of sending."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services import action_changes, progress
from bot.services.broadcasting import acknowledged
from bot.services.office import Office
from bot.services.shares import ShareView, share_view
from bot.texts import action_cards as cards
from bot.texts import action_news as news
from bot.texts import broadcasts as texts
from bot.texts.reply import Button, Say
from storage import actions, broadcasts, people
from storage.tables import Broadcast, BroadcastRecipient, OutgoingMessage, Person

_CARDS = ("action-new", "action-returned", "action-card", "action-changed")
"""The kinds that show an action's card, of which the newest is changed when the action is."""
Words = Callable[[AsyncSession, Office, Person, OutgoingMessage, datetime], Coroutine[Any, Any, Say | None]]


async def action_words(
    session: AsyncSession, office: Office, person: Person, message: OutgoingMessage, now: datetime
) -> Say | None:
    """A message about a share, or about a question on it; None where nothing is left to say."""
    if message.kind in ("action-asked", "action-answered"):
        return await _question(session, message)
    found = await actions.share_by_id(session, message.subject_id)
    if found is None:
        return None
    view = await share_view(session, *found)
    if person.id == view.worker.id:
        return await _to_worker(session, view, message)
    return _to_manager(office, view, message.kind)


async def _question(session: AsyncSession, message: OutgoingMessage) -> Say | None:
    found = await action_changes.asked(session, message.subject_id, message.kind.removeprefix("action-"))
    if found is None:
        return None
    change, view = found
    if message.kind == "action-answered":
        return Say(news.told_answered(view, change.before, change.why))
    button = Button("Answer", f"aans:{change.id}")
    return Say(news.told_asked(view, change.why), ((button,),))


async def _to_worker(session: AsyncSession, view: ShareView, message: OutgoingMessage) -> Say | None:
    kind, state = message.kind, view.share.state
    card = Say(cards.card(view), cards.card_buttons(view))
    if kind == "action-card":
        sent = await broadcasts.sent_message(session, _CARDS, message.subject_id, message.person_id)
        return replace(card, replaces=sent) if sent is not None else None
    if kind in ("action-cancelled", "action-closed"):
        words = news.told_closed if state == "closed" else news.told_cancelled
        return Say(words(view)) if kind == f"action-{state}" else None
    if state not in actions.OPEN or (kind == "action-returned" and state != "returned"):
        return None
    if kind == "action-redated":
        return Say(news.told_redated(view, await _why_redated(session, view)))
    return card


async def _why_redated(session: AsyncSession, view: ShareView) -> str:
    changes = await actions.changes_of_action(session, view.action.id or 0)
    return next((change.why for change in reversed(changes) if change.what == "redated"), "")


def _to_manager(office: Office, view: ShareView, kind: str) -> Say | None:
    state = view.share.state
    if kind == "action-done" and state == "done" and view.share.done_at is not None:
        done_on, set_on = office.today(view.share.done_at), office.today(view.action.created_at)
        return Say(news.told_done(view, done_on, set_on), cards.done_buttons(view))
    if kind == "action-acknowledged" and state == "acknowledged":
        return Say(news.told_acknowledged(view))
    if kind == "action-moved":
        return Say(news.told_moved(view, view.case_reference))
    return None


async def _copy(
    session: AsyncSession, _office: Office, person: Person, message: OutgoingMessage, now: datetime
) -> Say | None:
    """An announcement's copy, a correction of it in place, or a reminder of it."""
    found = await _received(session, message)
    if found is None:
        return None
    broadcast, recipient, sender = found
    assert broadcast.id is not None
    shares = await broadcasts.shares_of(session, broadcast.id, person.id)
    share = shares[-1][0] if shares else None
    states = {person.id or 0: share.state} if share is not None else {}
    has = acknowledged(broadcast, recipient, states)
    buttons = texts.copy_buttons(broadcast, message.subject_id, acknowledged=has, share=share)
    copy = Say(texts.copy_text(broadcast, sender), buttons, file=texts.attached(broadcast))
    if message.kind == broadcasts.COPY:
        return copy if broadcast.state == "sent" else None
    if message.kind == "announce-nudge":
        return (
            None if has or broadcast.state != "sent" else replace(copy, text=texts.nudge(broadcast, sender))
        )
    kinds = (broadcasts.COPY, "announce-edit")
    sent = await broadcasts.sent_message(session, kinds, message.subject_id, message.person_id)
    if has and broadcast.kind == "read" and broadcast.state == "sent":
        copy = replace(copy, text=texts.read_it(broadcast, sender))
    if sent is None:
        return None
    since = await broadcasts.sent_at(session, message.person_id, sent)
    goes = broadcast.state == "withdrawn" and copy.file is not None
    return replace(
        copy, replaces=sent, takes_back=goes and since is not None and now - since < texts.DELETABLE_FOR
    )


async def _old_copy(
    session: AsyncSession, _office: Office, _person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    """The copy of an earlier version: it says that a newer one is further down."""
    found = await _received(session, message)
    if found is None:
        return None
    version = int(message.dedup_key.split(":")[2])
    rows = (await broadcasts.copies(session, [message.subject_id])).get(message.subject_id, [])
    old = [
        row.message_id for row in rows if row.message_id and int(row.dedup_key.rsplit(":", 1)[1]) < version
    ]
    if not old:
        return None
    return Say(texts.replaced(), file=texts.attached(found[0]), replaces=old[-1])


async def _received(
    session: AsyncSession, message: OutgoingMessage
) -> tuple[Broadcast, BroadcastRecipient, str] | None:
    recipient = await broadcasts.recipient_by_id(session, message.subject_id)
    broadcast = await broadcasts.broadcast_by_id(session, recipient.broadcast_id) if recipient else None
    sender = await people.person_by_id(session, broadcast.sender_id) if broadcast is not None else None
    if recipient is None or broadcast is None or sender is None:
        return None
    return broadcast, recipient, sender.name


async def _progress(
    session: AsyncSession, office: Office, person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    broadcast = await broadcasts.broadcast_by_id(session, message.subject_id)
    if broadcast is None or broadcast.sender_id != person.id:
        return None
    found = await progress.progress_of(session, broadcast)
    broadcast.progress_shown = found.shown  # what is said now need not be said again
    sent = await broadcasts.sent_message(session, (progress.KIND,), message.subject_id, message.person_id)
    return Say(texts.progress(found, office.zone), texts.progress_buttons(found), replaces=sent)


ANNOUNCEMENTS: dict[str, Words] = {
    broadcasts.COPY: _copy,
    "announce-edit": _copy,
    "announce-nudge": _copy,
    "announce-old": _old_copy,
    progress.KIND: _progress,
}
