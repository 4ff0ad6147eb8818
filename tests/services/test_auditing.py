"""The audit trail: sealed line by line; what was changed, taken out or cut off is noticed."""

import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.services import auditing
from storage import audit
from storage.database import Database
from tests.conftest import StoppedClock


async def written(database: Database, clock: StoppedClock, lines: int) -> None:
    """So many lines, some sealed at once and the rest at the end."""
    for number in range(lines):
        async with database.transaction() as session:
            await auditing.note(session, None, "looked", f"case {number}", clock.forward(seconds=1))
        if number % 3 == 0:
            async with database.transaction() as session:
                await auditing.seal_new(session)
    async with database.transaction() as session:
        await auditing.seal_new(session)


async def test_the_whole_chain_holds_and_waits_for_nothing(database: Database, clock: StoppedClock) -> None:
    await written(database, clock, 10)
    async with database.transaction() as session:
        await auditing.note(session, None, "looked", "case 11", clock())
        found = await auditing.verify(session)
        assert [line.number async for line in audit.sealed(session)] == list(range(1, 11))
    assert (found.lines, found.fault, found.waiting) == (10, None, 1)
    assert len(found.head) == 64


async def test_the_database_refuses_to_change_or_delete_a_sealed_line(
    database: Database, clock: StoppedClock
) -> None:
    await written(database, clock, 3)
    for statement in (
        "UPDATE audit SET what = 'nothing' WHERE number = 2",
        "DELETE FROM audit WHERE number = 2",
    ):
        with pytest.raises(DBAPIError, match="never changed"):
            async with database.transaction() as session:
                await session.exec(text(statement))  # type: ignore[call-overload]  # plain SQL, as a tamperer would
    async with database.transaction() as session:
        assert (await auditing.verify(session)).fault is None


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE audit SET subject = 'case 9' WHERE number = 4", (4, "was changed")),
        (
            "UPDATE audit SET person_id = NULL, at = '2020-01-01 00:00:00' WHERE number = 1",
            (1, "was changed"),
        ),
        ("DELETE FROM audit WHERE number = 3", (3, "is missing")),
        ("UPDATE audit SET number = number + 100 WHERE number = 5", (5, "is missing")),
    ],
)
async def test_whoever_gets_past_the_database_is_noticed(
    sqlite: Database, clock: StoppedClock, tampering: str, fault: tuple[int, str]
) -> None:
    await written(sqlite, clock, 6)
    with sqlite3.connect(str(sqlite.url.database)) as there:
        there.execute("DROP TRIGGER audit_no_UPDATE")
        there.execute("DROP TRIGGER audit_no_DELETE")
        there.execute(tampering)
    there.close()
    async with sqlite.transaction() as session:
        found = (await auditing.verify(session)).fault
    assert found is not None
    assert (found.number, found.fault) == fault


async def test_a_tail_cut_off_is_noticed_by_a_seal_noted_elsewhere(
    sqlite: Database, clock: StoppedClock
) -> None:
    await written(sqlite, clock, 6)
    async with sqlite.transaction() as session:
        head = (await auditing.verify(session)).head
    with sqlite3.connect(str(sqlite.url.database)) as there:
        there.execute("DROP TRIGGER audit_no_DELETE")
        there.execute("DELETE FROM audit WHERE number > 4")
    there.close()
    async with sqlite.transaction() as session:
        assert (await auditing.verify(session)).fault is None
        assert head not in {line.seal async for line in audit.sealed(session)}
