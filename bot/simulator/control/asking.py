"""What the control routes share: reading a request, answering, refusing."""

import math
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.simulator.backstage import Backstage
from bot.simulator.model import Json, User
from bot.simulator.people import person_called, refused
from bot.simulator.refusals import Refusal
from bot.simulator.telegram import Telegram

Endpoint = Callable[[Request], Awaitable[Response]]
_LONGEST_WAIT = 60.0


def telegram_of(request: Request) -> Telegram:
    """The state."""
    telegram: Telegram = request.app.state.telegram
    return telegram


def backstage_of(request: Request) -> Backstage:
    """What the demonstration lends."""
    backstage: Backstage = request.app.state.backstage
    return backstage


def answered(act: Callable[[Request], Awaitable[Any]]) -> Endpoint:
    """Turns a value into JSON and a refusal into its code and {"error": …}."""

    @wraps(act)
    async def endpoint(request: Request) -> Response:
        try:
            value = await act(request)
        except Refusal as refusal:
            return JSONResponse({"error": refusal.description}, status_code=refusal.code)
        return value if isinstance(value, Response) else JSONResponse(value)

    return endpoint


async def body_of(request: Request) -> Json:
    """The JSON object sent. The content type is required, so that no other site's page can post here."""
    if request.headers.get("content-type", "").split(";", 1)[0].strip() != "application/json":
        raise refused("send JSON with content type application/json", 415)
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise refused("the body is not a JSON object")
    return body


def text(body: Json, name: str) -> str:
    """A required text."""
    value = body.get(name)
    if not isinstance(value, str):
        raise refused(f'"{name}" must be text')
    return value


def number(body: Json, name: str) -> int:
    """A required whole number."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise refused(f'"{name}" must be a whole number')
    return value


def person_of(request: Request) -> User:
    """The person in the path."""
    return person_called(telegram_of(request), int(request.path_params["person"]))


def asked_number(request: Request, name: str, otherwise: float = 0) -> float:
    """A number in the query string."""
    try:
        value = float(request.query_params.get(name, otherwise))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise refused(f'"{name}" must be a number')
    return value


async def wait_as_asked(request: Request, ready: Callable[[], bool]) -> None:
    """Waits for news as long as ?wait= says."""
    telegram = telegram_of(request)
    seconds = min(asked_number(request, "wait"), _LONGEST_WAIT)
    await telegram.changed.until(lambda: telegram.closing or ready(), seconds)
