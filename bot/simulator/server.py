"""Builds and serves the simulator: Bot API, control interface and page on one port."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.resources import files
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.simulator.api import api_routes
from bot.simulator.backstage import Backstage
from bot.simulator.clock import VirtualClock
from bot.simulator.control import control_routes
from bot.simulator.stage import Stage
from bot.simulator.telegram import Telegram, new_telegram
from bot.simulator.webhook_delivery import WebhookDelivery

_PAGE = Path(str(files("bot.simulator").joinpath("page")))
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-cache",
}


def build_simulator(
    *,
    clock: VirtualClock,
    bot_token: str,
    bot_username: str = "driftless_demo_bot",
    bot_name: str = "Driftless",
    pace: bool = False,
    backstage: Backstage | None = None,
) -> Starlette:
    """The application; its state is app.state.telegram. pace turns Telegram's rate limits on."""
    telegram = new_telegram(clock, bot_token, bot_username, bot_name, pace=pace)

    @asynccontextmanager
    async def webhooks(_app: Starlette) -> AsyncIterator[None]:
        delivery = asyncio.create_task(WebhookDelivery(telegram).run())
        yield
        telegram.close()
        await delivery

    app = Starlette(
        routes=[
            *api_routes(),
            *control_routes(),
            Route("/", _page, methods=["GET"]),
            Mount("/page", StaticFiles(directory=_PAGE)),
        ],
        lifespan=webhooks,
    )
    app.state.telegram = telegram
    app.state.backstage = backstage or Backstage()
    app.state.stage = Stage(telegram, app.state.backstage)
    return app


async def _page(_request: Request) -> Response:
    return FileResponse(_PAGE / "index.html", headers=_HEADERS)


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
async def serve(app: Starlette, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """Serves in the running loop; yields the bound port. Raises OSError when the port is taken."""
    telegram: Telegram = app.state.telegram
    listener = _bound(host, port)
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, ws="none", lifespan="on", timeout_graceful_shutdown=2
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    up = asyncio.create_task(server.up.wait())
    await asyncio.wait((running, up), return_when=asyncio.FIRST_COMPLETED)
    try:
        if not up.done():
            raise RuntimeError("the simulator did not start")
        yield listener.getsockname()[1]
    finally:
        up.cancel()
        telegram.close()
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
    except OSError:
        listener.close()
        raise
    return listener
