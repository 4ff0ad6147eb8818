"""A session that passed with nothing recorded is asked about once; one held or moved is not chased."""

from datetime import datetime

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery import tick
from bot.rules.errors import NotAllowed, NotFound, Stale
from bot.services import packs, supervision_sessions
from bot.services.joining import put_in_service
from bot.services.office import Office
from bot.texts import packs as texts
from bot.texts.html import plain
from storage.database import Database
from storage.tables import OutgoingMessage, Person, SupervisionSession
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.test_broadcasting import Chats

QUESTION = "Supervision with Worker A was planned for Thu 26 Nov 2026.\nNothing is recorded. Was it held?"
HELD = "✓ Supervision held on Thu 26 Nov 2026"


async def two_people(session: AsyncSession, now: datetime) -> tuple[Person, Person]:
    return await enrol(session, "Manager", "manager", now), await enrol(session, "Worker A", "worker", now)


async def planned_for(
    database: Database, office: Office, clock: StoppedClock, when: str = "Thu 2026-11-26", every: str = "2"
) -> tuple[Person, Person, SupervisionSession]:
    async with database.transaction() as session:
        manager, worker = await two_people(session, clock())
        planned = await supervision_sessions.plan_session(
            session, office, manager, worker, day(when), every, clock()
        )
    return manager, worker, planned


async def ticks(database: Database, office: Office, chats: Chats, now: datetime) -> None:
    for _ in range(3):
        await tick(database, office, chats, now)


