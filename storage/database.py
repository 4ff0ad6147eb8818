"""The one door to the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import event, inspect, make_url
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm.util import identity_key
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sqlite_thread import opened_by

Row = TypeVar("Row")
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


class BadDatabaseUrl(Exception):
    """DATABASE_URL is not understood."""


def async_url(address: str) -> URL:
    """The address with the async driver that this program ships; raises BadDatabaseUrl."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise BadDatabaseUrl("DATABASE_URL is not understood: use sqlite:///FILE or postgresql://…") from None
    kind = url.drivername.partition("+")[0]
    if kind not in _DRIVERS:
        raise BadDatabaseUrl(f"DATABASE_URL names {kind}: use sqlite:///FILE or postgresql://…")
    return url.set(drivername=_DRIVERS[kind])


class _Session(AsyncSession):
    """A session that gives what it holds without a detour; asking for it is most of what rendering does."""

    async def get(self, entity: type[Row], ident: Any, **how: Any) -> Row | None:  # type: ignore[override]
        """The row by its key; from the database only where it isn't held, or how it is read is said."""
        held = None if how else self.sync_session.identity_map.get(identity_key(entity, ident))
        if held is None or inspect(held).expired:
            return await super().get(entity, ident, **how)
        return held


class Database:
    """A pool of connections; every read and write happens inside transaction()."""

    def __init__(self, address: str) -> None:
        self.url = async_url(address)
        if self.is_postgresql:
            self.engine: AsyncEngine = create_async_engine(self.url, pool_pre_ping=True, hide_parameters=True)
        else:
            self.engine = create_async_engine(
                self.url, async_creator=opened_by(self.url), hide_parameters=True
            )
            _make_sqlite_strict(self.engine.sync_engine)

    @property
    def is_postgresql(self) -> bool:
        """True on PostgreSQL, False on SQLite."""
        return self.url.get_backend_name() == "postgresql"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session that commits on leaving and rolls back on any error."""
        async with _Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """As transaction(), and all that it reads is of one moment.

        Raises DBAPIError where somebody else has changed meanwhile what it changes: it can be done anew.
        """
        async with self.transaction() as session:
            if self.is_postgresql:  # on SQLite nobody else writes meanwhile
                await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    async def close(self) -> None:
        """Gives every connection back."""
        await self.engine.dispose()


def _make_sqlite_strict(engine: Engine) -> None:
    """Foreign keys on, write-ahead log, and writers that queue instead of failing."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin event below opens the transaction
        cursor = connection.cursor()
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
