"""Long polling that loses nothing: an update is in the inbox before Telegram is told that we have it."""

import asyncio
import logging
from collections.abc import Hashable
from typing import Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import BaseUpdateProcessor

from handlers.context import BotApplication, Resources
from handlers.sending import seconds_to_wait
from storage import inbox

log = logging.getLogger(__name__)
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
POLL_SECONDS = 25
_AT_ONCE = 256
_LONGEST_WAIT = 30.0


class PerPersonProcessor(BaseUpdateProcessor):
    """Updates of one person strictly in order, different people at the same time."""

    def __init__(self) -> None:
        super().__init__(_AT_ONCE)
        self._last: dict[Hashable, asyncio.Task[Any]] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def do_process_update(self, update: object, coroutine: Any) -> None:
        """Waits for the same person's earlier updates, then handles this one."""
        person = _person(update)
        me = asyncio.current_task()
        before = self._last.get(person)
        if me is not None:
            self._last[person] = me
        try:
            if before is not None and before is not me:
                await asyncio.wait([before])
            await coroutine
        finally:
            if self._last.get(person) is me:
                del self._last[person]


def _person(update: object) -> Hashable:
    user = update.effective_user if isinstance(update, Update) else None
    return user.id if user is not None else None


async def poll(application: BotApplication, resources: Resources) -> None:
    """Fetches updates for ever; each is durable before it is confirmed. Ends only when cancelled.

    Raises InvalidToken, which no waiting mends.
    """
    offset: int | None = None
    wait = 1.0
    while True:
        try:
            updates = await application.bot.get_updates(
                offset=offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED
            )
            wait = 1.0
        except InvalidToken:
            raise
        except Conflict:
            log.warning("another process polls with this token; waiting")
            await asyncio.sleep(5)
            continue
        except RetryAfter as error:
            await asyncio.sleep(seconds_to_wait(error))
            continue
        except TelegramError as error:
            log.warning("no updates: %s; trying again in %.0f s", type(error).__name__, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
            continue
        if updates:
            await _take_in(application, resources, updates)
            offset = updates[-1].update_id + 1


async def _take_in(application: BotApplication, resources: Resources, updates: tuple[Update, ...]) -> None:
    now = resources.clock()
    async with resources.database.transaction() as session:
        fresh = [
            update
            for update in updates
            if await inbox.receive(session, update.update_id, update.to_dict(), now)
        ]
    for update in fresh:
        await application.update_queue.put(update)


async def resume(application: BotApplication, resources: Resources) -> int:
    """Puts back what an earlier process received but did not finish; returns how many."""
    async with resources.database.transaction() as session:
        payloads = [row.payload for row in await inbox.unfinished(session) if row.payload is not None]
    for payload in payloads:
        await application.update_queue.put(Update.de_json(payload, application.bot))
    return len(payloads)
