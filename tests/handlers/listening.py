"""A server that says what a test wants, byte for byte, and keeps what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
OK = b'{"ok": true, "result": true}'


@dataclass
class Heard:
    """What came in: each request whole, head and body."""

    port: int = 0
    requests: list[tuple[bytes, bytes]] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def answer(status: int, body: bytes = OK, *, headers: str = "", length: int | None = None) -> Answer:
    """A whole answer; length: what it claims to be long."""

    async def give(writer: asyncio.StreamWriter) -> None:
        size = len(body) if length is None else length
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {size}\r\n{headers}\r\n".encode() + body)
        await writer.drain()

    return give


async def silence(_writer: asyncio.StreamWriter) -> None:
    """Nothing, until the test ends."""
    await asyncio.sleep(60)


async def hanging_up(writer: asyncio.StreamWriter) -> None:
    """The connection ends."""
    writer.close()


def half(writer: asyncio.StreamWriter) -> Awaitable[None]:
    """The answer breaks off."""

    async def give() -> None:
        await answer(200, OK[:5], length=len(OK))(writer)
        writer.close()

    return give()


@asynccontextmanager
async def listening(*answers: Answer, reads: bool = True) -> AsyncIterator[Heard]:
    """One answer a request, in order; the last one again and again. reads: False for deaf ears."""
    heard, ahead, tasks = Heard(), list(answers), set[asyncio.Task[None]]()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.connections += 1
        try:
            while not writer.is_closing():
                if reads:
                    head = await reader.readuntil(b"\r\n\r\n")
                    heard.requests.append((head, await reader.readexactly(_length(head))))
                await (ahead.pop(0) if len(ahead) > 1 else ahead[0])(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(talk(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0, limit=2**16)
    heard.port = server.sockets[0].getsockname()[1]
    try:
        yield heard
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)
