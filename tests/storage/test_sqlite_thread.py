"""SQLite's driver with one crossing to its thread a statement: what SQLAlchemy asks of it, and its errors."""

import asyncio

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col, select

from storage.database import Database
from storage.tables import Team
from tests.conftest import StoppedClock


def _team(name: str, clock: StoppedClock) -> Team:
    return Team(name=name, created_at=clock())


async def test_rows_numbers_and_counts_come_back(sqlite: Database, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        team = _team("North", clock)
        session.add(team)
        await session.flush()
        assert team.id == 1
        connection = await session.connection()
        put = text("INSERT INTO team (name, created_at) VALUES (:name, :at)")
        await connection.execute(put, [{"name": name, "at": str(clock())} for name in ("East", "West")])
        changed = await connection.execute(text("UPDATE team SET name = upper(name) WHERE id > 1"))
        assert changed.rowcount == 2
        assert changed.returns_rows is False
        names = await session.exec(select(Team.name).order_by(col(Team.id)))
        assert names.all() == ["North", "EAST", "WEST"]
        assert (await session.exec(select(Team.name).where(Team.name == "South"))).first() is None


async def test_a_statement_takes_one_crossing(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sqlite.transaction() as session:
        connection = (await (await session.connection()).get_raw_connection()).driver_connection
        assert connection is not None
        crossings = []
        cross = connection._execute

        async def counted(*work: object) -> object:
            crossings.append(work)
            return await cross(*work)

        monkeypatch.setattr(connection, "_execute", counted)
        assert (await session.exec(select(Team))).all() == []
        assert len(crossings) == 1


async def test_its_errors_are_sqlalchemys_and_leave_nothing_behind(
    sqlite: Database, clock: StoppedClock
) -> None:
    async def fails(statement: str) -> None:
        async with sqlite.transaction() as session:
            session.add(_team("North", clock))
            await session.flush()
            await (await session.connection()).execute(text(statement))

    with pytest.raises(OperationalError):
        await fails("SELECT nothing FROM nowhere")
    with pytest.raises(IntegrityError):
        await fails("INSERT INTO person (name, role, team_id, created_at) VALUES ('A', 'worker', 99, '')")
    async with sqlite.transaction() as session:
        assert (await session.exec(select(Team))).all() == []


async def test_who_is_cancelled_leaves_the_database_to_others(sqlite: Database, clock: StoppedClock) -> None:
    async def slow() -> None:
        async with sqlite.transaction() as session:
            session.add(_team("North", clock))
            await session.flush()
            await asyncio.sleep(60)

    task = asyncio.create_task(slow())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with sqlite.transaction() as session:
        assert (await session.exec(select(Team))).all() == []
        session.add(_team("East", clock))


async def test_what_a_session_holds_is_given_without_asking(sqlite: Database, clock: StoppedClock) -> None:
    asked: list[str] = []
    event.listen(sqlite.engine.sync_engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    async with sqlite.transaction() as session:
        session.add(_team("North", clock))
    async with sqlite.transaction() as session:
        team = await session.get(Team, 1)
        assert team is not None
        asked.clear()
        assert await session.get(Team, 1) is team
        assert asked == []
        assert await session.get(Team, 1, populate_existing=True) is team
        assert len(asked) == 1
        session.expire(team)
        assert await session.get(Team, 1) is team
        assert team.name == "North"
        assert len(asked) == 2
        assert await session.get(Team, 2) is None
