"""Replies and outgoing messages to Telegram, and its errors decided once, by class."""

import asyncio
import base64
import logging
from collections.abc import Sequence
from datetime import date

from telegram import (
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.delivery import Failed, Receipt, Sent, TryLater, Unreachable
from bot.texts.html import plain, shortened
from bot.texts.joining import COMMANDS
from bot.texts.reply import Chart, Document, Edit, MenuFor, Reply, Rows, Say, Timeline, Toast

log = logging.getLogger(__name__)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_LONGEST_TOAST = 200
_LONGEST_CAPTION = 1024
_WAITS = (0.5, 2.0, 5.0)


class NotDelivered(Exception):
    """Telegram can't be reached now; the replies stay in the inbox and are tried again."""


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Telegram's form of our buttons."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(button.label, callback_data=button.data) for button in row] for row in rows]
    )


async def send(bot: ExtBot[None], chat_id: int, words: Say) -> Receipt:
    """Sends one outgoing message; what became of it, never an exception of Telegram's."""
    try:
        message = await _say(bot, chat_id, words)
    except RetryAfter as wait:
        return TryLater("asked to wait", seconds_to_wait(wait))
    except Forbidden as error:
        return Unreachable(error.message)
    except BadRequest as error:  # a subclass of NetworkError: decided before it
        log.error("Telegram refused a message to %s: %s", chat_id, error.message)
        return (
            Unreachable(error.message) if "chat not found" in error.message.lower() else Failed(error.message)
        )
    except TelegramError as error:
        return TryLater(type(error).__name__)
    return Sent(message.message_id)


async def _say(bot: ExtBot[None], chat_id: int, words: Say) -> Message:
    """A message, or a picture with the words under it."""
    markup = keyboard(words.buttons)
    if words.picture is None:
        return await bot.send_message(
            chat_id,
            shortened(words.text),
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            link_preview_options=_NO_PREVIEW,
        )
    picture = await asyncio.to_thread(_charted, words.picture)
    return await bot.send_photo(
        chat_id,
        InputFile(picture, f"{words.picture.kind}.png"),
        caption=shortened(words.text, _LONGEST_CAPTION),
        parse_mode=ParseMode.HTML,
        reply_markup=markup,
    )


def _charted(picture: Chart) -> bytes:
    from bot.charts import drawn  # noqa: PLC0415 -- the plotting library is slow to load

    return drawn(picture.kind, picture.data)


def seconds_to_wait(wait: RetryAfter) -> float:
    """How long Telegram asked us to wait."""
    after = wait.retry_after
    return float(after) if isinstance(after, int | float) else after.total_seconds()


async def deliver(bot: ExtBot[None], update: Update, replies: Sequence[Reply]) -> None:
    """Sends the replies to an update, in order; raises NotDelivered when Telegram can't be reached."""
    if update.callback_query is not None:
        toast = next((reply for reply in replies if isinstance(reply, Toast)), Toast(""))
        await _patiently(bot, update, toast)
    for reply in replies:
        if not isinstance(reply, Toast):
            await _patiently(bot, update, reply)


async def _patiently(bot: ExtBot[None], update: Update, reply: Reply) -> None:
    for wait in (*_WAITS, None):
        try:
            await _one(bot, update, reply)
            return
        except RetryAfter as error:
            await asyncio.sleep(seconds_to_wait(error))
        except (Forbidden, BadRequest) as error:
            if "not modified" not in error.message:
                log.warning("update %s: reply refused: %s", update.update_id, error.message)
            return
        except NetworkError as error:
            if wait is None:
                raise NotDelivered from error
            await asyncio.sleep(wait)
    raise NotDelivered


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


async def _one(bot: ExtBot[None], update: Update, reply: Reply) -> None:
    chat, query = update.effective_chat, update.callback_query
    if isinstance(reply, Toast):
        if query is not None:
            text = plain(reply.text)[:_LONGEST_TOAST]
            await bot.answer_callback_query(query.id, text=text or None, show_alert=reply.alert or None)
        return
    if chat is None:
        return
    if isinstance(reply, Timeline | Document):
        await _file(bot, chat.id, reply)
    elif isinstance(reply, MenuFor):
        commands = [BotCommand(name, what) for name, what in COMMANDS[reply.role]]
        await bot.set_my_commands(commands, scope=BotCommandScopeChat(chat.id))
    elif isinstance(reply, Edit) and query is not None and query.message is not None:
        await bot.edit_message_text(
            shortened(reply.text),
            chat_id=chat.id,
            message_id=query.message.message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(reply.buttons),
            link_preview_options=_NO_PREVIEW,
        )
    elif isinstance(reply, Say):
        await _say(bot, chat.id, reply)
    else:
        await _say(bot, chat.id, Say(reply.text, reply.buttons))
