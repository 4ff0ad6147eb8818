"""Requests to Telegram over aiohttp, whose parser is C: the library's own client costs several times as much.

How far a request came is known here alone, so what its failure means is said here. The failure's own words
end here too: they may hold the address, and so the token.
"""

import asyncio
import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from aiohttp.abc import AbstractStreamWriter
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

_KEPT_OPEN = 5.0
"""Seconds that an idle connection is kept, as by the library's own client."""
_PIECE = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
_ESCAPED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})
_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)


class NotSent(Exception):
    """Nothing left: there was no free place, no connection, or no way through the proxy."""


class MayHaveArrived(Exception):
    """The connection broke or stayed silent when the request may have been on its way."""


@dataclass(frozen=True)
class Patience:
    """Seconds to wait, as the library has them by default; None: for ever. media: writing where files go."""

    read: float | None = 5.0
    write: float | None = 5.0
    connect: float | None = 5.0
    pool: float | None = 1.0
    media: float | None = 20.0


class Request(BaseRequest):
    """The library's way out. places: so many requests are under way at a time."""

    __slots__ = ("_patience", "_places", "_session")

    def __init__(self, places: int = 256, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._places = asyncio.Semaphore(places)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds without a byte, where a call names no others."""
        return self._patience.read

    async def initialize(self) -> None:
        """Makes an empty pool of connections."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_OPEN),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Closes every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Telegram's status and answer. Raises TimedOut or NetworkError by NotSent or MayHaveArrived."""
        usual = self._patience
        files = request_data is not None and request_data.contains_files
        writing = _chosen(write_timeout, usual.media if files else usual.write)
        body = _body(request_data, writing) if request_data is not None else None
        connecting = _chosen(connect_timeout, usual.connect)
        waits = aiohttp.ClientTimeout(
            connect=connecting, sock_connect=connecting, sock_read=_chosen(read_timeout, usual.read)
        )
        async with self._place(_chosen(pool_timeout, usual.pool)):
            try:
                return await self._answer(url, method, body, waits)
            except (aiohttp.ClientError, OSError) as error:
                failed = _failure(error)
        raise failed  # out of the reach of what the failure itself says

    async def _answer(
        self, url: str, method: str, body: aiohttp.Payload | None, waits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the request is not initialised")
        scheme, host, *_rest = urlsplit(url)
        async with self._session.request(
            method,
            url,
            data=body,
            timeout=waits,
            ssl=_trusted() if scheme == "https" else True,
            proxy=_proxy(scheme, host),
            allow_redirects=False,
        ) as response:
            return response.status, await response.read()

    @asynccontextmanager
    async def _place(self, patience: float | None) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(patience):
                await self._places.acquire()
        except TimeoutError:
            raise TimedOut("no free place in the pool") from NotSent("pool")
        try:
            yield
        finally:
            self._places.release()


def _chosen(asked: object, usual: float | None) -> float | None:
    """What a call asks for: seconds, None for ever, or the library's mark for the usual."""
    return asked if asked is None or isinstance(asked, int | float) else usual


def _failure(error: Exception) -> TelegramError:
    name = type(error).__name__
    failed = TimedOut(name) if isinstance(error, TimeoutError) else NetworkError(name)
    failed.__cause__ = NotSent(name) if isinstance(error, _NEVER_LEFT) else MayHaveArrived(name)
    return failed


class _Upload(aiohttp.Payload):
    """A body in pieces, each of which has to leave in time."""

    def __init__(self, body: bytes, content_type: str, patience: float | None) -> None:
        super().__init__(body, content_type=content_type)
        self._body, self._size, self._patience = body, len(body), patience

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self._body.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        for start in range(0, len(self._body), _PIECE):
            async with asyncio.timeout(self._patience):
                await writer.write(self._body[start : start + _PIECE])
                await writer.drain()


def _body(given: RequestData, patience: float | None) -> aiohttp.Payload:
    fields = given.json_parameters
    if not given.contains_files:
        return _Upload(urlencode(fields).encode(), _FORM, patience)
    boundary = secrets.token_hex(16)
    parts = [_part(boundary, f'name="{_named(name)}"', value.encode()) for name, value in fields.items()]
    for name, (file_name, content, kind) in given.multipart_data.items():
        about = f'name="{_named(name)}"; filename="{_named(file_name)}"\r\nContent-Type: {kind}'
        parts.append(_part(boundary, about, content if isinstance(content, bytes) else content.read()))
    parts.append(f"--{boundary}--\r\n".encode())
    return _Upload(b"".join(parts), f"multipart/form-data; boundary={boundary}", patience)


def _part(boundary: str, about: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {about}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def _named(name: str) -> str:
    """A field's or file's name as HTML has it."""
    return name.translate(_ESCAPED)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Whom the library's own client would trust."""
    return httpx.create_ssl_context()


@lru_cache(maxsize=16)
def _proxy(scheme: str, host: str) -> str | None:
    """The environment's (HTTPS_PROXY, ALL_PROXY, NO_PROXY), asked once."""
    known = getproxies()
    found = known.get(scheme) or known.get("all")
    if not found or proxy_bypass(host):
        return None
    return found if "://" in found else f"http://{found}"
