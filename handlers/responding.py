"""One update, one transaction: effects, replies and the mark "handled" are committed together."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import Update

from bot.conversations.engine import Talk
from bot.counting import UPDATES
from bot.rules.access import require_for_command
from bot.rules.errors import Refusal
from bot.services import reaching
from bot.services.auditing import note
from bot.services.office import Office
from bot.texts.guarding import refused
from bot.texts.html import esc, plain
from bot.texts.joining import HOW_TO_JOIN, SOMETHING_WENT_WRONG
from bot.texts.reply import Edit, Reply, Say, Toast, from_json, to_json
from handlers.context import BotContext
from handlers.guarding import emergency, withheld
from handlers.lanes import account_of
from handlers.pacing import answer_to_flood
from handlers.sending import NotDelivered, deliver
from handlers.trespass import STRANGER, line_about
from handlers.turns import in_turn
from storage import inbox, naming, people
from storage.tables import InboxUpdate, Person

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Incoming:
    """What an update says, with Telegram's optional parts narrowed. text: words, or a button's data."""

    account: int
    first_name: str
    text: str
    args: str
    pressed: bool
    private: bool
    chat: int = 0
    message: int = 0


Act = Callable[[AsyncSession, Office, Person | None, Incoming, datetime], Awaitable[Sequence[Reply]]]
TalkAct = Callable[[Talk, Incoming], Awaitable[Sequence[Reply]]]
Handler = Callable[[Update, BotContext], Coroutine[Any, Any, None]]


def incoming(update: Update) -> Incoming:
    """The only place that narrows Telegram's optionals."""
    user, chat, query = update.effective_user, update.effective_chat, update.callback_query
    message = update.message or update.edited_message
    text = (query.data if query is not None else message.text if message is not None else None) or ""
    command, *args = text.split(maxsplit=1) or [""]
    return Incoming(
        account=user.id if user is not None else 0,
        first_name=user.first_name if user is not None else "",
        text=text,
        args=args[0] if args and command.startswith("/") else "",
        pressed=query is not None,
        private=chat is not None and chat.type == "private",
        chat=chat.id if chat is not None else 0,
        message=message.message_id if message is not None else 0,
    )


def responds(act: Act) -> Handler:
    """A PTB callback around `act`, which may be called by anybody."""

    async def handler(update: Update, context: BotContext) -> None:
        await _respond(update, context, act)

    return handler


def member_responds(act: TalkAct, command: str = "") -> Handler:
    """A PTB callback around `act`, for people who have joined and whose role covers the command.

    Others are told how to join, or that it isn't open to them.
    """

    async def for_members(
        session: AsyncSession, office: Office, person: Person | None, said: Incoming, now: datetime
    ) -> Sequence[Reply]:
        if person is None:
            if not said.pressed:
                return [Say(esc(HOW_TO_JOIN))]
            await note(session, None, STRANGER, f"account {said.account}", now)
            return [Toast(HOW_TO_JOIN, alert=True)]
        await reaching.back(session, person, now)
        require_for_command(person.role, command)
        return await act(Talk(session, office, person, now), said)

    return responds(for_members)


async def _respond(update: Update, context: BotContext, act: Act) -> None:
    said = incoming(update)
    try:
        replies = await _once(update, context, act, said)
    except Refusal as refusal:
        text = esc(str(refusal))
        replies = await _keep(
            update,
            context,
            [Toast(text, alert=True) if said.pressed else Say(text)],
            line_about(refusal, said.text, pressed=said.pressed),
        )
        UPDATES.labels("refused").inc()
    except Exception as bug:
        log.exception("update %s failed: %s", update.update_id, type(bug).__name__)
        replies = await _keep(update, context, [Say(SOMETHING_WENT_WRONG)])
        UPDATES.labels("failed").inc()
    else:
        UPDATES.labels("handled").inc()
    if replies is None:
        return
    try:
        shown = await deliver(context.bot, update, replies)
    except NotDelivered as broken:
        log.warning("update %s: Telegram can't be reached; the reply waits", update.update_id)
        async with context.resources.database.transaction() as session:
            await inbox.let_go(session, update.update_id)
            await _note_named(session, context, said, broken.shown)
        return
    now = context.resources.clock()
    if update.effective_chat is not None and replies:
        context.resources.written_to.note(update.effective_chat.id, now)
    async with context.resources.database.transaction() as session:
        await inbox.mark_replied(session, update.update_id, now)
        await _note_named(session, context, said, shown)


async def _note_named(
    session: AsyncSession, context: BotContext, said: Incoming, shown: dict[int, Say | Edit]
) -> None:
    """Keeps which messages in the person's chat name a case, so that the reference can leave them one day."""
    private = shown.items() if said.private else ()
    named = [number for number, reply in private if _names_a_case(context, reply)]
    person = await people.person_of_account(session, said.account) if named else None
    if person is not None and person.id is not None:
        await naming.note(session, person.id, named, context.resources.clock())


def _names_a_case(context: BotContext, reply: Say | Edit) -> bool:
    """Whether a reference stands in its words or on its buttons; a picture's caption stays as it is."""
    labels = (button.label for row in reply.buttons for button in row)
    find = context.resources.office.references.find
    pictured = isinstance(reply, Say) and (reply.picture is not None or reply.file is not None)
    return not pictured and any(find(plain(text)) for text in (reply.text, *labels))


async def _once(update: Update, context: BotContext, act: Act, said: Incoming) -> Sequence[Reply] | None:
    """The replies; those of the first time for an update seen before; None where nothing is owed."""
    resources = context.resources

    async def work(session: AsyncSession, row: InboxUpdate, now: datetime) -> Sequence[Reply]:
        if row.handled_at is not None:
            return [from_json(kept) for kept in row.replies or []]
        told = answer_to_flood(said.text, resources.most_a_minute, pressed=said.pressed)
        replies = told or await _effect(session, update, resources.office, act, said, now)
        row.handled_at, row.replies = now, [to_json(reply) for reply in replies]
        return replies

    return await in_turn(update, context, work)


async def _effect(
    session: AsyncSession, update: Update, office: Office, act: Act, said: Incoming, now: datetime
) -> Sequence[Reply]:
    """What the update does, unless the guard took a personal detail out of it."""
    person = await people.person_of_account(session, said.account)
    taken_out = withheld(update) if said.private else None
    if taken_out is None:
        return await act(session, office, person, said, now)
    await note(session, person.id if person else None, "typed a personal detail", "guard", now)
    return refused(taken_out[0], emergency(office, taken_out[1]))


async def _keep(
    update: Update, context: BotContext, replies: Sequence[Reply], line: tuple[str, str] | None = None
) -> Sequence[Reply] | None:
    """Marks an update handled whose own transaction was rolled back; None if another process has since.

    line: what the trail says of it.
    """

    async def work(session: AsyncSession, row: InboxUpdate, now: datetime) -> Sequence[Reply] | None:
        if row.handled_at is not None:
            return None
        if line is not None:
            person = await people.person_of_account(session, account_of(update) or 0)
            await note(session, person.id if person else None, *line, now)
        row.handled_at, row.replies = now, [to_json(reply) for reply in replies]
        return replies

    return await in_turn(update, context, work)
