"""Long polling that loses nothing: an update is in the inbox before Telegram is told that we have it."""

import asyncio
import logging
from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Update
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError
from telegram.ext import BaseUpdateProcessor

from handlers.arriving import usable, well_formed
from handlers.context import BotApplication, Resources
from handlers.errors import seconds_to_wait
from handlers.guarding import without_personal
from storage import inbox

log = logging.getLogger(__name__)
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")
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

    A webhook that was set before is taken away first: Telegram allows one way alone.
    Raises InvalidToken, which no waiting mends.
    """
    offset: int | None = None
    wait = 1.0
    has_webhook = True
    while True:
        try:
            if has_webhook:
                has_webhook = not await application.bot.delete_webhook()
            received = await _fetch(application.bot, offset)
            wait = 1.0
        except InvalidToken:
            raise
        except EndPointNotFound as error:
            raise InvalidToken from error  # to a raw call, Telegram's answer to a wrong token
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
        if received:
            try:
                await take_in(application, resources, received)
            except SQLAlchemyError as error:  # not confirmed, so Telegram keeps them
                log.warning("updates can't be kept now: %s", type(error).__name__)
                await asyncio.sleep(wait)
                continue
            offset = received[-1]["update_id"] + 1


async def _fetch(bot: Bot, offset: int | None) -> list[dict[str, Any]]:
    """The updates as they came: one that the library can't read must not hold up the others for ever."""
    asked = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED)}
    kwargs = {name: value for name, value in asked.items() if value is not None}
    # "get_Updates" is getUpdates to Telegram; under its plain name the library insists on parsing all at once
    received: list[dict[str, Any]] = await bot.do_api_request("get_Updates", api_kwargs=kwargs)
    return received


def read_update(received: dict[str, Any], bot: Bot) -> Update | None:
    """The update, or None for one that the library can't read: it is left out, and logged by its number."""
    if not well_formed(received):
        log.error("an update has no sane form; it is left out")
        return None
    try:
        update = Update.de_json(dict(received), bot)
    except Exception as error:
        log.error("update %s can't be read: %s", received["update_id"], type(error).__name__)
        return None
    if not usable(update):
        log.error("update %s can't be read: it has values of the wrong kind", received["update_id"])
        return None
    return update


async def take_in(
    application: BotApplication, resources: Resources, received: Sequence[dict[str, Any]]
) -> None:
    """Keeps updates as they came, but for personal details, and hands on those not known already."""
    now = resources.clock()
    async with resources.database.transaction() as session:
        today = resources.office.today(now)
        fresh = []
        for one in received:
            as_typed = read_update(one, application.bot)
            if as_typed is None:
                continue
            clean = await without_personal(session, resources.office, one, today)
            update = as_typed if clean == one else read_update(clean, application.bot)
            assert update is not None
            if _typed_elsewhere(update) or await inbox.receive(session, update.update_id, clean, now):
                fresh.append(update)
    for update in fresh:
        await application.update_queue.put(update)


def _typed_elsewhere(update: Update) -> bool:
    """An inline query is typed in somebody else's chat: nothing of it is kept."""
    return update.inline_query is not None


async def resume(application: BotApplication, resources: Resources, before: datetime) -> int:
    """Puts back what was received up to then and not finished; returns how many."""
    async with resources.database.transaction() as session:
        unfinished = await inbox.unfinished(session, before)
    payloads = [row.payload for row in unfinished if row.payload is not None]
    readable = [read_update(payload, application.bot) for payload in payloads]
    updates = [update for update in readable if update is not None]
    for update in updates:
        await application.update_queue.put(update)
    return len(updates)
