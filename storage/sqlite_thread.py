"""SQLite's driver with one call to its thread for a statement, where it makes four.

The driver's own cursor crosses to the thread and back to open, to execute, to fetch and to close; crossing
costs more than most statements. This one does all four in one crossing and keeps the rows.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import aiosqlite
from sqlalchemy.engine import URL

Rows = list[Any]


class Cursor:
    """What SQLAlchemy asks of an asynchronous cursor; the rows are here once execute() is back."""

    arraysize = 1
    description: Sequence[Any] | None = None
    rowcount = -1
    lastrowid: int | None = None

    def __init__(self, run: Callable[..., Any]) -> None:
        self._run = run
        self._rows: Rows = []

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Runs the statement and fetches whatever it finds."""
        await self._run(self._whole, sqlite3.Cursor.execute, statement, parameters)

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Runs the statement once for each."""
        await self._run(self._whole, sqlite3.Cursor.executemany, statement, parameters)

    def _whole(self, connection: sqlite3.Connection, how: Callable[..., Any], *given: Any) -> None:
        """In the driver's thread."""
        cursor = connection.cursor()
        try:
            how(cursor, *given)
            self._rows = cursor.fetchall()
            self.description, self.rowcount = cursor.description, cursor.rowcount
            self.lastrowid = cursor.lastrowid
        finally:
            cursor.close()

    async def fetchall(self) -> Rows:
        """All rows; they are handed out once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open."""


class Connection(aiosqlite.Connection):
    """The driver's connection with that cursor; its thread doesn't keep the process alive."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True

    def cursor(self) -> Cursor:  # type: ignore[override]  # SQLAlchemy awaits the cursor's own entering
        return Cursor(self._in_thread)

    async def _in_thread(self, work: Callable[..., None], *given: Any) -> None:
        await self._execute(work, self._conn, *given)  # type: ignore[no-untyped-call]


def opened_by(url: URL) -> Callable[[], Connection]:
    """What opens a connection to this database, for SQLAlchemy's async_creator."""
    where, how = url.get_dialect()().create_connect_args(url)
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect
    return lambda: Connection(lambda: connect(*where, **how))
