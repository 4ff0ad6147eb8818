"""The way to Telegram: what arrives there, what each failure proves, and that none tells the token."""

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, InputFile
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.receipts import Receipt, TryLater, Unsure
from handlers import http
from handlers.errors import receipt
from handlers.http import Patience, Request
from tests.handlers.listening import Answer, answer, half, hanging_up, listening, silence

TOKEN = "12345:AAsecret"
QUICK = Patience(read=0.2, write=0.2, connect=0.3, pool=0.05, media=0.2)
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
NOT_SENT = TryLater("not_sent")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    http._proxy.cache_clear()
    yield
    http._proxy.cache_clear()


@asynccontextmanager
async def bot_at(url: str, places: int = 8, patience: Patience = QUICK) -> AsyncIterator[Bot]:
    request = Request(places, patience)
    async with request:
        yield Bot(TOKEN, base_url=f"{url}/bot", request=request)


async def met(url: str, patience: Patience = QUICK) -> TelegramError:
    """The error of a message that goes there."""
    async with bot_at(url, patience=patience) as bot:
        with pytest.raises(TelegramError) as caught:
            await bot.log_out()
    return caught.value


def keeps_the_token(error: BaseException) -> bool:
    told = "".join(traceback.format_exception(error)) + repr(error)
    return "secret" not in told


async def test_a_call_arrives_as_a_form_and_its_answer_comes_back() -> None:
    async with listening(answer(200)) as heard, bot_at(heard.url) as bot:
        assert await bot.set_chat_title(-7, "Über & über") is True
        ((head, body),) = heard.requests
    assert head.startswith(f"POST /bot{TOKEN}/setChatTitle HTTP/1.1\r\n".encode())
    assert b"application/x-www-form-urlencoded" in head
    assert b"User-Agent: python-telegram-bot" in head
    assert body == b"chat_id=-7&title=%C3%9Cber+%26+%C3%BCber"


async def test_a_file_arrives_whole_under_its_name() -> None:
    content = bytes(range(256)) * 1000
    message = b'{"ok": true, "result": {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}}}'
    async with listening(answer(200, message)) as heard:
        async with bot_at(heard.url) as bot:
            await bot.send_document(7, InputFile(content, 'Überblick "neu".xlsx'), caption="Über & über")
        ((head, body),) = heard.requests
    boundary = head.split(b"boundary=")[1].split(b"\r\n")[0]
    parts = body.split(b"--" + boundary)
    assert parts[0] == b""
    assert parts[-1] == b"--\r\n"
    named = {part.split(b'name="')[1].split(b'"')[0]: part for part in parts[1:-1]}
    assert named[b"caption"].endswith("\r\n\r\nÜber & über\r\n".encode())
    (file,) = (part for part in parts if b"filename=" in part)
    assert 'filename="Überblick %22neu%22.xlsx"\r\nContent-Type: application/'.encode() in file
    assert file.partition(b"\r\n\r\n")[2] == content + b"\r\n"


async def test_a_file_is_fetched() -> None:
    async with listening(answer(200, b"\x00\x01")) as heard, bot_at(heard.url) as bot:
        assert await bot.request.retrieve(f"{heard.url}/file") == b"\x00\x01"
        assert heard.requests[0][0].startswith(b"GET /file")


@pytest.mark.parametrize(
    ("gives", "kind", "becomes"),
    [
        (silence, TimedOut, Unsure("SocketTimeoutError")),
        (hanging_up, NetworkError, Unsure("ServerDisconnectedError")),
        (half, NetworkError, Unsure("ClientPayloadError")),
        (
            answer(302, b"", headers="Location: http://127.0.0.1:1/\r\n"),
            NetworkError,
            Unsure("TelegramError"),
        ),
    ],
)
async def test_what_breaks_after_the_request_may_have_arrived_and_is_not_sent_again(
    gives: Answer, kind: type[TelegramError], becomes: Receipt
) -> None:
    async with listening(gives) as heard:
        error = await met(heard.url)
        assert isinstance(error, kind)
        assert receipt(error) == becomes
        assert keeps_the_token(error)
        assert len(heard.requests) == 1


