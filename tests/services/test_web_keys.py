"""Secrets of the web part: single use, in time, hashed, and ended by leaving or changing role or team."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.rules.errors import NotAllowed
from bot.services import web_keys
from bot.services.calendars import subscribed_calendar
from bot.services.exporting import worker_calendar
from bot.services.office import Office
from bot.services.purging import purge
from bot.texts.exports import WORDING
from storage import people
from storage.database import Database
from storage.tables import Audit, WebKey
from tests.conftest import StoppedClock
from tests.people import enrol
from tests.services.test_board import opened


async def test_a_link_opens_once_and_the_browser_stays_for_a_working_day(
    database: Database, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        link = await web_keys.board_link(session, manager, clock())
        assert await web_keys.who_looks(session, link, clock()) is None, "a link is no session"
    async with database.transaction() as session:
        browser = await web_keys.enter(session, link, clock())
        assert browser is not None
        assert await web_keys.enter(session, link, clock()) is None
        found = await web_keys.who_looks(session, browser, clock())
        assert found is not None
        assert found.id == manager.id
        assert await web_keys.who_looks(session, browser, clock() + timedelta(hours=10)) is None
        kept = (await session.exec(select(WebKey))).all()
        assert {link, browser} & {key.key_hash for key in kept} == set(), "only hashes are kept"
        done = [line.what for line in (await session.exec(select(Audit))).all()]
    assert {"asked for board link", "entered board"} <= set(done)


async def test_a_link_dies_after_ten_minutes_and_when_a_new_one_is_asked_for(
    database: Database, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        old = await web_keys.board_link(session, manager, clock())
        new = await web_keys.board_link(session, manager, clock())
        assert await web_keys.enter(session, old, clock()) is None
        assert await web_keys.enter(session, new, clock() + timedelta(minutes=10)) is None
        assert await web_keys.enter(session, "guessed", clock()) is None
        assert await web_keys.enter(session, new, clock() + timedelta(minutes=9)) is not None


@pytest.mark.parametrize("change", ["left", "role", "team", "signed out"])
async def test_whoever_leaves_or_changes_is_out_at_once(
    database: Database, clock: StoppedClock, change: str
) -> None:
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        browser = await web_keys.enter(session, await web_keys.board_link(session, manager, clock()), clock())
        assert browser is not None
        waiting = await web_keys.board_link(session, manager, clock())
        if change == "left":
            manager.active = False
        elif change == "role":
            manager.role = "worker"
        elif change == "team":
            manager.team_id = (await people.add_team(session, "South", clock())).id or 0
        else:
            assert await web_keys.end_sessions(session, manager, clock()) == 2
        await session.flush()
        assert await web_keys.who_looks(session, browser, clock()) is None
        assert await web_keys.enter(session, waiting, clock()) is None


async def test_only_managers_get_a_link(sqlite: Database, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        for role in ("worker", "practice-lead", "admin"):
            person = await enrol(session, f"Person {role}", role, clock())
            with pytest.raises(NotAllowed, match="for managers"):
                await web_keys.board_link(session, person, clock())
        head = await enrol(session, "Head", "head-of-service", clock())
        assert await web_keys.board_link(session, head, clock())


async def test_a_calendars_address_shows_the_file_until_it_is_replaced_or_switched_off(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await opened(session, office, worker, clock, "CP-1001", "Mon 2026-11-16 icpc-held")
        first = await web_keys.new_calendar(session, worker, clock())
        file = await worker_calendar(session, office, worker, clock(), WORDING)
        later = clock() + timedelta(days=400)
        assert await subscribed_calendar(session, office, first, clock(), WORDING) == file
        assert await web_keys.whose_calendar(session, first, later) is not None
        second = await web_keys.new_calendar(session, worker, clock())
        assert await subscribed_calendar(session, office, first, clock(), WORDING) is None
        assert await web_keys.has_calendar(session, worker, clock())
        assert await web_keys.switch_off_calendar(session, worker, clock())
        assert not await web_keys.switch_off_calendar(session, worker, clock())
        assert await subscribed_calendar(session, office, second, clock(), WORDING) is None
        lead = await enrol(session, "Practice lead", "practice-lead", clock())
        with pytest.raises(NotAllowed):
            await web_keys.new_calendar(session, lead, clock())


async def test_what_is_over_is_forgotten(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        await web_keys.board_link(session, manager, clock())
        calendar = await web_keys.new_calendar(session, manager, clock())
    assert (await purge(sqlite, office, clock() + timedelta(days=31))).counts == {"web_keys": 1}
    async with sqlite.transaction() as session:
        assert [key.purpose for key in (await session.exec(select(WebKey))).all()] == ["calendar"]
        assert await web_keys.whose_calendar(session, calendar, clock()) is not None
