"""Invites and joining."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.services.joining import Joined, NotJoined, join, make_invite
from storage.database import Database
from storage.tables import Audit, Invite
from tests.conftest import StoppedClock
from tests.people import enrol


async def test_a_code_works_once(database: Database, clock: StoppedClock) -> None:
    async with database.transaction() as session:
        code = await make_invite(
            session, role="worker", team_name="North", valid=timedelta(days=7), now=clock()
        )
        first = await join(session, code=code.lower(), telegram_id=1, first_name="Ada", now=clock())
        assert isinstance(first, Joined)
        assert (first.person.role, first.team.name) == ("worker", "North")
        second = await join(session, code=code, telegram_id=2, first_name="Bo", now=clock())
        assert second == NotJoined("That code has been used already. Ask your manager for a new one.")


async def test_only_the_hash_of_a_code_is_kept(sqlite: Database, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        code = await make_invite(
            session, role="worker", team_name="North", valid=timedelta(days=7), now=clock()
        )
        kept = await session.get(Invite, 1)
        assert kept is not None
        assert code not in kept.model_dump_json()
        assert code.replace("-", "") not in kept.model_dump_json()


async def test_a_code_runs_out(sqlite: Database, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        code = await make_invite(
            session, role="worker", team_name="North", valid=timedelta(days=7), now=clock()
        )
        late = await join(session, code=code, telegram_id=1, first_name="Ada", now=clock.forward(days=7))
        assert late == NotJoined("That code has run out. Ask your manager for a new one.")


async def test_five_wrong_codes_lock_the_account_out_for_an_hour(
    database: Database, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        good = await make_invite(
            session, role="worker", team_name="North", valid=timedelta(days=7), now=clock()
        )
        for _ in range(5):
            wrong = await join(session, code="AAAAA-AAAAA", telegram_id=1, first_name="Ada", now=clock())
            assert isinstance(wrong, NotJoined)
            assert "isn't right" in wrong.reason
        locked = await join(
            session, code=good, telegram_id=1, first_name="Ada", now=clock.forward(minutes=59)
        )
        assert isinstance(locked, NotJoined)
        assert "Too many wrong codes" in locked.reason
        lines = await session.exec(select(Audit.subject).where(Audit.what == "locked out after wrong codes"))
        assert lines.all() == ["account 1"]
        free = await join(session, code=good, telegram_id=1, first_name="Ada", now=clock.forward(minutes=2))
        assert isinstance(free, Joined)


async def test_joining_again_uses_no_code_up(sqlite: Database, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        person = await enrol(session, "Ada", "worker", clock())
        assert person.telegram_id is not None
        again = await join(session, code="", telegram_id=person.telegram_id, first_name="Ada", now=clock())
        assert isinstance(again, Joined)
        assert again.before


@pytest.mark.parametrize(
    ("first", "second"),
    [("Ada", "Ada 2"), ("ADA", "ADA 2"), ("", "Colleague 2"), ("x" * 90, "x" * 32 + " 2")],
)
async def test_two_of_one_name_in_a_team_are_told_apart(
    sqlite: Database, clock: StoppedClock, first: str, second: str
) -> None:
    async with sqlite.transaction() as session:
        await enrol(session, first.lower(), "worker", clock())
        assert (await enrol(session, first, "worker", clock())).name == second
        assert (await enrol(session, first, "worker", clock(), team="South")).name == second.removesuffix(
            " 2"
        )
