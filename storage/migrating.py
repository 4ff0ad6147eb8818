"""Brings the database to the version that this program needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.schema import FOLDER, WrongSchema, require_current, schema_state

_ASTRAY = text("PRAGMA foreign_key_check")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


async def upgrade(database: Database, to: str = "head") -> None:
    """Runs every migration not yet run, up to `to`; raises WrongSchema on a database of a newer program."""
    if await schema_state(database) == "newer":
        await require_current(database)
    async with (
        database.engine.connect() as connection,
        _tables_may_be_remade(database, connection),
        connection.begin(),
    ):
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), to))
        if not database.is_postgresql and (await connection.execute(_ASTRAY)).first() is not None:
            raise WrongSchema("The upgrade would leave rows that point nowhere. Nothing was changed.")


@asynccontextmanager
async def _tables_may_be_remade(database: Database, connection: AsyncConnection) -> AsyncIterator[None]:
    """SQLite changes a table by making it anew; meanwhile what refers to it must not be looked at.

    As SQLite's own description of ALTER TABLE says: outside the transaction, and checked at its end.
    """
    if database.is_postgresql:
        yield
        return
    raw: Any = (await connection.get_raw_connection()).driver_connection
    await (await raw.execute("PRAGMA foreign_keys=OFF")).close()
    try:
        yield
    finally:
        await (await raw.execute("PRAGMA foreign_keys=ON")).close()


async def new_revision(database: Database, message: str) -> None:
    """For developers: writes a migration from the difference between the tables and the database."""
    async with database.engine.begin() as connection:
        await connection.run_sync(
            lambda sync: command.revision(_config(sync), message=message, autogenerate=True)
        )
