"""What was sent is changed once it is done, moved or not needed; another day's digest is left alone."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.events import EVENTS
from bot.rules.supervision import ActionDraft
from bot.services import casework, closing, happenings, recalling, supervision
from bot.services.office import Office
from storage import cases
from storage.database import Database
from storage.tables import Deadline, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.services.morning import Telegram, core_group, morning_of_the_day, tick


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


async def _open_clock(session: AsyncSession, worker: Person, timescale_id: str) -> Deadline:
    running = await cases.open_deadlines(session, cases.Scope(worker_id=worker.id))
    [found] = [deadline for deadline, _ in running if deadline.timescale_id == timescale_id]
    return found


async def test_of_a_message_about_both_what_is_done_goes(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    manager, worker = await core_group(database, office, clock, discreet=True)
    async with database.transaction() as session:
        draft = ActionDraft("Worker A", "ring about CP-1042", "so that", "seen", day("Fri 2026-11-27"))
        await supervision.create_action(session, office, manager, draft, clock())
        [share] = await supervision.shares_received(session, worker)
    telegram = await morning_of_the_day(database, office, clock)
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


async def test_done_changes_what_was_sent(database: Database, office: Office, clock: StoppedClock) -> None:
    _, worker = await core_group(database, office, clock)
    telegram = await morning_of_the_day(database, office, clock)
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
    telegram = await morning_of_the_day(database, office, clock)
    [morning] = [text for text in telegram.to(worker) if text.startswith("Fri 27 Nov 2026")]
    assert "First core group" in morning
    await _done(database, office, worker, "core-group-held", clock)
    await _a_minute_later(database, office, telegram, clock)
    [again] = telegram.digests_changed(worker)
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
    telegram = await morning_of_the_day(database, office, clock)
    async with database.transaction() as session:
        visit = await _open_clock(session, worker, "cp-visit")
        await closing.change_clock(
            session, office, manager, visit, "extend", "family away", day("Fri 2026-12-18"), clock()
        )
    await _a_minute_later(database, office, telegram, clock)
    [again] = telegram.digests_changed(worker)
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
    [moved] = telegram.digests_changed(worker)
    assert "First core group, due Fri 4 Dec" in moved


async def test_a_clock_far_ahead_changes_no_digest(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    manager, worker = await core_group(database, office, clock)
    telegram = await morning_of_the_day(database, office, clock)
    async with database.transaction() as session:
        review = await _open_clock(session, worker, "rcpc-first")
        await closing.change_clock(
            session, office, manager, review, "not-needed", "plan has ended", None, clock()
        )
    await _a_minute_later(database, office, telegram, clock)
    assert not telegram.digests_changed(worker)


async def test_a_digest_of_an_earlier_day_stays_as_it_was(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    _, worker = await core_group(database, office, clock)
    telegram = await morning_of_the_day(database, office, clock)
    clock.to("2026-11-27T23:30+00:00")
    await _done(database, office, worker, "core-group-held", clock)
    telegram.said.clear()
    await tick(database, office, telegram, clock.to("2026-11-28T09:00+00:00"))
    assert not [text for text in telegram.changed(worker) if text.startswith(("Fri 27", "Sat 28"))]
