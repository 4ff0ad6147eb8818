"""Builds the web part out of routes; every answer carries the same strict headers."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)
DATABASE_AWAY = "Driftless can't use its database at the moment. Try again in a minute.\n"
_TRY_AGAIN_AFTER = "5"
"""Seconds."""
_QUIET_FOR = 60.0
"""Seconds between two log lines about the same kind of error."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def build_web(routes: Sequence[BaseRoute]) -> Starlette:
    """The application with these routes; anything else is a short 404.

    503 while the database can't be used, so that Telegram and browsers come again; 500 for any surprise.
    """
    outage = _Outage()
    return Starlette(
        routes=list(routes),
        middleware=[Middleware(_StrictHeaders)],
        exception_handlers={
            HTTPException: _plainly,
            SQLAlchemyError: outage.answer,
            OSError: outage.answer,
            Exception: _surprise,
        },
    )


class _Outage:
    """Answers while the database is away; logs each kind of error once a minute, not at every request."""

    def __init__(self) -> None:
        self._told: dict[type[Exception], float] = {}

    async def answer(self, _request: Request, error: Exception) -> Response:
        """503, in words."""
        kind, now = type(error), asyncio.get_running_loop().time()
        if now - self._told.get(kind, -_QUIET_FOR) >= _QUIET_FOR:
            self._told[kind] = now
            log.warning("the web part can't use the database: %s", kind.__name__)
        return PlainTextResponse(DATABASE_AWAY, 503, headers={"Retry-After": _TRY_AGAIN_AFTER})


class _StrictHeaders:
    """Adds the headers to every answer that doesn't set them itself. Plain ASGI: streams pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


async def _plainly(_request: Request, error: Any) -> Response:
    return PlainTextResponse(f"{error.detail}\n", error.status_code, headers=error.headers)


async def _surprise(request: Request, error: Exception) -> Response:
    """A bug: class and places are logged; neither its text nor the address, which may hold a secret."""
    log.error("the web part failed at a %s: %s", request.method, type(error).__name__, exc_info=error)
    return PlainTextResponse("Something went wrong; it was noted.\n", 500, headers=HEADERS)
