"""A running simulator for each test, with a clock that stands still until it is moved."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest_asyncio

from bot.simulator.clock import VirtualClock
from bot.simulator.driver import Sim, SimPerson
from bot.simulator.server import build_simulator, serve
from bot.simulator.telegram import Telegram

TOKEN = "4242:test"
START = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
"""A Tuesday."""


@dataclass
class Api:
    """The bot's side, call by call."""

    http: httpx.AsyncClient
    telegram: Telegram

    async def answer(self, method: str, **given: Any) -> httpx.Response:
        """The whole answer."""
        return await self.http.post(f"/bot{TOKEN}/{method}", json=given)

    async def call(self, method: str, **given: Any) -> Any:
        """The result of a call that must succeed."""
        body = (await self.answer(method, **given)).json()
        assert body["ok"], body
        return body["result"]

    async def refused(self, code: int, words: str, method: str, **given: Any) -> dict[str, Any]:
        """A call that must be refused, with this code and exactly these words."""
        response = await self.answer(method, **given)
        body: dict[str, Any] = response.json()
        assert (response.status_code, body.get("error_code"), body.get("description")) == (code, code, words)
        assert body["ok"] is False
        return body

    async def updates(self, **given: Any) -> list[dict[str, Any]]:
        """What getUpdates brings now."""
        result: list[dict[str, Any]] = await self.call("getUpdates", **given)
        return result


@pytest_asyncio.fixture
async def api() -> AsyncIterator[Api]:
    """A simulator with nobody in it."""
    app = build_simulator(clock=VirtualClock(lambda: START), bot_token=TOKEN)
    async with (
        serve(app) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http,
    ):
        yield Api(http, app.state.telegram)


@pytest_asyncio.fixture
async def sim(api: Api) -> AsyncIterator[Sim]:
    """The driver."""
    async with Sim(str(api.http.base_url)) as driver:
        yield driver


@pytest_asyncio.fixture
async def worker(sim: Sim, api: Api) -> SimPerson:
    """Somebody whom the bot knows, with no update waiting."""
    person = await sim.person("Worker A")
    await person.says("/start")
    api.telegram.updates.drop_all()
    return person
