"""Reminders at a humane time, on real databases: discreet, bundled, held back, covered."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.rules.errors import NotFound, Stale
from bot.rules.supervision import ActionDraft
from bot.services import casework, closing, digests, preferences, supervision
from bot.services.office import Office
from storage import cases, hearing
from storage.database import Database
from storage.tables import Leave, OutgoingMessage, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.morning import Telegram, core_group, tick


async def test_reminders_that_fall_together_are_one_message_and_discreet(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    _, worker = await core_group(database, office, clock, discreet=True)
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-26T14:00+00:00"))
    pushed = [text for text in telegram.to(worker) if "clock" in text]
    assert pushed == ["2 clocks: 2 due tomorrow."]
    assert not [text for text in telegram.to(worker) if "CP-1042" in text]


async def test_clocks_and_actions_that_fall_together_are_one_message(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    manager, worker = await core_group(database, office, clock)
    async with database.transaction() as session:
        draft = ActionDraft("Worker A", "ring the school", "so that", "seen", day("Fri 2026-11-27"))
        await supervision.create_action(session, office, manager, draft, clock())
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-26T14:00+00:00"))
    [together] = [text for text in telegram.to(worker) if "due tomorrow" in text]
    clocks, actions = together.split("\n\n")
    assert clocks.splitlines()[0] == "2 clocks: 2 due tomorrow."
    assert actions.splitlines()[0] == "One action is due tomorrow."
    assert "ring the school" in actions
    labels = [button.label for row in telegram.buttons[-1] for button in row]
    assert labels == [
        "CP-1042: First core group",
        "CP-1042: Visit to a child on a plan",
        "Done: ring the school",
    ]


async def test_a_discreet_digest_counts(database: Database, office: Office, clock: StoppedClock) -> None:
    _, worker = await core_group(database, office, clock, discreet=True)
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-27T08:45+00:00"))
    assert telegram.to(worker) == ["Fri 27 Nov 2026\n2 due today"]


async def test_what_can_wait_waits_through_the_night_and_the_weekend(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    manager, worker = await core_group(database, office, clock)
    clock.to("2026-11-27T18:30+00:00")  # a Friday evening
    async with database.transaction() as session:
        [first, *_] = await cases.open_deadlines(session, cases.Scope(worker_id=worker.id))
        await closing.change_clock(
            session,
            office,
            worker,
            first[0],
            "extend",
            "the family is away",
            day("Fri 2026-12-04"),
            clock(),
        )
    telegram = Telegram()
    while clock() < datetime.fromisoformat("2026-11-30T08:00+00:00"):
        await tick(database, office, telegram, clock())
        clock.forward(minutes=30)
    assert [text for text in telegram.to(manager) if "Worker A" in text] == []
    await tick(database, office, telegram, clock.to("2026-11-30T08:01+00:00"))
    assert [text for text in telegram.to(manager) if "Worker A" in text]


async def test_a_part_timer_is_left_alone_on_days_off(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    _, worker = await core_group(database, office, clock)
    async with database.transaction() as session:
        person = await session.get(Person, worker.id)
        assert person is not None
        await preferences.set_times(session, office, person, clock(), work_days=0b00111)  # Mon to Wed
    telegram, heard = Telegram(), []
    for _ in range(24 * 6):
        before = len(telegram.to(worker))
        await tick(database, office, telegram, clock())
        heard += [f"{clock():%a %H}" for _ in telegram.to(worker)[before:]]
        clock.forward(hours=1)
    assert heard == ["Wed 09", "Wed 14", "Mon 09"], "Friday's clocks speak on Wednesday"


async def test_leave_with_cover(database: Database, office: Office, clock: StoppedClock) -> None:
    manager, worker = await core_group(database, office, clock)
    async with database.transaction() as session:
        cover = await enrol(session, "Worker B", "worker", clock())
        other_manager = await enrol(session, "Manager S", "manager", clock(), team="South")
        leave = await preferences.ask_leave(
            session, office, worker, day("Wed 2026-11-25"), day("Fri 2026-12-04"), cover, clock()
        )
    telegram = Telegram()
    await tick(database, office, telegram, clock())
    assert any("Worker A asks for leave" in text for text in telegram.to(manager))
    assert leave.id is not None
    async with database.transaction() as session:
        with pytest.raises(NotFound):
            await preferences.decide_leave(session, office, other_manager, leave.id, agreed=True, now=clock())
        await preferences.decide_leave(session, office, manager, leave.id, agreed=True, now=clock())
        with pytest.raises(Stale):
            await preferences.decide_leave(session, office, manager, leave.id, agreed=False, now=clock())
    await tick(database, office, telegram, clock.forward(minutes=1))
    assert any("You cover for Worker A" in text for text in telegram.to(cover))
    before = len(telegram.to(worker))
    for _ in range(24 * 4):
        await tick(database, office, telegram, clock.forward(hours=1))
    after = telegram.to(worker)[before:]
    assert [text for text in after if "due today" in text] == [], "nothing comes while away"
    mine = "\n".join(telegram.to(cover))
    assert "For Worker A, away until Fri 4 Dec" in mine
    assert "First core group" in mine
    async with database.transaction() as session:
        [first, *_] = await cases.open_deadlines(session, cases.Scope(worker_id=worker.id))
        assert (await casework.deadline_within_reach(session, cover, first[0].id or 0))[
            1
        ].reference == "CP-1042"
    await tick(database, office, telegram, clock.to("2026-12-07T08:45+00:00"))
    async with database.transaction() as session:
        assert [row.state for row in (await session.exec(select(Leave))).all()] == ["ended"]
        with pytest.raises(NotFound):
            await casework.deadline_within_reach(session, cover, first[0].id or 0)
    assert any("Mon 7 Dec 2026" in text for text in telegram.to(worker)), "back: the digest says what stands"


async def test_after_a_night_off_one_digest_says_so(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    _, worker = await core_group(database, office, clock)
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-26T13:30+00:00"))
    before = len(telegram.to(worker))
    clock.to("2026-11-27T09:40+00:00")  # the reminders of Thu 14:00 and Fri 09:00 have passed, and a digest
    async with database.transaction() as session:
        assert await digests.wake(session, office, clock()) == 1
    for _ in range(5):
        await tick(database, office, telegram, clock.forward(minutes=10))
    said = telegram.to(worker)[before:]
    assert len(said) == 1, said
    assert "I was away from Thu 26 Nov, 13:30 to Fri 27 Nov, 09:40. 4 reminders passed meanwhile" in said[0]
    assert "First core group" in said[0]


async def test_a_short_restart_is_no_absence(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    await core_group(sqlite, office, clock)
    await tick(sqlite, office, Telegram(), clock())
    async with sqlite.transaction() as session:
        assert await digests.wake(session, office, clock.forward(minutes=20)) == 0


async def test_a_third_snooze_wants_a_reason_and_the_date_stays(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    _, worker = await core_group(database, office, clock)
    async with database.transaction() as session:
        [(deadline, _), *_] = await cases.open_deadlines(session, cases.Scope(worker_id=worker.id))
        due = deadline.due_on
        for number in range(3):
            assert closing.snooze_needs_reason(office, deadline) is (number >= 2)
            until = await closing.snooze_until(
                session, office, worker, deadline, clock() + timedelta(hours=number + 1), clock()
            )
            await closing.snooze(
                session, worker, deadline, until, clock(), "waiting for a date" if number == 2 else ""
            )
        assert (deadline.due_on, deadline.snoozes, deadline.snooze_reason) == (due, 3, "waiting for a date")
        late = await closing.snooze_until(
            session,
            office,
            worker,
            deadline,
            office.at(day("Tue 2026-11-24"), office.library.ladder.quiet_from),
            clock(),
        )
        assert f"{late:%a %H:%M}" == "Wed 08:00", "a snooze into the quiet hours ends with them"


async def test_overdue_alone_makes_a_digest_only_on_its_steps(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    _, worker = await core_group(sqlite, office, clock)
    telegram = Telegram()
    digest_days: list[str] = []
    manager_days: list[str] = []
    clock.to("2026-11-28T08:45+00:00")
    for _ in range(24):
        before = len(telegram.said)
        await tick(sqlite, office, telegram, clock.forward(days=1))
        for account, text, _ in telegram.said[before:]:
            if "First core group" in text:
                (digest_days if account == worker.telegram_id else manager_days).append(f"{clock():%a %d %b}")
    assert digest_days == ["Mon 30 Nov", "Wed 02 Dec", "Wed 09 Dec", "Wed 16 Dec"]
    assert manager_days[0] == "Wed 02 Dec", "the manager's digest has it from the third working day"


async def test_rows_say_what_they_were_bundled_into(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    await core_group(sqlite, office, clock)
    await tick(sqlite, office, Telegram(), clock.to("2026-11-26T14:00+00:00"))
    async with sqlite.transaction() as session:
        rows = (await session.exec(select(OutgoingMessage).where(OutgoingMessage.kind == "clock"))).all()
        lead = next(row for row in rows if row.state == "sent")
        assert [row.bundled_into for row in rows if row.reason == "said together"] == [lead.id]
        assert len(await hearing.subjects(session, lead, "clock")) == 2
