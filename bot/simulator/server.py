"""Builds and serves the simulator: Bot API, control interface and page on one port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.serving import serving
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


@asynccontextmanager
async def serve(app: Starlette, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """Serves in the running loop; yields the bound port. Raises OSError when the port is taken."""
    telegram: Telegram = app.state.telegram
    async with serving(app, host, port, before_stop=telegram.close) as bound:
        yield bound