async def test_a_session_that_passed_is_asked_about_once_on_the_next_working_morning(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    manager, worker, _ = await planned_for(database, office, clock)
    await ticks(database, office, chats, clock.to("2026-11-26T23:00+00:00"))
    await ticks(database, office, chats, clock.to("2026-11-27T08:59+00:00"))
    assert QUESTION not in chats.to(manager), "not before nine"
    await ticks(database, office, chats, clock.to("2026-11-27T09:00+00:00"))
    await ticks(database, office, chats, clock.to("2026-12-03T09:00+00:00"))
    assert chats.to(manager).count(QUESTION) == 1
    assert not any("Was it held?" in text for text in chats.to(worker))
    async with database.transaction() as session:
        found = await packs.pack(session, office, worker, clock())
    page = plain(texts.pack_text(found, office.today(clock()), office.zone))
    assert "Thu 26 Nov 2026, every 2 weeks: not recorded." in page


async def test_over_a_weekend_it_waits_for_monday(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    manager, _, _ = await planned_for(sqlite, office, clock, "Fri 2026-11-27")
    await ticks(sqlite, office, chats, clock.to("2026-11-28T10:00+00:00"))
    assert not any("Was it held?" in text for text in chats.to(manager))
    await ticks(sqlite, office, chats, clock.to("2026-11-30T09:00+00:00"))
    assert any("Was it held?" in text for text in chats.to(manager))


async def test_one_recorded_meanwhile_is_never_chased(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    """Recorded after the question was planned (at midnight) and before it is sent (at nine)."""
    chats = Chats()
    manager, worker, planned = await planned_for(database, office, clock)
    await ticks(database, office, chats, clock.to("2026-11-27T00:05+00:00"))
    async with database.transaction() as session:
        rows = await session.exec(
            select(OutgoingMessage.state).where(OutgoingMessage.kind == supervision_sessions.UNRECORDED)
        )
        assert rows.all() == ["planned"]
        kept, known = await supervision_sessions.standing(session, manager, planned.id or 0)
        assert (kept.id, known.id) == (planned.id, worker.id)
        await supervision_sessions.hold_session(session, office, manager, worker, kept.planned_on, clock())
        with pytest.raises(Stale, match="recorded already"):
            await supervision_sessions.standing(session, manager, planned.id or 0)
    await ticks(database, office, chats, clock.to("2026-11-27T09:00+00:00"))
    await ticks(database, office, chats, clock.to("2026-11-27T15:00+00:00"))
    assert not any("Was it held?" in text for text in chats.to(manager))


async def test_the_state_at_the_moment_of_sending_decides(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    """Even a question whose row was not cancelled says nothing about a session that is held by then."""
    chats = Chats()
    manager, _, planned = await planned_for(sqlite, office, clock)
    await ticks(sqlite, office, chats, clock.to("2026-11-27T00:05+00:00"))
    async with sqlite.transaction() as session:
        row = await session.get(SupervisionSession, planned.id)
        assert row is not None
        row.state = "held"
    await ticks(sqlite, office, chats, clock.to("2026-11-27T09:00+00:00"))
    assert not any("Was it held?" in text for text in chats.to(manager))


async def test_once_recorded_the_messages_already_sent_say_so(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    manager, worker, planned = await planned_for(database, office, clock)
    await ticks(database, office, chats, clock.to("2026-11-25T14:00+00:00"))
    await ticks(database, office, chats, clock.to("2026-11-27T09:00+00:00"))
    assert chats.to(worker) == ["Supervision with Manager: Thu 26 Nov 2026."]
    assert QUESTION in chats.to(manager)
    async with database.transaction() as session:
        _, _, following = await supervision_sessions.hold_session(
            session, office, manager, worker, planned.planned_on, clock()
        )
        assert following is not None
        assert following.planned_on == day("Thu 2026-12-10")
    await ticks(database, office, chats, clock())
    assert chats.to(worker) == [HELD]
    assert chats.to(manager) == [HELD, HELD]


async def test_a_session_planned_for_tomorrow_afternoon_is_told_at_once(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    """The reminder of the working day before would come too late: the worker hears of it now."""
    chats = Chats()
    clock.to("2026-11-25T15:00+00:00")
    manager, worker, _ = await planned_for(sqlite, office, clock)
    await ticks(sqlite, office, chats, clock())
    assert chats.to(worker) == ["Supervision with Manager: Thu 26 Nov 2026."]
    assert chats.to(manager) == [], "who planned it knows"


async def test_a_worker_who_was_reminded_of_another_day_hears_of_the_new_one(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    manager, worker, _ = await planned_for(database, office, clock)
    await ticks(database, office, chats, clock.to("2026-11-25T14:00+00:00"))
    async with database.transaction() as session:
        await supervision_sessions.plan_session(
            session, office, manager, worker, day("Tue 2026-12-01"), "2", clock()
        )
    await ticks(database, office, chats, clock())
    assert chats.to(worker) == [
        "Supervision on Thu 26 Nov 2026 was moved.",
        "Supervision with Manager: Tue 1 Dec 2026.",
    ]
    assert chats.to(manager) == ["Supervision on Thu 26 Nov 2026 was moved."]
    await ticks(database, office, chats, clock.to("2026-11-27T09:00+00:00"))
    assert not any("Was it held?" in text for text in chats.to(manager)), "moved is not forgotten"
    await ticks(database, office, chats, clock.to("2026-11-30T14:00+00:00"))
    for person in (manager, worker):
        assert "Tue 1 Dec 2026." in chats.to(person)[-1]


@pytest.mark.parametrize("gone", ["left", "moved", "role"])
async def test_where_its_manager_is_gone_the_teams_managers_are_asked(
    sqlite: Database, office: Office, clock: StoppedClock, gone: str
) -> None:
    chats = Chats()
    manager, worker, planned = await planned_for(sqlite, office, clock)
    async with sqlite.transaction() as session:
        deputy = await enrol(session, "Deputy", "manager", clock())
        far = await enrol(session, "Manager S", "manager", clock(), team="South")
        kept = await session.get(Person, manager.id)
        assert kept is not None
        if gone == "left":
            kept.active = False
        elif gone == "moved":
            kept.team_id = far.team_id
        else:
            kept.role = "worker"
    await ticks(sqlite, office, chats, clock.to("2026-11-27T09:00+00:00"))
    assert QUESTION in chats.to(deputy)
    assert not any("Was it held?" in text for one in (manager, far, worker) for text in chats.to(one))
    async with sqlite.transaction() as session:
        with pytest.raises(NotFound):
            await supervision_sessions.standing(session, far, planned.id or 0)
        with pytest.raises(NotAllowed):
            await supervision_sessions.standing(session, worker, planned.id or 0)
        await supervision_sessions.standing(session, deputy, planned.id or 0)


async def test_a_head_of_service_who_planned_it_is_asked_across_teams(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with sqlite.transaction() as session:
        _, worker = await two_people(session, clock())
        head = await enrol(session, "Head", "head-of-service", clock(), team="South")
        for team in ("North", "South"):
            await put_in_service(session, team, "Safeguarding", clock())
        await supervision_sessions.plan_session(
            session, office, head, worker, day("Thu 2026-11-26"), "", clock()
        )
    await ticks(sqlite, office, chats, clock.to("2026-11-27T09:00+00:00"))
    assert QUESTION in chats.to(head)


@pytest.mark.parametrize("why", ["worker left", "long ago"])
async def test_what_nobody_can_record_is_not_asked(
    sqlite: Database, office: Office, clock: StoppedClock, why: str
) -> None:
    chats = Chats()
    manager, worker, _ = await planned_for(sqlite, office, clock)
    if why == "worker left":
        async with sqlite.transaction() as session:
            kept = await session.get(Person, worker.id)
            assert kept is not None
            kept.active = False
        clock.to("2026-11-27T09:00+00:00")
    else:
        clock.to("2026-12-29T09:00+00:00")
    await ticks(sqlite, office, chats, clock())
    assert not any("Was it held?" in text for text in chats.to(manager))
