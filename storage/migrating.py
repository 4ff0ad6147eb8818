"""Brings the database to the version that this program needs, and says which version it is at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database

State = Literal["current", "behind", "newer"]
_ASTRAY = text("PRAGMA foreign_key_check")
_FOLDER = Path(__file__).parent / "migrations"


class WrongSchema(Exception):
    """The database is not at the version that this program needs; the text says what to do."""


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def _state(connection: Connection) -> State:
    scripts = ScriptDirectory(str(_FOLDER))
    at = MigrationContext.configure(connection).get_current_revision()
    if at == scripts.get_current_head():
        return "current"
    known = {script.revision for script in scripts.walk_revisions()}
    return "behind" if at is None or at in known else "newer"


async def schema_state(database: Database) -> State:
    """current, behind (migrate) or newer (the database has been migrated by a later program)."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_state)


async def require_current(database: Database) -> None:
    """Raises WrongSchema unless the database is at this program's version."""
    state = await schema_state(database)
    if state == "behind":
        raise WrongSchema("The database is not migrated: run `driftless migrate` first.")
    if state == "newer":
        raise WrongSchema(
            "The database belongs to a newer Driftless: upgrade the program, or restore a backup."
        )


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


def revisions() -> list[str]:
    """Every version of the database, the oldest first."""
    scripts = ScriptDirectory(str(_FOLDER))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


async def new_revision(database: Database, message: str) -> None:
    """For developers: writes a migration from the difference between the tables and the database."""
    async with database.engine.begin() as connection:
        await connection.run_sync(
            lambda sync: command.revision(_config(sync), message=message, autogenerate=True)
        )
