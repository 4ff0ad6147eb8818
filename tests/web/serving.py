"""The running bot with its web part, for tests."""

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.running import Running, running
from bot.services.office import Office
from bot.settings import Settings
from bot.simulator.driver import Sim
from bot.simulator.server import build_simulator, serve
from bot.simulator.telegram import Telegram
from bot.web.part import web_part
from storage.database import Database
from tests.flows.town import START, TOKEN, running_from


@dataclass
class Site:
    """A bot, its web part at http's base address, and the simulator that it talks to."""

    bot: Running
    http: httpx.AsyncClient
    sim: Sim
    telegram: Telegram
    database: Database
    settings: Settings


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def simulator() -> AsyncIterator[tuple[Starlette, str]]:
    """A Telegram for any number of replicas, and where it is."""
    app = build_simulator(clock=running_from(START), bot_token=TOKEN)
    async with serve(app) as port:
        yield app, f"http://127.0.0.1:{port}"


@asynccontextmanager
async def site_at(
    address: str, office: Office, *, telegram: tuple[Starlette, str] | None = None, **settings: Any
) -> AsyncIterator[Site]:
    """Everything on loopback; settings as in the environment, in lower case."""
    database, port = Database(address), free_port()
    given: Any = {"bot_token": TOKEN, "web_port": port, "web_address": f"http://127.0.0.1:{port}", **settings}
    chosen = Settings(_env_file=None, **given)
    async with AsyncExitStack() as stack:
        app, url = telegram if telegram is not None else await stack.enter_async_context(simulator())
        clock = app.state.telegram.clock
        bot = await stack.enter_async_context(
            running(
                TOKEN,
                url,
                database,
                office,
                clock,
                3600,
                polls=not chosen.by_webhook,
                most_a_minute=chosen.updates_per_person_minute,
            )
        )
        await stack.enter_async_context(web_part(chosen, bot.application, bot.resources, bot.pulse))
        sim = await stack.enter_async_context(Sim(url))
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=chosen.web_address, trust_env=False)
        )
        yield Site(bot, http, sim, app.state.telegram, database, chosen)
    await database.close()
