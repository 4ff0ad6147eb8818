"""Builds the web part out of routes; every answer carries the same strict headers."""

from collections.abc import Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    """The application with these routes; anything else is a short 404."""
    return Starlette(
        routes=list(routes),
        middleware=[Middleware(_StrictHeaders)],
        exception_handlers={HTTPException: _plainly},
    )


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
