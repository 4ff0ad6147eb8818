"""Takes a database away under a running bot, and gives it back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from sqlalchemy import text

from storage.database import Database


@asynccontextmanager
async def database_away(address: str) -> AsyncIterator[None]:
    """PostgreSQL: every connection is cut and none is let in. SQLite: the tables that all need are gone."""
    if address.startswith("postgresql"):
        name = address.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
        async with await psycopg.AsyncConnection.connect(
            address.replace(f"/{name}?", "/postgres?"), autocommit=True
        ) as server:
            await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            await server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
            try:
                yield
            finally:
                await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        return
    tables = ("inbox_update", "outgoing_message", "alembic_version", "web_key")
    await _renamed(address, [(table, f"{table}_away") for table in tables])
    try:
        yield
    finally:
        await _renamed(address, [(f"{table}_away", table) for table in tables])


async def _renamed(address: str, names: list[tuple[str, str]]) -> None:
    database = Database(address)
    async with database.engine.begin() as connection:
        for old, new in names:
            await connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
    await database.close()
