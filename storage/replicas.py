"""Which processes share this database, and which one of them leads: polls, and plans.

On PostgreSQL each process holds advisory locks on a connection of its own, which the server releases as
soon as that connection ends: one lock for its number, one for leading. On SQLite there is one process.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import Collection
from contextlib import suppress

import psycopg
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database

_OURS = 1_146_243_921  # tells our advisory locks from anybody else's on this server
_LEADER = 0
_PATIENCE = 5
_SERVER_KEEPS_ALIVE = "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
"""A machine that vanishes is noticed within 9 s; a process that dies, at once."""
_HELD = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :ours "
    "AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class AnotherRuns(Exception):
    """Another process uses this SQLite database already; the text says what to do."""


class Replica:
    """This process among those that share the database. Enter before anything is sent, leave at the end."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.number = secrets.randbelow(2**31 - 1) + 1
        self._locks: psycopg.AsyncConnection | None = None
        self._file: sqlite3.Connection | None = None
        self._leads = False

    @property
    def among_several(self) -> bool:
        """Whether other processes may share the database."""
        return self._database.is_postgresql

    async def enter(self) -> None:
        """Takes this process's number; raises AnotherRuns where there can be only one process."""
        file = self._database.url.database
        if self._database.is_postgresql:
            await self._connect()
        elif file and file != ":memory:":
            self._file = await asyncio.to_thread(_lock, f"{file}.lock")

    async def lead(self) -> bool:
        """Whether this process leads now; it tries to where no other does. To be asked every few seconds."""
        if not self._database.is_postgresql:
            return True
        try:
            async with asyncio.timeout(_PATIENCE):
                if self._locks is None or self._locks.closed:
                    await self._connect()
                if self._leads:
                    await self._ask("SELECT true")
                else:
                    self._leads = await self._take(_LEADER)
        except (psycopg.Error, TimeoutError):
            await self.leave()
        return self._leads

    async def alive(self, session: AsyncSession) -> Collection[int]:
        """The numbers of all live processes, this one among them."""
        if not self._database.is_postgresql:
            return (self.number,)
        held = await session.connection()
        return {self.number, *(await held.execute(_HELD, {"ours": _OURS})).scalars()}

    async def leave(self) -> None:
        """Gives everything up."""
        self._leads = False
        if self._locks is not None:
            locks, self._locks = self._locks, None
            with suppress(psycopg.Error, TimeoutError):
                async with asyncio.timeout(1):
                    await locks.execute("SELECT pg_advisory_unlock_all()")
            with suppress(psycopg.Error):
                await locks.close()
        if self._file is not None:
            self._file.close()
            self._file = None

    async def _connect(self) -> None:
        self._leads = False
        url = self._database.url.set(drivername="postgresql")
        self._locks = await psycopg.AsyncConnection.connect(
            url.render_as_string(hide_password=False),
            autocommit=True,
            connect_timeout=_PATIENCE,
            options=f"{url.query.get('options', '')} {_SERVER_KEEPS_ALIVE}",
        )
        if not await self._take(self.number):
            raise psycopg.OperationalError("this process's earlier connection is not gone yet")

    async def _take(self, number: int) -> bool:
        return await self._ask("SELECT pg_try_advisory_lock(%s, %s)", _OURS, number)

    async def _ask(self, question: str, *about: int) -> bool:
        assert self._locks is not None
        answer = await (await self._locks.execute(question, about)).fetchone()
        return bool(answer and answer[0])


async def leader_is_there(session: AsyncSession) -> bool:
    """PostgreSQL: whether some process leads."""
    connection = await session.connection()
    return _LEADER in (await connection.execute(_HELD, {"ours": _OURS})).scalars().all()


def _lock(file: str) -> sqlite3.Connection:
    """SQLite's own lock on a file beside the database: gone when the process is, however it ends."""
    connection = sqlite3.connect(file, timeout=0, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        connection.close()
        raise AnotherRuns(
            "Another Driftless uses this SQLite database: stop it first. "
            "For several processes, set DATABASE_URL to a PostgreSQL database."
        ) from None
    return connection
