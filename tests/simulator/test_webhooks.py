"""Updates sent to a webhook: with the secret, again until 2xx, in order for each chat."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator.driver import Sim, SimPerson
from bot.simulator.server import serve
from bot.simulator.signal import Signal
from tests.simulator.conftest import Api


@dataclass
class Receiver:
    """A bot's webhook."""

    url: str = ""
    texts: list[tuple[str, int]] = field(default_factory=list)
    news: Signal = field(default_factory=Signal)
    secrets: set[str | None] = field(default_factory=set)
    reply: Callable[[dict[str, Any]], Response] = field(default=lambda _update: Response())

    async def take(self, request: Request) -> Response:
        update = await request.json()
        response = self.reply(update)
        self.secrets.add(request.headers.get("x-telegram-bot-api-secret-token"))
        self.texts.append((update["message"]["text"], response.status_code))
        self.news.notify()
        return response

    async def has(self, count: int) -> None:
        assert await self.news.until(lambda: len(self.texts) >= count, 5), self.texts


class _Nothing:
    def close(self) -> None:
        """A bot has no long polls to end."""


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Listening on loopback."""
    made = Receiver()
    app = Starlette(routes=[Route("/hook", made.take, methods=["POST"])])
    app.state.telegram = _Nothing()
    async with serve(app) as port:
        made.url = f"http://127.0.0.1:{port}/hook"
        yield made


async def test_updates_arrive_with_the_secret(api: Api, worker: SimPerson, receiver: Receiver) -> None:
    await api.call("setWebhook", url=receiver.url, secret_token="s3cret")  # pragma: allowlist secret
    await worker.says("one")
    await receiver.has(1)
    assert receiver.secrets == {"s3cret"}
    info = await api.call("getWebhookInfo")
    assert info["url"] == receiver.url


async def test_a_refused_update_comes_again_before_any_later_one(
    api: Api, worker: SimPerson, receiver: Receiver
) -> None:
    codes = iter((500, 503))
    receiver.reply = lambda _update: Response(status_code=next(codes, 200))
    await api.call("setWebhook", url=receiver.url)
    await worker.says("one")
    await worker.says("two")
    await receiver.has(4)
    assert receiver.texts == [("one", 500), ("one", 503), ("one", 200), ("two", 200)]
    info = await api.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 503"


async def test_one_chats_trouble_holds_up_nobody_else(
    api: Api, sim: Sim, worker: SimPerson, receiver: Receiver
) -> None:
    manager = await sim.person("Manager")
    receiver.reply = lambda update: Response(status_code=500 if update["message"]["text"] == "bad" else 200)
    await api.call("setWebhook", url=receiver.url)
    await worker.says("bad")
    await receiver.has(1)
    await manager.says("good")
    assert await receiver.news.until(lambda: ("good", 200) in receiver.texts, 5), receiver.texts


async def test_the_answer_may_carry_a_call(api: Api, worker: SimPerson, receiver: Receiver) -> None:
    call = {"method": "sendMessage", "chat_id": worker.id, "text": "By return"}
    receiver.reply = lambda _update: JSONResponse(call)
    await api.call("setWebhook", url=receiver.url)
    await worker.says("one")
    await worker.sees("By return")


async def test_polling_and_a_webhook_exclude_each_other(api: Api, receiver: Receiver) -> None:
    await api.call("setWebhook", url=receiver.url)
    words = (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    await api.refused(409, words, "getUpdates")
    await api.call("deleteWebhook")
    assert await api.updates() == []


@pytest.mark.parametrize("url", ["http://example.org/hook", "ftp://127.0.0.1/hook"])
async def test_a_webhook_needs_https_unless_it_is_on_loopback(api: Api, url: str) -> None:
    words = "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    await api.refused(400, words, "setWebhook", url=url)


async def test_a_secret_has_only_plain_letters(api: Api, receiver: Receiver) -> None:
    words = "Bad Request: secret token contains unallowed characters"
    spaced = "a b"
    await api.refused(400, words, "setWebhook", url=receiver.url, secret_token=spaced)


async def test_a_webhook_gets_nothing_older_than_24_hours(
    api: Api, sim: Sim, worker: SimPerson, receiver: Receiver
) -> None:
    await worker.says("old")
    await sim.move_clock(hours=24, seconds=1)
    await api.call("setWebhook", url=receiver.url)
    await worker.says("new")
    await receiver.has(1)
    assert receiver.texts == [("new", 200)]


async def test_a_secret_of_256_letters_and_no_more(api: Api, receiver: Receiver) -> None:
    await api.call("setWebhook", url=receiver.url, secret_token="s" * 256)
    words = "Bad Request: secret token contains unallowed characters"
    await api.refused(400, words, "setWebhook", url=receiver.url, secret_token="s" * 257)


async def test_a_webhook_may_forget_what_waits(api: Api, worker: SimPerson, receiver: Receiver) -> None:
    await worker.says("old")
    await api.call("setWebhook", url=receiver.url, drop_pending_updates=True)
    await worker.says("new")
    await receiver.has(1)
    assert receiver.texts == [("new", 200)]
