"""Every released database goes up to the newest, step by step, with a row in each of its tables."""

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from storage.database import Database
from storage.migrating import upgrade
from storage.schema import FOLDER, WrongSchema, revisions, schema_state
from tests.conftest import with_database

Row = dict[str, Any]
Kept = dict[str, list[Row]]
OWN = "alembic_version"
MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CHANGED = {("action_recipient", "state"), ("action_recipient", "done_at")}
"""What a migration changes on purpose: 0004 derives the state of a share from its moments."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: str = request.getfixturevalue("postgresql_server")
    name = f"m{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield with_database(server, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _value(column: sa.Column[Any], table: str, number: int) -> Any:
    """Something of the column's kind, other in each row."""
    made: tuple[tuple[type[Any], Any], ...] = (
        (sa.Boolean, True),
        (sa.Integer, number),
        (sa.Float, number + 0.5),
        (sa.Numeric, number + 0.5),
        (sa.DateTime, MOMENT + timedelta(days=number)),
        (sa.Date, date(2026, 3, 2) + timedelta(days=number)),
        (sa.JSON, {"kept": number}),
        (sa.String, f"{table} {column.name} {number}"),
    )
    fitting = [value for kind, value in made if isinstance(column.type, kind)]
    assert fitting, f"{table}.{column.name} is {column.type!r}"
    return fitting[0]


def _fill(connection: sa.Connection, filled: set[str]) -> None:
    """Two rows in each table that has none from us yet, what refers to others pointing at theirs."""
    tables = sa.MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        if table.name in filled or table.name == OWN:
            continue
        filled.add(table.name)
        for number in (1, 2):
            row: Row = {}
            for column in table.columns:
                targets = [key.column.table.name for key in column.foreign_keys]
                if targets and (targets[0] not in filled or targets[0] == table.name):
                    assert column.nullable, f"{table.name}.{column.name} has nowhere to point yet"
                    row[column.name] = None
                else:
                    row[column.name] = _value(column, table.name, number)
            connection.execute(table.insert().values(row))


def _all_rows(connection: sa.Connection) -> Kept:
    tables = sa.MetaData()
    tables.reflect(connection)
    kept: Kept = {}
    for table in tables.sorted_tables:
        if table.name != OWN:
            key = next(iter(table.primary_key.columns))
            rows = connection.execute(sa.select(table).order_by(key)).mappings()
            kept[table.name] = [dict(row) for row in rows]
    return kept


def _lost(before: Kept, after: Kept) -> list[str]:
    """What was there before and is there no more, or is another; new columns and tables are no matter."""
    found = []
    for table, rows in before.items():
        if len(after.get(table, [])) != len(rows):
            found.append(f"{table}: {len(rows)} rows became {len(after.get(table, []))}")
            continue
        for old, new in zip(rows, after[table], strict=True):
            found += [
                f"{table}.{name}: {value!r} became {new.get(name, 'nothing')!r}"
                for name, value in old.items()
                if (table, name) not in CHANGED and new.get(name, "nothing") != value
            ]
    return found


async def test_from_the_first_version_to_the_newest_with_data_in_every_table(empty_address: str) -> None:
    database, filled = Database(empty_address), set[str]()
    for revision in revisions():
        before: Kept = {}
        if filled:
            async with database.engine.connect() as connection:
                before = await connection.run_sync(_all_rows)
        await upgrade(database, revision)
        async with database.engine.begin() as connection:
            after = await connection.run_sync(_all_rows)
            assert _lost(before, after) == [], f"on the way to {revision}"
            await connection.run_sync(_fill, filled)
    async with database.engine.begin() as connection:
        rows = await connection.run_sync(_all_rows)
        assert filled == set(rows) == set(SQLModel.metadata.tables)
        assert {name for name, held in rows.items() if len(held) != 2} == set()
        assert await connection.run_sync(_differences) == []
    await database.close()


@pytest.mark.parametrize("start", revisions()[:-1])
async def test_every_single_version_goes_up_to_the_newest_at_once(empty_address: str, start: str) -> None:
    """As it happens in earnest: whoever skipped versions runs all that are missing in one go."""
    database, filled = Database(empty_address), set[str]()
    await upgrade(database, start)
    async with database.engine.begin() as connection:
        await connection.run_sync(_fill, filled)
        before = await connection.run_sync(_all_rows)
    await upgrade(database)
    await upgrade(database)  # a second time is no harm
    async with database.engine.connect() as connection:
        assert _lost(before, await connection.run_sync(_all_rows)) == []
        assert await connection.run_sync(_differences) == []
    await database.close()


async def test_after_an_upgrade_sqlite_looks_at_references_again(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    await upgrade(database)
    async with database.engine.connect() as connection:
        assert (await connection.execute(sa.text("PRAGMA foreign_keys"))).scalar() == 1
    await database.close()


async def test_an_upgrade_that_would_leave_rows_astray_changes_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    await upgrade(database, "0001")
    with closing(sqlite3.connect(tmp_path / "empty.sqlite")) as file:
        file.execute("INSERT INTO allocation (case_id, worker_id, started_on) VALUES (9, 9, '2026-03-02')")
        file.commit()
    with pytest.raises(WrongSchema, match="Nothing was changed"):
        await upgrade(database)
    assert await schema_state(database) == "behind"
    await database.close()


def _differences(connection: sa.Connection) -> list[Any]:
    """Between the tables in code and those in the database, as Alembic sees them."""
    return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))


def test_the_versions_stand_in_one_line() -> None:
    known = revisions()
    assert known[0] == "0001"
    scripts = ScriptDirectory(str(FOLDER))
    assert known == tuple(script.revision for script in reversed(list(scripts.walk_revisions())))
    for before, after in itertools.pairwise(known):
        assert scripts.get_revision(after).down_revision == before