async def test_a_kept_connection_that_breaks_leaves_it_in_doubt_too() -> None:
    async with listening(answer(200), hanging_up) as heard, bot_at(heard.url) as bot:
        await bot.log_out()
        with pytest.raises(NetworkError) as caught:
            await bot.log_out()
        assert receipt(caught.value) == Unsure("ServerDisconnectedError")
        assert (heard.connections, len(heard.requests)) == (1, 2)


async def test_connections_are_kept_and_one_that_was_closed_is_replaced() -> None:
    closing = answer(200, headers="Connection: close\r\n")
    async with listening(answer(200), closing, answer(200)) as heard, bot_at(heard.url) as bot:
        for _ in range(3):
            await bot.log_out()
        assert (heard.connections, len(heard.requests)) == (2, 3)


async def test_an_upload_that_nobody_takes_ends_in_doubt() -> None:
    async with listening(silence, reads=False) as heard, bot_at(heard.url) as bot:
        with pytest.raises(TimedOut) as caught:
            await bot.send_document(7, InputFile(bytes(32 * 1024 * 1024), "x"))
        assert isinstance(receipt(caught.value), Unsure)
        assert keeps_the_token(caught.value)


async def test_no_connection_proves_that_nothing_was_sent() -> None:
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for url in (f"http://127.0.0.1:{port}", "http://nowhere.invalid"):
            error = await met(url)
            assert type(error) is NetworkError
            assert receipt(error) == NOT_SENT
            assert keeps_the_token(error)


async def test_neither_does_a_connection_that_takes_too_long() -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        error = await met(f"http://127.0.0.1:{full.getsockname()[1]}")
    assert isinstance(error, TimedOut)
    assert receipt(error) == NOT_SENT
    assert keeps_the_token(error)


async def test_nor_one_that_is_not_safe() -> None:
    async with listening(hanging_up, reads=False) as heard:
        error = await met(heard.url.replace("http", "https"))
    assert receipt(error) == NOT_SENT


async def test_a_full_pool_proves_that_nothing_was_sent() -> None:
    async with listening(silence) as heard, bot_at(heard.url, places=1) as bot:
        first = asyncio.create_task(bot.log_out())
        await asyncio.sleep(0.05)
        with pytest.raises(TimedOut) as caught:
            await bot.log_out()
        assert receipt(caught.value) == NOT_SENT
        assert len(heard.requests) == 1
        with pytest.raises(TimedOut):
            await first
        with pytest.raises(TimedOut) as again:  # the place is free again
            await bot.log_out()
        assert receipt(again.value) == Unsure("SocketTimeoutError")


async def test_a_call_may_name_its_own_patience() -> None:
    async def late(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.4)
        await answer(200)(writer)

    async with listening(late) as heard, bot_at(heard.url) as bot:
        assert await bot.log_out(read_timeout=5)
        assert await bot.log_out(read_timeout=None)
        with pytest.raises(TimedOut):
            await bot.log_out()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
async def test_the_proxy_of_the_environment_is_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(answer(200)) as heard:
        login = "me:p%40ss@"
        monkeypatch.setenv(name, f"http://{login}127.0.0.1:{heard.port}")
        async with bot_at("http://telegram.test") as bot:
            await bot.log_out()
        head = heard.requests[0][0]
    assert head.startswith(f"POST http://telegram.test/bot{TOKEN}/logOut".encode())
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==" in head


async def test_but_not_for_what_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with listening(answer(200)) as heard, bot_at(heard.url) as bot:
        assert await bot.log_out()


async def test_a_proxy_that_makes_no_connection_proves_that_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening(answer(502, b"no")) as heard:
        monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{heard.port}")
        error = await met("https://telegram.test")
        assert heard.requests[0][0].startswith(b"CONNECT telegram.test:443")
    assert receipt(error) == NOT_SENT
    http._proxy.cache_clear()
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert receipt(await met("https://telegram.test")) == NOT_SENT


async def test_after_the_end_nothing_goes_out() -> None:
    async with listening(answer(200)) as heard:
        async with bot_at(heard.url) as bot:
            await bot.log_out()
        with pytest.raises(NetworkError):
            await bot.log_out()
        assert len(heard.requests) == 1
