"""The short form of the storm (make soak runs the long one), and what a database or a clock may do."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlmodel import col, select

from bot import delivery
from bot.dispatching import Dispatcher
from bot.receipts import Receipt, Sent
from bot.rules.events import EVENTS
from bot.rules.pace import Pace
from bot.services import casework, happenings
from bot.services.office import Office
from bot.simulator.driver import Sim
from bot.texts.html import plain
from bot.texts.reply import Say
from storage.database import Database
from storage.tables import OutgoingMessage
from tests.conftest import StoppedClock
from tests.outage import database_away
from tests.people import enrol
from tests.storm.storm import rage, storm


class Telegram:
    """Takes everything."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def __call__(self, _chat: int, words: Say) -> Receipt:
        self.said.append(plain(words.text))
        return Sent(len(self.said))


async def case_with_core_group(
    database: Database, office: Office, clock: StoppedClock, conference: date
) -> None:
    """The first core group is due ten working days after the conference."""
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await happenings.record_event(session, office, worker, case, EVENTS["icpc-held"], conference, clock())


@pytest.mark.parametrize("seed", [7])
async def test_kills_and_faults_lose_nothing_and_repeat_only_what_was_in_flight(
    sqlite_address: str, tmp_path: Path, seed: int
) -> None:
    async with storm(sqlite_address, tmp_path, seed=seed, reminders=60, people=20) as under_way:
        await rage(under_way, kills=3)
    assert under_way.found.good, str(under_way.found)
    assert under_way.found.kills == 3


async def test_two_processes_on_postgresql_share_the_work_and_one_follows_the_other(
    postgresql_address: str, tmp_path: Path
) -> None:
    async with storm(postgresql_address, tmp_path, seed=3, reminders=60, people=20, replicas=2) as under_way:
        leader, _follower = under_way.processes
        await asyncio.sleep(1)
        await under_way.kill(leader)
        async with Sim(under_way.url) as sim:
            person = (await sim.people())[3]
            await person.says("/help")
            await person.sees("Type a question", within=60)
        await leader.start()
        await under_way.calm()
        under_way.count()
        assert under_way.found.good, str(under_way.found)


async def test_the_database_goes_away_and_comes_back(postgresql_address: str, tmp_path: Path) -> None:
    async with storm(postgresql_address, tmp_path, seed=5, reminders=60, people=20) as under_way:
        await asyncio.sleep(0.7)
        async with database_away(postgresql_address):
            await asyncio.sleep(2)
        await under_way.calm()
        under_way.count()
        assert under_way.found.good, str(under_way.found)
        assert under_way.found.repeats == 0, "the process lived on and knew what it had sent"


async def test_locks_that_are_not_given_in_time(postgresql_address: str, tmp_path: Path) -> None:
    async with storm(
        f"{postgresql_address}&options=-c%20lock_timeout%3D200", tmp_path, seed=6, reminders=40, people=20
    ) as under_way:
        await asyncio.sleep(0.7)
        async with await psycopg.AsyncConnection.connect(postgresql_address) as blocker:
            await blocker.execute("LOCK TABLE outgoing_message IN ACCESS EXCLUSIVE MODE")
            await asyncio.sleep(2)
        await under_way.calm()
        under_way.count()
        assert under_way.found.good, str(under_way.found)
        assert under_way.found.repeats == 0


@pytest.mark.parametrize("change", ["2026-10-25", "2027-03-28"])
async def test_a_clock_change_moves_no_digest_and_doubles_none(
    sqlite: Database, office: Office, change: str
) -> None:
    day = date.fromisoformat(change)
    clock = StoppedClock(f"{day - timedelta(days=3)}T10:00+00:00")
    await case_with_core_group(sqlite, office, clock, day - timedelta(days=11))
    telegram = Telegram()
    said: list[tuple[str, str]] = []
    for _ in range(5 * 24 * 4):
        clock.forward(minutes=15)
        before = len(telegram.said)
        await delivery.tick(sqlite, office, telegram, clock())
        local = f"{clock().astimezone(office.zone):%a %H:%M}"
        said += [(local, text) for text in telegram.said[before:]]
    heads = [(when, text) for when, text in said if text.startswith(("Fri 2", "Mon 2", "Tue "))]
    assert len({when[:3] for when, _ in heads}) == len(heads)
    assert heads
    assert all("08:30" <= when[4:] < "09:00" for when, _ in heads)


async def test_a_clock_that_jumps_a_day_and_back_loses_nothing(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await case_with_core_group(database, office, clock, date(2026, 11, 13))
    telegram = Telegram()
    paced = Dispatcher(database, office, telegram, pace=Pace())
    await paced.run(clock, patient=False)
    clock.moment += timedelta(days=1)
    await delivery.plan(database, office, clock())
    await paced.run(clock, patient=False)
    clock.moment -= timedelta(days=1)
    await paced.run(clock, patient=False)
    for _ in range(5 * 24):
        clock.forward(hours=1)
        await delivery.plan(database, office, clock())
        await paced.run(clock, patient=False)
        await paced.run(lambda: clock() + timedelta(seconds=2), patient=False)
    assert any("core group" in text.lower() and "due today" in text for text in telegram.said)
    async with database.transaction() as session:
        due = select(OutgoingMessage).where(
            col(OutgoingMessage.state).in_(("planned", "claimed", "unknown")),
            col(OutgoingMessage.not_before) <= clock() - timedelta(hours=1),
        )
        assert (await session.exec(due)).all() == []
