"""Whose turn it is: in order, one at a time, and the dead are followed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import inbox
from storage.database import Database
from storage.replicas import Replica
from storage.turns import Turn, take_turn
from tests.conftest import StoppedClock

ACCOUNT, OTHER = 2**40, 7
DEAD = 12345


@asynccontextmanager
async def replica(database: Database) -> AsyncIterator[Replica]:
    """A live process."""
    found = Replica(database)
    await found.enter()
    yield found
    await found.leave()


async def _received(database: Database, clock: StoppedClock, *numbers: int, account: int = ACCOUNT) -> None:
    async with database.transaction() as session:
        for number in numbers:
            assert await inbox.receive(session, number, {"update_id": number}, clock(), account)


async def _handled(database: Database, clock: StoppedClock, number: int, held_by: int | None) -> None:
    async with database.transaction() as session:
        row = await inbox.locked(session, number)
        assert row is not None
        row.handled_at, row.replies, row.held_by = clock(), [], held_by


def _is(turn: Turn) -> str | int:
    if turn.row is not None:
        return "mine"
    if turn.before is not None:
        return turn.before.update_id
    return "wait" if turn.wait else "nothing"


async def test_earlier_ones_go_first_and_other_people_are_no_matter(
    database: Database, clock: StoppedClock
) -> None:
    await _received(database, clock, 10, 11, 12)
    await _received(database, clock, 5, account=OTHER)
    async with replica(database) as me, database.transaction() as session:
        assert _is(await take_turn(session, 12, ACCOUNT, me)) == 10
        assert _is(await take_turn(session, 12, ACCOUNT, me, passing_over=frozenset({10}))) == 11
        assert _is(await take_turn(session, 12, ACCOUNT, me, passing_over=frozenset({10, 11}))) == "mine"
        assert _is(await take_turn(session, 10, ACCOUNT, me)) == "mine"
        assert _is(await take_turn(session, 5, OTHER, me)) == "mine"
        assert _is(await take_turn(session, 99, ACCOUNT, me)) == "nothing", "it is not in the inbox"


@pytest.mark.parametrize(("holder", "turn"), [(None, 10), (DEAD, 10)])
async def test_replies_that_a_dead_process_owed_go_first(
    database: Database, clock: StoppedClock, holder: int | None, turn: int
) -> None:
    await _received(database, clock, 10, 11)
    await _handled(database, clock, 10, holder)
    async with replica(database) as me, database.transaction() as session:
        assert _is(await take_turn(session, 11, ACCOUNT, me)) == turn
        assert _is(await take_turn(session, 10, ACCOUNT, me)) == "mine"


async def test_what_is_answered_owes_nothing(database: Database, clock: StoppedClock) -> None:
    await _received(database, clock, 10, 11)
    async with database.transaction() as session:
        await inbox.mark_replied(session, 10, clock())
    async with replica(database) as me, database.transaction() as session:
        assert _is(await take_turn(session, 10, ACCOUNT, me)) == "nothing"
        assert _is(await take_turn(session, 11, ACCOUNT, me)) == "mine"


async def test_while_another_process_sends_the_replies_one_waits_until_it_is_dead(
    postgresql_address: str, clock: StoppedClock
) -> None:
    database = Database(postgresql_address)
    await _received(database, clock, 10, 11)
    async with replica(database) as me:
        async with replica(database) as other:
            await _handled(database, clock, 10, other.number)
            async with database.transaction() as session:
                assert _is(await take_turn(session, 11, ACCOUNT, me)) == "wait"
                assert _is(await take_turn(session, 10, ACCOUNT, me)) == "nothing", "it is in good hands"
        async with database.transaction() as session:
            assert _is(await take_turn(session, 11, ACCOUNT, me)) == 10
    await database.close()


async def test_one_at_a_time_for_an_account_and_all_at_once_for_others(
    postgresql_address: str, clock: StoppedClock
) -> None:
    database = Database(postgresql_address)
    await _received(database, clock, 10, 11)
    await _received(database, clock, 5, account=OTHER)
    async with replica(database) as me, replica(database) as other:
        async with database.transaction() as mine:
            assert _is(await take_turn(mine, 10, ACCOUNT, me)) == "mine"
            assert await _turn_elsewhere(database, 11, ACCOUNT, other) == "wait"
            assert await _turn_elsewhere(database, 10, ACCOUNT, other) == "wait"
            assert await _turn_elsewhere(database, 5, OTHER, other) == "mine"
        assert await _turn_elsewhere(database, 10, ACCOUNT, other) == "mine"
    await database.close()


async def _turn_elsewhere(database: Database, number: int, account: int, replica_: Replica) -> str | int:
    async with AsyncSession(database.engine) as session, session.begin():
        return _is(await take_turn(session, number, account, replica_))


async def test_an_update_that_is_not_in_the_inbox_is_told_apart(
    database: Database, clock: StoppedClock
) -> None:
    await _received(database, clock, 10)
    async with replica(database) as me, database.transaction() as session:
        assert (await take_turn(session, 11, ACCOUNT, me)).unknown
        assert not (await take_turn(session, 10, ACCOUNT, me)).unknown
        assert not await inbox.receive(session, 10, {}, clock(), ACCOUNT), "it is known already"
