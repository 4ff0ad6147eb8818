"""Long polling that loses nothing: an update is in the inbox before Telegram is told that we have it."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Update
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.counting import UPDATES
from handlers.context import BotApplication, Resources
from handlers.errors import seconds_to_wait
from handlers.guarding import without_personal
from handlers.lanes import PerPersonProcessor, account_of
from handlers.pacing import Door, told
from handlers.reading import read_update
from storage import inbox

log = logging.getLogger(__name__)
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")
POLL_SECONDS = 25
_LONGEST_WAIT = 30.0


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


async def take_in(
    application: BotApplication, resources: Resources, received: Sequence[dict[str, Any]]
) -> None:
    """Keeps updates as they came, but for personal details, and hands on those not known already.

    What somebody sends beyond the limit is left out (handlers.pacing), and looked at apart from the rest
    (handlers.left_out).
    """
    now = resources.clock()
    read = [(one, read_update(one, application.bot)) for one in received]
    readable = [(one, update) for one, update in read if update is not None]
    wanted, left_out = [], []
    for pair in readable:
        if resources.floods.leave_out(pair[1], now):
            left_out.append(pair[0])
        else:
            wanted.append(pair)
    UPDATES.labels("left out").inc(len(left_out))
    taken: list[Update | None] = []
    if wanted:
        async with resources.database.transaction() as session:
            door = Door(session, resources.most_a_minute, now, resources.floods)
            taken = [await _taken(application, resources, door, *pair) for pair in wanted]
        left_out += door.not_taken
        UPDATES.labels("left out").inc(door.left_out)
    if resources.left_out.put(left_out, resources.most_a_minute, now):
        application.create_task(resources.left_out.clear(application.bot, resources.database, now))
    for update in taken:
        if update is not None:
            await application.update_queue.put(update)


async def _taken(
    application: BotApplication,
    resources: Resources,
    door: Door,
    received: dict[str, Any],
    update: Update,
) -> Update | None:
    """The update that is to be worked, kept in the inbox; None where there is nothing to work."""
    if update.inline_query is not None:  # typed in somebody else's chat: nothing of it is kept
        account = update.inline_query.from_user.id
        taken = resources.inline_pace.takes(account, resources.most_a_minute, door.now)
        door.left_out += not taken
        return update if taken else None
    verdict = await door.verdict(update)
    if verdict != "take":
        door.not_taken.append(received)
    if verdict == "leave out":
        return None
    today = resources.office.today(door.now)
    clean = (
        told(received)
        if verdict == "tell"
        else await without_personal(door.session, resources.office, received, today)
    )
    if clean != received:
        cleaned = read_update(clean, application.bot)
        assert cleaned is not None
        update = cleaned
    account_id = account_of(update)
    fresh = await inbox.receive(door.session, update.update_id, clean, door.now, account_id)
    return update if fresh else None


async def resume(
    application: BotApplication, resources: Resources, before: datetime, *, own: bool = False
) -> int:
    """Puts back what was received up to then, is not finished and not in hand; returns how many.

    own: only what this process was sending the replies of.
    """
    held_by = resources.replica.number if own else None
    async with resources.database.transaction() as session:
        unfinished = await inbox.unfinished(session, before, held_by)
    in_hand = _in_hand(application)
    payloads = [row.payload for row in unfinished if row.payload is not None and row.update_id not in in_hand]
    readable = [read_update(payload, application.bot) for payload in payloads]
    updates = [update for update in readable if update is not None]
    for update in updates:
        await application.update_queue.put(update)
    return len(updates)


def _in_hand(application: BotApplication) -> Collection[int]:
    processor = application.update_processor
    return processor.in_hand if isinstance(processor, PerPersonProcessor) else ()
