"""A process's advisory locks on PostgreSQL, on a connection of its own: given up when that ends."""

import asyncio
from contextlib import suppress

import psycopg
from sqlalchemy.engine import URL

from storage.replicas import LEADER, OURS

_PATIENCE = 5
_SERVER_KEEPS_ALIVE = "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
"""A machine that vanishes is noticed within 9 s; a process that dies, at once."""


class Locks:
    """One lock for the process's number, and, where no other holds it, one for leading."""

    def __init__(self, url: URL, number: int) -> None:
        self._url, self._number = url, number
        self._connection: psycopg.AsyncConnection | None = None
        self._leads = False

    async def connect(self) -> None:
        """Takes the number; raises OperationalError where an earlier connection still holds it."""
        self._leads = False
        url = self._url.set(drivername="postgresql")
        self._connection = await psycopg.AsyncConnection.connect(
            url.render_as_string(hide_password=False),
            autocommit=True,
            connect_timeout=_PATIENCE,
            options=f"{url.query.get('options', '')} {_SERVER_KEEPS_ALIVE}",
        )
        if not await self._take(self._number):
            raise psycopg.OperationalError("this process's earlier connection is not gone yet")

    async def lead(self) -> bool:
        """Whether this process leads now; it tries to where no other does."""
        try:
            async with asyncio.timeout(_PATIENCE):
                if self._connection is None or self._connection.closed:
                    await self.connect()
                if self._leads:
                    await self._ask("SELECT true")
                else:
                    self._leads = await self._take(LEADER)
        except (psycopg.Error, TimeoutError):
            await self.leave()
        return self._leads

    async def leave(self) -> None:
        """Gives everything up."""
        self._leads = False
        if self._connection is None:
            return
        connection, self._connection = self._connection, None
        with suppress(psycopg.Error, TimeoutError):
            async with asyncio.timeout(1):
                await connection.execute("SELECT pg_advisory_unlock_all()")
        with suppress(psycopg.Error):
            await connection.close()

    async def _take(self, number: int) -> bool:
        return await self._ask("SELECT pg_try_advisory_lock(%s, %s)", OURS, number)

    async def _ask(self, question: str, *about: int) -> bool:
        assert self._connection is not None
        answer = await (await self._connection.execute(question, about)).fetchone()
        return bool(answer and answer[0])
