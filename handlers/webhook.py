"""Updates that Telegram brings to us: durable in the inbox before it hears 200, handled afterwards."""

import hashlib
import hmac
import json
import logging
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.arriving import well_formed
from handlers.context import BotApplication, Resources
from handlers.intake import take_in

log = logging.getLogger(__name__)
PATH = "/telegram"
LARGEST_BODY = 1024 * 1024
"""Bytes: an update is some kilobytes."""
_HEADER = "x-telegram-bot-api-secret-token"


def secret_of(token: str) -> str:
    """The webhook's secret: made from the bot's token, so that every replica knows it and nobody types it."""
    return hmac.new(token.encode(), b"driftless webhook", hashlib.sha256).hexdigest()


def webhook_route(application: BotApplication, resources: Resources, token: str) -> Route:
    """POST /telegram: 403 without the secret, 413 for too much, 400 for what is no update, else 200.

    Where the database can't be used, its error goes up: the web part answers 503, and Telegram tries again.
    """
    secret = secret_of(token).encode()

    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(_HEADER, "").encode(), secret):
            return Response(status_code=403)
        try:
            body = await _limited(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        update = _update(body)
        if update is None:
            return Response(status_code=400)
        await take_in(application, resources, [update])
        return Response(status_code=200)

    return Route(PATH, receive, methods=["POST"])


async def _limited(request: Request) -> bytes | None:
    """The body, or None as soon as it is too large."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            return None
    return body


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if well_formed(found) else None
