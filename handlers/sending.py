"""Replies and outgoing messages to Telegram."""

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from telegram import (
    BotCommand,
    BotCommandScopeChat,
    InputFile,
    MaybeInaccessibleMessage,
    Message,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.ext import ExtBot

from bot.receipts import Receipt, Sent, Unsure
from bot.texts.html import MOST_CHARACTERS, esc, folded, plain
from bot.texts.joining import COMMANDS, STRANGERS
from bot.texts.reply import Chart, Delete, Document, Edit, MenuFor, Reply, Say, Timeline, Toast
from handlers.changing import NO_PREVIEW, change, keyboard, take_back
from handlers.errors import Trouble, receipt, seconds_to_wait, trouble

T = TypeVar("T")
log = logging.getLogger(__name__)
_LONGEST_TOAST = 200
_LONGEST_CAPTION = 1024
_WAITS = (0.5, 2.0, 5.0)
_MAY_PASS = (Trouble.SERVER, Trouble.NOT_SENT, Trouble.UNSURE)


class NotDelivered(Exception):
    """Telegram can't be reached now; the replies stay in the inbox and are tried again.

    shown: what had arrived before, by the messages' numbers.
    """

    def __init__(self, shown: dict[int, Say | Edit]) -> None:
        super().__init__()
        self.shown = shown


async def send(bot: ExtBot[None], chat_id: int, words: Say) -> Receipt:
    """Sends one outgoing message, in parts if it is long; what became of it, never an error of Telegram's."""
    first, *rest = _parts(words)
    if words.replaces is not None:
        act = take_back if words.takes_back else change
        return await act(bot, chat_id, words.replaces, replace(first, buttons=words.buttons))
    try:
        message = await _say_in(bot, chat_id, first)
    except TelegramError as error:
        log.log(_level(error), "outgoing to %s: %s", chat_id, trouble(error))
        return receipt(error)
    later: list[int] = []
    for part in rest:
        try:
            later.append((await insist(lambda part=part: _say(bot, chat_id, part))).message_id)  # type: ignore[misc]  # a bound default
        except TelegramError as error:
            return Unsure(f"a later part: {trouble(error)}", (message.message_id, *later))
    return Sent(message.message_id, tuple(later))


def _level(error: TelegramError) -> int:
    return logging.ERROR if trouble(error) in (Trouble.REFUSED, Trouble.BAD_TOKEN) else logging.WARNING


def _parts(words: Say | Edit) -> list[Say]:
    """As many messages as the text needs: a picture over the first, the buttons under the last."""
    picture, file = (words.picture, words.file) if isinstance(words, Say) else (None, None)
    texts = folded(words.text, MOST_CHARACTERS if picture is None and file is None else _LONGEST_CAPTION)
    parts = [Say(text) for text in texts]
    parts[0] = replace(parts[0], picture=picture, file=file)
    parts[-1] = replace(parts[-1], buttons=words.buttons)
    return parts


async def _say(bot: ExtBot[None], chat_id: int, part: Say) -> Message:
    """A message, or a picture with the words under it; a group that has moved is followed."""
    try:
        return await _say_in(bot, chat_id, part)
    except ChatMigrated as moved:
        return await _say_in(bot, moved.new_chat_id, part)


async def _say_in(bot: ExtBot[None], chat_id: int, part: Say) -> Message:
    markup = keyboard(part.buttons)
    if part.file is not None:
        put = bot.send_photo if part.file.kind == "photo" else bot.send_document
        return await put(
            chat_id, part.file.file_id, caption=part.text, parse_mode=ParseMode.HTML, reply_markup=markup
        )
    if part.picture is None:
        return await bot.send_message(
            chat_id,
            part.text,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            link_preview_options=NO_PREVIEW,
        )
    picture = await asyncio.to_thread(_charted, part.picture)
    return await bot.send_photo(
        chat_id,
        InputFile(picture, f"{part.picture.kind}.png"),
        caption=part.text,
        parse_mode=ParseMode.HTML,
        reply_markup=markup,
    )


def _charted(picture: Chart) -> bytes:
    from bot.charts import drawn  # noqa: PLC0415 -- the plotting library is slow to load

    return drawn(picture.kind, picture.data)


async def deliver(bot: ExtBot[None], update: Update, replies: Sequence[Reply]) -> dict[int, Say | Edit]:
    """Sends the replies to an update, in order; raises NotDelivered when Telegram can't be reached.

    Returns the messages in the chat that hold words of ours, by their numbers.
    """
    shown: dict[int, Say | Edit] = {}
    if update.callback_query is not None:
        toast = next((reply for reply in replies if isinstance(reply, Toast)), Toast(""))
        await _patiently(bot, update, toast, shown)
    for reply in replies:
        if isinstance(reply, Say):
            for part in _parts(reply):
                await _patiently(bot, update, part, shown)
        elif isinstance(reply, Edit):
            first, *rest = _parts(reply)
            await _patiently(bot, update, Edit(first.text, first.buttons), shown)
            for part in rest:
                await _patiently(bot, update, part, shown)
        elif not isinstance(reply, Toast):
            await _patiently(bot, update, reply, shown)
    return shown


async def _patiently(bot: ExtBot[None], update: Update, reply: Reply, shown: dict[int, Say | Edit]) -> None:
    try:
        number = await insist(lambda: _one(bot, update, reply))
        if number is not None and isinstance(reply, Say | Edit):
            shown[number] = reply
    except TelegramError as error:
        what = trouble(error)
        if what in _MAY_PASS:
            raise NotDelivered(shown) from error
        if what is not Trouble.NOT_MODIFIED:
            log.warning("update %s: reply refused: %s", update.update_id, error.message)


async def insist(attempt: Callable[[], Awaitable[T]]) -> T:
    """Tries again after what may pass, and as often as Telegram asks to wait; raises the last error."""
    waits = iter(_WAITS)
    while True:
        try:
            return await attempt()
        except TelegramError as error:
            what = trouble(error)
            if what is Trouble.WAIT:
                await asyncio.sleep(seconds_to_wait(error))
                continue
            wait = next(waits, None) if what in _MAY_PASS else None
            if wait is None:
                raise
            await asyncio.sleep(wait)


async def _file(bot: ExtBot[None], chat_id: int, reply: Timeline | Document) -> None:
    if isinstance(reply, Document):
        content = base64.b64decode(reply.content)
        caption = plain(reply.caption) or None
        await bot.send_document(chat_id, InputFile(content, reply.name), caption=caption)
        return
    picture = await asyncio.to_thread(_drawn, reply)
    await bot.send_photo(chat_id, InputFile(picture, "timeline.png"), caption=reply.title)


def _drawn(reply: Timeline) -> bytes:
    from bot.pictures import Point, mark_named, timeline  # noqa: PLC0415 -- the plotting library is slow to load

    points = [Point(date.fromisoformat(day), words, mark_named(mark)) for day, words, mark in reply.points]
    return timeline(reply.title, points, date.fromisoformat(reply.today))


async def _delete(bot: ExtBot[None], update: Update, reply: Delete) -> None:
    """Takes the person's message out of the chat; Telegram allows that for 48 hours."""
    message = update.effective_message
    if message is None:
        return
    try:
        await bot.delete_message(message.chat.id, message.message_id)
    except BadRequest as error:
        if "not found" not in error.message.lower():  # gone already: a reply that was sent twice
            await _say(bot, message.chat.id, Say(esc(reply.otherwise)))


async def _edit(bot: ExtBot[None], chat_id: int, message: MaybeInaccessibleMessage, reply: Edit) -> None:
    """The pressed message becomes the reply: its caption, where it is a picture or file."""
    markup = keyboard(reply.buttons)
    if isinstance(message, Message) and (message.photo or message.document):
        await bot.edit_message_caption(
            chat_id, message.message_id, caption=reply.text, parse_mode=ParseMode.HTML, reply_markup=markup
        )
        return
    await bot.edit_message_text(
        reply.text,
        chat_id=chat_id,
        message_id=message.message_id,
        parse_mode=ParseMode.HTML,
        reply_markup=markup,
        link_preview_options=NO_PREVIEW,
    )


async def _one(bot: ExtBot[None], update: Update, reply: Reply) -> int | None:
    """The number of the message that holds the reply's words now; None for what is no message in words."""
    chat, query = update.effective_chat, update.callback_query
    if isinstance(reply, Toast):
        if query is not None:
            text = plain(reply.text)[:_LONGEST_TOAST]
            await bot.answer_callback_query(query.id, text=text or None, show_alert=reply.alert or None)
        return None
    if chat is None:
        return None
    if isinstance(reply, Timeline | Document):
        await _file(bot, chat.id, reply)
    elif isinstance(reply, Delete):
        await _delete(bot, update, reply)
    elif isinstance(reply, MenuFor):
        commands = [BotCommand(name, what) for name, what in COMMANDS.get(reply.role, STRANGERS)]
        await bot.set_my_commands(commands, scope=BotCommandScopeChat(chat.id))
    elif isinstance(reply, Edit) and query is not None and query.message is not None:
        await _edit(bot, chat.id, query.message, reply)
        return query.message.message_id
    else:
        said = reply if isinstance(reply, Say) else Say(reply.text, reply.buttons)
        return (await _say(bot, chat.id, said)).message_id
    return None
