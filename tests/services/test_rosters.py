"""Each month a manager says who still belongs to the team; silence is asked about again, then reported."""

import pytest
from sqlmodel import select

from bot.delivery import tick
from bot.rules.errors import NotAllowed, NotFound, Stale
from bot.services import leaving, rosters
from bot.services.office import Office
from storage import people
from storage.database import Database
from storage.tables import Audit
from tests.conftest import StoppedClock
from tests.people import enrol
from tests.services.test_supervision import Chats

ASKED = "Team North: does everybody still belong here?"


def asked(chats: Chats, account: int | None) -> int:
    return sum(text.startswith(ASKED) for text in chats.to(account))


async def test_managers_are_asked_on_the_first_working_day_and_five_later(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
    chats = Chats()
    for moment, times in (
        ("2026-11-30T10:00+00:00", 0),
        ("2026-12-01T08:59+00:00", 0),
        ("2026-12-01T09:05+00:00", 1),
        ("2026-12-01T12:00+00:00", 1),
        ("2026-12-07T12:00+00:00", 1),
        ("2026-12-08T09:05+00:00", 2),
        ("2026-12-09T09:05+00:00", 2),
    ):
        await tick(database, office, chats, clock.to(moment))
        assert asked(chats, manager.telegram_id) == times, moment
    assert asked(chats, worker.telegram_id) == 0
    assert "• Worker A, worker" in next(t for t in chats.to(manager.telegram_id) if t.startswith(ASKED))


async def test_what_one_of_two_managers_has_checked_is_not_asked_again(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        first = await enrol(session, "Manager A", "manager", clock())
        second = await enrol(session, "Manager B", "manager", clock())
    chats = Chats()
    await tick(database, office, chats, clock.to("2026-12-01T09:05+00:00"))
    async with database.transaction() as session:
        mark = (await rosters.roster_of(session, first, first.team_id)).mark
        await rosters.confirm(session, first, first.team_id, mark, clock())
    await tick(database, office, chats, clock.to("2026-12-08T09:05+00:00"))
    assert [asked(chats, one.telegram_id) for one in (first, second)] == [1, 1]
    async with database.transaction() as session:
        line = (await session.exec(select(Audit).where(Audit.what == "checked the roster"))).one()
        assert (line.person_id, line.subject) == (first.id, f"team {first.team_id}")
    await tick(database, office, chats, clock.to("2027-01-04T09:05+00:00"))  # 1 January is a bank holiday
    assert [asked(chats, one.telegram_id) for one in (first, second)] == [2, 2]


async def test_a_roster_that_has_changed_since_is_not_confirmed(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        stranger = await enrol(session, "Manager S", "manager", clock(), team="South")
        mark = (await rosters.roster_of(session, manager, manager.team_id)).mark
        await leaving.leave(session, office, worker, None, clock(), by=manager.id)
        with pytest.raises(Stale, match="/roster shows it as it is now"):
            await rosters.confirm(session, manager, manager.team_id, mark, clock())
        with pytest.raises(NotFound):
            await rosters.roster_of(session, stranger, manager.team_id)
        with pytest.raises(NotAllowed):
            await rosters.rosters(session, worker)


async def test_two_months_without_a_check_are_reported(sqlite: Database, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        await people.add_team(session, "Nobody's", clock())
        assert await rosters.unchecked(session, clock.forward(days=62)) == []
        assert [t.name for t in await rosters.unchecked(session, clock.forward(days=1))] == ["North"]
        mark = (await rosters.roster_of(session, manager, manager.team_id)).mark
        await rosters.confirm(session, manager, manager.team_id, mark, clock())
        assert await rosters.unchecked(session, clock()) == []
