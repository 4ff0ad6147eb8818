"""Which processes share this database, and which one of them leads: polls, and plans.

On PostgreSQL each process holds advisory locks on a connection of its own, which the server releases as
soon as that connection ends: one lock for its number, one for leading. On SQLite there is one process.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database

if TYPE_CHECKING:
    from storage.locks import Locks

OURS = 1_146_243_921  # tells our advisory locks from anybody else's on this server
LEADER = 0
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
        self._locks = _locks(database, self.number) if database.is_postgresql else None
        self._file: sqlite3.Connection | None = None

    @property
    def among_several(self) -> bool:
        """Whether other processes may share the database."""
        return self._database.is_postgresql

    async def enter(self) -> None:
        """Takes this process's number; raises AnotherRuns where there can be only one process."""
        file = self._database.url.database
        if self._locks is not None:
            await self._locks.connect()
        elif file and file != ":memory:":
            self._file = await asyncio.to_thread(_lock, f"{file}.lock")

    async def lead(self) -> bool:
        """Whether this process leads now; it tries to where no other does. To be asked every few seconds."""
        return await self._locks.lead() if self._locks is not None else True

    async def alive(self, session: AsyncSession) -> Collection[int]:
        """The numbers of all live processes, this one among them."""
        if not self._database.is_postgresql:
            return (self.number,)
        held = await session.connection()
        return {self.number, *(await held.execute(_HELD, {"ours": OURS})).scalars()}

    async def leave(self) -> None:
        """Gives everything up."""
        if self._locks is not None:
            await self._locks.leave()
        if self._file is not None:
            self._file.close()
            self._file = None


def _locks(database: Database, number: int) -> "Locks":
    from storage.locks import Locks  # noqa: PLC0415 -- psycopg is loaded only where it is used

    return Locks(database.url, number)


async def leader_is_there(session: AsyncSession) -> bool:
    """PostgreSQL: whether some process leads."""
    connection = await session.connection()
    return LEADER in (await connection.execute(_HELD, {"ours": OURS})).scalars().all()


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
