"""The clock, the log of calls, and the stream of events for the page."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from bot.simulator.clock import OFFICE, VirtualClock
from bot.simulator.control.asking import answered, asked_number, backstage_of, body_of, telegram_of
from bot.simulator.control.groups import group_json
from bot.simulator.control.people import person_json
from bot.simulator.events import Event
from bot.simulator.model import Json
from bot.simulator.moving import move, move_to_reminder
from bot.simulator.people import refused
from bot.simulator.telegram import Telegram

_SIGN_OF_LIFE = 15.0
_UNITS = ("days", "hours", "minutes", "seconds")


def _clock_json(telegram: Telegram) -> Json:
    clock = telegram.clock
    return {
        "now": clock().isoformat(timespec="seconds"),
        "local": clock().astimezone(OFFICE).isoformat(timespec="seconds"),
        "frozen": clock.frozen,
        "fired": telegram.fired.as_json(),
    }


@answered
async def _state(request: Request) -> Any:
    """Everything that the page needs to begin."""
    telegram = telegram_of(request)
    return {
        "bot": {"name": telegram.bot.first_name, "username": telegram.bot.username},
        "people": [person_json(telegram, person) for person in telegram.people.values()],
        "groups": [group_json(chat) for chat in telegram.chats.values() if chat.is_group],
        "clock": _clock_json(telegram),
        "knows_reminders": backstage_of(request).next_moment is not None,
        "has_scenes": bool(backstage_of(request).scenes),
    }


@answered
async def _clock(request: Request) -> Any:
    return _clock_json(telegram_of(request))


@answered
async def _move_clock(request: Request) -> Any:
    telegram, backstage, body = telegram_of(request), backstage_of(request), await body_of(request)
    if "frozen" in body:
        telegram.clock.freeze() if body["frozen"] else telegram.clock.resume()
    if body.get("to") == "next-reminder":
        await move_to_reminder(telegram, backstage)
    elif set(body) - {"frozen"}:
        await move(telegram, backstage, _moment(telegram.clock, body))
    return _clock_json(telegram)


def _moment(clock: VirtualClock, body: Json) -> datetime:
    """{"to": an ISO moment or next-morning} or {"days", "hours", "minutes", "seconds"} from now."""
    try:
        if "to" not in body:
            return clock() + timedelta(**{unit: body[unit] for unit in _UNITS if unit in body})
        if body["to"] == "next-morning":
            return clock.next_morning()
        moment = datetime.fromisoformat(body["to"])
        return moment if moment.tzinfo else moment.replace(tzinfo=OFFICE)
    except (ValueError, TypeError, OverflowError) as error:
        raise refused(str(error)) from None


@answered
async def _calls(request: Request) -> Any:
    return telegram_of(request).calls.since(int(asked_number(request, "since")))


async def _events(request: Request) -> StreamingResponse:
    telegram = telegram_of(request)
    return StreamingResponse(
        _stream(telegram), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _stream(telegram: Telegram) -> AsyncIterator[str]:
    queue: asyncio.Queue[Event | None] = telegram.events.listen()
    try:
        yield ": hello\n\n"
        while not telegram.closing:
            try:
                event = await asyncio.wait_for(queue.get(), _SIGN_OF_LIFE)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if event is None:
                return
            yield f"data: {json.dumps(event)}\n\n"
    finally:
        telegram.events.leave(queue)


ROUTES = [
    Route("/sim/state", _state, methods=["GET"]),
    Route("/sim/clock", _clock, methods=["GET"]),
    Route("/sim/clock", _move_clock, methods=["POST"]),
    Route("/sim/calls", _calls, methods=["GET"]),
    Route("/sim/events", _events, methods=["GET"]),
]
