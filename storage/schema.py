"""Says which version the database is at, without loading what migrates it: a running bot only looks."""

from functools import cache
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, inspect, text

from storage.database import Database

State = Literal["current", "behind", "newer"]
FOLDER = Path(__file__).parent / "migrations"
_AT = text("SELECT version_num FROM alembic_version")


class WrongSchema(Exception):
    """The database is not at the version that this program needs; the text says what to do."""


@cache
def revisions() -> tuple[str, ...]:
    """Every version of the database, the oldest first: each migration's file is called after its own."""
    files = (FOLDER / "versions").glob("[0-9]*_*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))


def _state(connection: Connection) -> State:
    kept = inspect(connection).has_table("alembic_version")
    at = connection.execute(_AT).scalar() if kept else None
    if at == revisions()[-1]:
        return "current"
    return "behind" if at is None or at in revisions() else "newer"


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
