"""Streams of server-sent events: each open page is told what has changed, and when its access has ended."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

LOOK_EVERY = 3.0
"""Seconds between two looks at whether something changed, and whether access still holds."""
SAY_EVERY = 5
"""So many looks without a change, and the page hears that all is well."""
LOOK_CLOSELY_EVERY = 20
"""So many looks, and the page is made anew whether or not anything seems to have changed."""
MOST = 60
"""Open streams in this process."""
MOST_EACH = 3
"""Open streams of one browser, which opens six connections to one place at most."""
_COME_BACK_AFTER = 5000
"""Milliseconds after which a browser opens a broken stream anew."""


@dataclass(frozen=True)
class Part:
    """What the page shows: its HTML, and a tag that differs where the HTML does."""

    html: str
    tag: str


class Looker(Protocol):
    """Looks for one browser: the part (None where nothing has moved), or raises Ended."""

    async def __call__(self, *, closely: bool) -> Part | None:
        """closely: makes the part whether or not anything seems to have changed."""


class Ended(Exception):
    """Access has ended: the stream says so and is over."""


@dataclass
class Streams:
    """The open streams of this process. close() ends them all, at the end of the process."""

    look_every: float = LOOK_EVERY
    running: Counter[str] = field(default_factory=Counter)
    _closing: asyncio.Event = field(default_factory=asyncio.Event)

    def full(self, browser: str) -> bool:
        """Whether this browser, or the process, has as many open as it bears: then the page asks instead."""
        return self.running.total() >= MOST or self.running[browser] >= MOST_EACH or self._closing.is_set()

    def close(self) -> None:
        """Ends every stream; browsers come back to whoever serves then."""
        self._closing.set()

    def stream(self, browser: str, have: str, look: Looker) -> Response:
        """The answer that goes on until the browser leaves, its access ends, or the process does.

        have: the tag of what the page shows already.
        """
        return _Stream(lambda gone: self._events(browser, have, look, gone))

    async def _events(
        self, browser: str, have: str, look: Looker, gone: "asyncio.Task[None]"
    ) -> AsyncGenerator[bytes, None]:
        self.running[browser] += 1
        closing = asyncio.create_task(self._closing.wait())
        try:
            yield f"retry: {_COME_BACK_AFTER}\n\n".encode()
            looks = 0
            while not gone.done() and not closing.done():
                found = await look(closely=looks % LOOK_CLOSELY_EVERY == 0)
                if found is not None and found.tag != have:
                    have = found.tag
                    yield _event("part", found.html, have)
                elif looks % SAY_EVERY == 0:
                    yield _event("checked", "")
                looks += 1
                await asyncio.wait(
                    (gone, closing), timeout=self.look_every, return_when=asyncio.FIRST_COMPLETED
                )
        except Ended:
            yield _event("ended", "")
        except (SQLAlchemyError, OSError):
            return  # the browser comes back, and is told in the usual way that the database is away
        finally:
            closing.cancel()
            self.running -= Counter([browser])


def _event(kind: str, data: str, tag: str = "") -> bytes:
    name = f"id: {tag}\n" if tag else ""
    said = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {kind}\n{name}{said}\n".encode()


class _Stream(Response):
    """Sends event by event; nothing that runs in the database is ever broken off by a browser that leaves."""

    media_type = "text/event-stream"

    def __init__(self, events: Callable[["asyncio.Task[None]"], AsyncGenerator[bytes, None]]) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        self._events = events
        del self.headers["content-length"]

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        gone = asyncio.create_task(_left(receive))
        try:
            async with aclosing(self._events(gone)) as events:
                async for event in events:
                    await send({"type": "http.response.body", "body": event, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()


async def _left(receive: Callable[[], Awaitable[object]]) -> None:
    """Returns once the browser has closed the connection."""
    while True:
        message = await receive()
        if isinstance(message, dict) and message["type"] == "http.disconnect":
            return
