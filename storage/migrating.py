"""Brings the database to the version that this program needs, and says which version it is at."""

from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import Database

State = Literal["current", "behind", "newer"]
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


async def upgrade(database: Database) -> None:
    """Runs every migration not yet run; raises WrongSchema on a database of a newer program."""
    if await schema_state(database) == "newer":
        await require_current(database)
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), "head"))


async def new_revision(database: Database, message: str) -> None:
    """For developers: writes a migration from the difference between the tables and the database."""
    async with database.engine.begin() as connection:
        await connection.run_sync(
            lambda sync: command.revision(_config(sync), message=message, autogenerate=True)
        )
