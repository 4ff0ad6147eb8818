"""Opens the database for a command, migrated or not at all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click
from sqlalchemy.exc import OperationalError

from storage.database import Database
from storage.schema import require_current


@asynccontextmanager
async def opened(address: str, *, migrated: bool = True) -> AsyncIterator[Database]:
    """The database; ClickException where it can't be reached, WrongSchema where it isn't migrated."""
    database = Database(address)
    try:
        if migrated:
            await require_current(database)
        yield database
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
        raise click.ClickException(f"The database can't be used: {reason}. Check DATABASE_URL.") from None
    finally:
        await database.close()
