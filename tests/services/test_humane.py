"""Reminders at a humane time, on real databases: discreet, bundled, held back, covered, changed once done."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot import delivery
from bot.receipts import Receipt, Sent
from bot.rules.errors import NotFound, Stale
from bot.rules.events import EVENTS
from bot.rules.supervision import ActionDraft
from bot.services import casework, closing, digests, happenings, preferences, recalling, supervision
from bot.services.office import Office
from bot.texts.html import plain
from bot.texts.reply import Rows, Say
from storage import cases, hearing
from storage.database import Database
from storage.tables import Leave, OutgoingMessage, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol


class Telegram:
    """Takes everything; keeps (account, words, the message it changes)."""

    def __init__(self) -> None:
        self.said: list[tuple[int, str, int | None]] = []
        self.buttons: list[Rows] = []

    async def __call__(self, account: int, words: Say) -> Receipt:
        self.said.append((account, plain(words.text), words.replaces))
        self.buttons.append(words.buttons)
        return Sent(words.replaces or 100 + len(self.said))

    def changed(self, person: Person) -> list[str]:
        return [text for account, text, changes in self.said if account == person.telegram_id and changes]

    def to(self, person: Person) -> list[str]:
        return [text for account, text, changes in self.said if account == person.telegram_id and not changes]


async def core_group(
    database: Database, office: Office, clock: StoppedClock, *, discreet: bool = False
) -> tuple[Person, Person]:
    """A manager, and a worker with core group and visit both due on Fri 27 Nov."""
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock(), discreet=discreet)
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await happenings.record_event(
            session, office, worker, case, EVENTS["icpc-held"], day("Fri 2026-11-13"), clock()
        )
    return manager, worker


async def tick(database: Database, office: Office, telegram: Telegram, now: datetime) -> None:
    await delivery.tick(database, office, telegram, now)


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


async def test_of_a_message_about_both_what_is_done_goes(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    manager, worker = await core_group(database, office, clock, discreet=True)
    async with database.transaction() as session:
        draft = ActionDraft("Worker A", "ring about CP-1042", "so that", "seen", day("Fri 2026-11-27"))
        await supervision.create_action(session, office, manager, draft, clock())
        [share] = await supervision.shares_received(session, worker)
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-27T09:00+00:00"))
    assert "2 clocks: 2 due today.\nOne action is due today." in telegram.to(worker)
    for kind in ("core-group-held", "cp-visit"):
        await _done(database, office, worker, kind, clock)
    await _a_minute_later(database, office, telegram, clock)
    assert "One action is due today." in telegram.changed(worker)
    async with database.transaction() as session:
        await supervision.finish(session, worker, share.share.id or 0, "rang them", clock())
        await recalling.recall(session, office, "action-due", [share.share.id or 0], clock())
    await _a_minute_later(database, office, telegram, clock)
    [over] = [text for text in telegram.changed(worker) if text.startswith("✓")]
    assert over.splitlines() == [
        "✓ Done on Fri 27 Nov: First core group",
        "✓ Done on Fri 27 Nov: Visit to a child on a plan",
        "✓ Done on Fri 27 Nov.",
    ]


async def test_a_discreet_digest_counts(database: Database, office: Office, clock: StoppedClock) -> None:
    _, worker = await core_group(database, office, clock, discreet=True)
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-27T08:45+00:00"))
    assert telegram.to(worker) == ["Fri 27 Nov 2026\n2 due today"]


async def _done(database: Database, office: Office, worker: Person, kind: str, clock: StoppedClock) -> None:
    async with database.transaction() as session:
        case = await casework.find_case(session, office, worker, "CP-1042")
        await happenings.record_event(
            session, office, worker, case, EVENTS[kind], day("Fri 2026-11-27"), clock()
        )


async def _a_minute_later(
    database: Database, office: Office, telegram: Telegram, clock: StoppedClock
) -> None:
    telegram.said.clear()
    await tick(database, office, telegram, clock.forward(minutes=1))


async def test_done_changes_what_was_sent(database: Database, office: Office, clock: StoppedClock) -> None:
    _, worker = await core_group(database, office, clock)
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-27T09:00+00:00"))
    for kind in ("core-group-held", "cp-visit"):
        await _done(database, office, worker, kind, clock)
    await _a_minute_later(database, office, telegram, clock)
    [text] = [text for text in telegram.changed(worker) if text.startswith("✓")]
    assert "✓ Done on Fri 27 Nov: CP-1042: First core group" in text
    assert "✓ Done on Fri 27 Nov: CP-1042: Visit to a child on a plan" in text
    assert not telegram.to(worker), "nothing new is said"


async def test_a_days_digest_says_what_still_stands(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    _, worker = await core_group(database, office, clock)
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-27T09:00+00:00"))
    [morning] = [text for text in telegram.to(worker) if text.startswith("Fri 27 Nov 2026")]
    assert "First core group" in morning
    await _done(database, office, worker, "core-group-held", clock)
    await _a_minute_later(database, office, telegram, clock)
    [again] = [text for text in telegram.changed(worker) if text.startswith("Fri 27 Nov 2026")]
    assert "First core group" not in again
    assert "Visit to a child on a plan" in again
    assert "As it stands at 09:01." in again
    await _done(database, office, worker, "case-closed", clock)
    await _a_minute_later(database, office, telegram, clock)
    assert "All of this list is done." in telegram.changed(worker)


async def test_a_clock_that_is_moved_leaves_the_days_digest(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    manager, worker = await core_group(database, office, clock)
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-27T09:00+00:00"))
    async with database.transaction() as session:
        [visit] = [
            deadline
            for deadline, _ in await cases.open_deadlines(session, cases.Scope(worker_id=worker.id))
            if deadline.timescale_id == "cp-visit"
        ]
        await closing.change_clock(
            session, office, manager, visit, "extend", "family away", day("Fri 2026-12-18"), clock()
        )
    await _a_minute_later(database, office, telegram, clock)
    [again] = [text for text in telegram.changed(worker) if text.startswith("Fri 27 Nov 2026")]
    assert "First core group" in again
    assert "Visit to a child on a plan" not in again
    async with database.transaction() as session:
        scope = cases.Scope(worker_id=worker.id)
        soon = await cases.open_deadlines(session, scope, day("Fri 2026-12-11"))
        assert "cp-visit" not in [deadline.timescale_id for deadline, _ in soon]
        case = await casework.find_case(session, office, worker, "CP-1042")
        [held] = [e for e in await cases.events_of_case(session, case.id or 0) if e.kind == "icpc-held"]
        await happenings.correct_event(session, office, worker, held.id or 0, day("Fri 2026-11-20"), clock())
    await _a_minute_later(database, office, telegram, clock)
    [moved] = [text for text in telegram.changed(worker) if text.startswith("Fri 27 Nov 2026")]
    assert "First core group, due Fri 4 Dec" in moved


async def test_a_clock_far_ahead_changes_no_digest(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    manager, worker = await core_group(database, office, clock)
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-27T09:00+00:00"))
    async with database.transaction() as session:
        [review] = [
            deadline
            for deadline, _ in await cases.open_deadlines(session, cases.Scope(worker_id=worker.id))
            if deadline.timescale_id == "rcpc-first"
        ]
        await closing.change_clock(
            session, office, manager, review, "not-needed", "plan has ended", None, clock()
        )
    await _a_minute_later(database, office, telegram, clock)
    assert not [text for text in telegram.changed(worker) if text.startswith("Fri 27 Nov 2026")]


async def test_a_digest_of_an_earlier_day_stays_as_it_was(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    _, worker = await core_group(database, office, clock)
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-27T09:00+00:00"))
    clock.to("2026-11-27T23:30+00:00")
    await _done(database, office, worker, "core-group-held", clock)
    telegram.said.clear()
    await tick(database, office, telegram, clock.to("2026-11-28T09:00+00:00"))
    assert not [text for text in telegram.changed(worker) if text.startswith(("Fri 27", "Sat 28"))]


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
