"""A backup under load is whole, and what is restored is what was backed up."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import func, select

from storage.backups import NoBackup, back_up, restore
from storage.database import Database
from storage.tables import Audit, Team
from tests.cli.test_commands import Shell, shell
from tests.conftest import StoppedClock

__all__ = ["shell"]


async def teams(address: str) -> tuple[int, int]:
    """How many teams, how many audit lines."""
    database = Database(address)
    async with database.transaction() as session:
        counts = [(await session.exec(select(func.count()).select_from(t))).one() for t in (Team, Audit)]
    await database.close()
    return counts[0], counts[1]


async def test_a_backup_taken_under_load_is_whole_and_can_be_put_back(
    sqlite_address: str, tmp_path: Path, clock: StoppedClock
) -> None:
    database = Database(sqlite_address)
    file = Path(str(database.url.database))
    stopping = asyncio.Event()

    async def write(number: int) -> None:
        """A team and its line, always together."""
        async with database.transaction() as session:
            session.add(Team(name=f"Team {number}", created_at=clock()))
            session.add(Audit(at=clock(), what="made", subject=f"team {number}"))

    async def load() -> None:
        number = 100
        while not stopping.is_set():
            await write(number)
            number += 1

    for number in range(20):
        await write(number)
    writing = asyncio.create_task(load())
    for number in range(3):
        await asyncio.to_thread(back_up, file, tmp_path / f"{number}.backup")
    stopping.set()
    await writing
    await database.close()
    after = await teams(sqlite_address)
    former = await asyncio.to_thread(restore, tmp_path / "2.backup", file, clock())
    restored = await teams(sqlite_address)
    assert restored[0] == restored[1] >= 20, "each team came with its line"
    assert restored <= after
    assert former is not None
    assert await teams(f"sqlite:///{former}") == after


def test_backup_and_restore_as_commands(shell: Shell) -> None:
    shell("invite", "--role", "worker", "--team", "North")
    done = shell("backup", "one.backup")
    assert (done.returncode, "checked" in done.stdout) == (0, True)
    again = shell("backup", "one.backup")
    assert (again.returncode, again.stderr) == (
        1,
        "driftless: one.backup exists already. Choose another name.\n",
    )
    back = shell("restore", "one.backup", "--yes")
    assert (back.returncode, "The former database is" in back.stdout) == (0, True)
    assert shell("migrate").returncode == 0


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_what_is_no_backup_is_refused_and_nothing_is_touched(
    sqlite_address: str, tmp_path: Path, clock: StoppedClock, content: bytes
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_bytes(content)
    target = tmp_path / "target.sqlite"
    with closing(sqlite3.connect(target)) as there:
        there.execute("CREATE TABLE mine (a)")
    before = target.read_bytes()
    with pytest.raises(NoBackup, match="is no backup of Driftless"):
        restore(wrong, target, clock())
    assert target.read_bytes() == before


def test_postgresql_has_its_own_tools(shell: Shell) -> None:
    shell.environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    done = shell("backup", "x")
    assert (done.returncode, "pg_dump" in done.stderr) == (1, True)
