"""What a flood's limit left out is looked at all the same: what holds a personal detail leaves the chat."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import TelegramError

from bot.services.auditing import note
from handlers.errors import trouble
from handlers.guarding import kinds_in
from handlers.pacing import Pace
from handlers.sending import insist
from handlers.words import details_of, message_in, words_of
from storage import people
from storage.database import Database

log = logging.getLogger(__name__)
SUBJECT = "guard, left out"
_AT_ONCE = 100
"""So many messages Telegram deletes in one call."""
_MOST_WAITING = 20_000


class LeftOut:
    """The messages that wait for a look, in memory alone: by chat, each by its number with its words.

    Of one chat only so many are looked at in a minute as are taken in a minute; what comes beyond that goes
    without a look. So a flood costs a call for a hundred messages, and nobody else waits for it.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, dict[int, Sequence[str] | None]] = {}
        self._pace = Pace()
        self._clearing = False

    def put(self, updates: Iterable[Mapping[str, Any]], most: int, now: datetime) -> bool:
        """Takes what may have to go; whether `clear` has to do now. most: looks a minute and chat."""
        for update in updates:
            _, message = message_in(update) or ("", {})
            words, chat = words_of(message), message.get("chat") or {}
            if chat.get("type") != "private" or not (words or details_of(message)):
                continue
            if sum(map(len, self._waiting.values())) >= _MOST_WAITING:
                log.warning("too many messages that were left out wait for a look: some are not looked at")
                break
            look = not details_of(message) and self._pace.takes(chat["id"], most, now)
            self._waiting.setdefault(chat["id"], {})[message["message_id"]] = words if look else None
        return bool(self._waiting) and not self._clearing

    async def clear(self, bot: Bot, database: Database, now: datetime) -> None:
        """Looks at everything that waits, a chat at a time, and deletes what holds a personal detail."""
        if self._clearing:
            return
        self._clearing = True
        try:
            while self._waiting:
                chat = next(iter(self._waiting))
                some = list(self._waiting.pop(chat).items())
                if some[_AT_ONCE:]:  # behind the other chats
                    self._waiting[chat] = dict(some[_AT_ONCE:])
                await _clear(bot, database, chat, dict(some[:_AT_ONCE]), now)
        finally:
            self._clearing = False


def _personal_ones(looked: Mapping[int, Sequence[str]]) -> list[int]:
    return [number for number, words in looked.items() if kinds_in(words)]


async def _clear(
    bot: Bot, database: Database, chat: int, messages: Mapping[int, Sequence[str] | None], now: datetime
) -> None:
    looked = {number: words for number, words in messages.items() if words is not None}
    going = messages.keys() - looked
    found = await asyncio.to_thread(_personal_ones, looked)
    if not (going or found):
        return
    try:
        await insist(lambda: bot.delete_messages(chat, [*going, *found]))
        if found:
            async with database.transaction() as session:
                person = await people.person_of_account(session, chat)
                await note(session, person.id if person else None, "typed a personal detail", SUBJECT, now)
    except TelegramError as error:
        log.warning("what was left out can't be deleted: %s", trouble(error))
    except SQLAlchemyError as error:
        log.warning("what was left out can't be noted now: %s", type(error).__name__)
