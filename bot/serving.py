"""Serves a web application inside the running event loop, beside whatever else runs in it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

_STOPS_WITHIN = 2
"""Seconds that open answers get when the server stops."""


class PortTaken(OSError):
    """The port is taken, or not ours to have."""


class _Server(uvicorn.Server):
    """Leaves signals alone and stops at once when told, without the usual tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self.stop = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        self.up.set()
        await self.stop.wait()


@asynccontextmanager
async def serving(
    app: Any, host: str, port: int, before_stop: Callable[[], None] = lambda: None
) -> AsyncIterator[int]:
    """Yields the bound port (port 0: any free one). Raises PortTaken, an OSError, when it can't be had.

    before_stop: called first at the end, to finish streams that would otherwise stay open.
    """
    listener = _bound(host, port)
    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        ws="none",
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=_STOPS_WITHIN,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    up = asyncio.create_task(server.up.wait())
    await asyncio.wait((running, up), return_when=asyncio.FIRST_COMPLETED)
    try:
        if not up.done():
            raise RuntimeError("the web server did not start")
        yield listener.getsockname()[1]
    finally:
        up.cancel()
        before_stop()
        server.stop.set()
        await running


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # with the protocol named, asyncio turns Nagle's delay off; without it every answer takes 40 ms
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        raise PortTaken(error.errno, error.strerror) from None
    return listener
