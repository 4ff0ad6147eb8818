"""Casework on real databases: events, clocks, reminders, visits, taking back."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.errors import NotAllowed, NotFound, Refusal, Stale
from bot.rules.events import EVENTS
from bot.services import casework, clocks, closing, happenings, visiting
from bot.services.office import Office
from storage import cases, outbox
from storage.database import Database
from storage.tables import Case, Deadline, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol


async def record(
    session: AsyncSession, office: Office, person: Person, case: Case, text: str, now: datetime
) -> happenings.Recorded:
    weekday, iso, kind, *detail = text.split()
    when = day(f"{weekday} {iso}")
    return await happenings.record_event(
        session, office, person, case, EVENTS[kind], when, now, detail=" ".join(detail)
    )


async def test_an_event_opens_its_clocks_and_their_reminders(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "cp-1042", clock())
        result = await record(
            session, office, worker, case, "Tue 2026-11-17 strategy-discussion-held", clock()
        )
        icpc = next(view for view in result.changes.opened if view.deadline.timescale_id == "icpc")
        assert icpc.deadline.due_on == day("Tue 2026-12-08")
        assert icpc.deadline.id is not None
        planned = await outbox.planned_about(session, "clock", icpc.deadline.id)
        assert [row.not_before for row in planned] == [
            datetime(2026, 12, 7, 14, tzinfo=UTC),
            datetime(2026, 12, 8, 9, tzinfo=UTC),
        ]


async def test_the_event_that_meets_a_clock_cancels_its_reminders(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await record(session, office, worker, case, "Tue 2026-11-17 strategy-discussion-held", clock())
        result = await record(session, office, worker, case, "Tue 2026-11-24 icpc-held", clock())
        met = {view.deadline.timescale_id for view in result.changes.met}
        assert "icpc" in met
        assert {"core-group-first", "rcpc-first"} <= {v.deadline.timescale_id for v in result.changes.opened}
        icpc = (await session.exec(select(Deadline).where(Deadline.timescale_id == "icpc"))).one()
        assert icpc.id is not None
        assert not await outbox.planned_about(session, "clock", icpc.id)


async def test_taking_an_event_back_undoes_all_that_it_did(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await record(session, office, worker, case, "Tue 2026-11-17 strategy-discussion-held", clock())
        held = await record(session, office, worker, case, "Tue 2026-11-24 icpc-held", clock())
        assert held.event.id is not None
        back = await happenings.void_event(session, office, worker, held.event.id, clock())
        assert "icpc" in {view.deadline.timescale_id for view in back.changes.opened}
        assert "core-group-first" in {view.deadline.timescale_id for view in back.changes.ended}
        icpc = (await session.exec(select(Deadline).where(Deadline.timescale_id == "icpc"))).one()
        assert icpc.id is not None
        assert len(await outbox.planned_about(session, "clock", icpc.id)) == 2
        with pytest.raises(Stale):
            await happenings.void_event(session, office, worker, held.event.id, clock())


async def test_the_same_event_twice_is_recorded_once(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        first = await record(session, office, worker, case, "Tue 2026-11-17 core-group-held", clock())
        second = await record(session, office, worker, case, "Tue 2026-11-17 core-group-held", clock())
        assert (first.already, second.already) == (False, True)
        assert case.id is not None
        assert len(await cases.events_of_case(session, case.id)) == 1


async def test_a_day_to_come_is_refused(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        with pytest.raises(Refusal, match="still to come"):
            await record(session, office, worker, case, "Wed 2026-11-25 icpc-held", clock())


async def test_a_worker_reaches_only_their_own_cases_and_a_manager_the_teams(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        elsewhere = await enrol(session, "Manager", "manager", clock(), team="South")
        lead = await enrol(session, "Lead", "practice-lead", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        assert (await casework.find_case(session, office, manager, "CP-1042")).id == case.id
        for person in (other, elsewhere):
            with pytest.raises(NotFound):
                await casework.find_case(session, office, person, "CP-1042")
        with pytest.raises(NotAllowed):
            await casework.find_case(session, office, lead, "CP-1042")


async def test_two_visits_in_a_row_not_alone_are_counted(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await visiting.record_visit(session, office, worker, case, day("Tue 2026-11-03"), "alone", clock())
        await visiting.record_visit(session, office, worker, case, day("Tue 2026-11-10"), "seen", clock())
        last = await visiting.record_visit(
            session, office, worker, case, day("Tue 2026-11-24"), "seen", clock()
        )
        assert last.not_alone_in_a_row == 2
        assert last.next_visit is not None
        assert last.next_visit.deadline.due_on == day("Tue 2026-12-08")


async def test_a_child_not_seen_leaves_the_visit_clock_running(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await visiting.record_visit(session, office, worker, case, day("Tue 2026-11-10"), "alone", clock())
        missed = await visiting.record_visit(
            session, office, worker, case, day("Tue 2026-11-24"), "not-seen", clock()
        )
        assert missed.next_visit is None
        assert case.id is not None
        still = [d for d in await cases.deadlines_of_case(session, case.id) if d.state == "open"]
        assert [d.due_on for d in still if d.timescale_id == "cp-visit"] == [day("Tue 2026-11-24")]


async def test_done_records_the_event_that_satisfies_the_clock(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        held = await record(session, office, worker, case, "Tue 2026-11-17 icpc-held", clock())
        core = next(v for v in held.changes.opened if v.deadline.timescale_id == "core-group-first")
        done = await closing.mark_done(session, office, worker, core.deadline, day("Mon 2026-11-23"), clock())
        assert done is not None
        assert done.event.kind == "core-group-held"
        assert core.deadline.state == "met"
        with pytest.raises(Stale):
            await casework.deadline_within_reach(session, worker, core.deadline.id or 0)


async def test_a_snooze_plans_a_reminder_and_never_moves_the_date(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        held = await record(session, office, worker, case, "Tue 2026-11-17 icpc-held", clock())
        core = next(v for v in held.changes.opened if v.deadline.timescale_id == "core-group-first")
        before = core.deadline.due_on
        until = office.at(day("Wed 2026-11-25"), clocks.ON_THE_DAY_AT)
        await closing.snooze(session, worker, core.deadline, until, clock())
        assert core.deadline.due_on == before
        planned = await outbox.planned_about(session, "clock", core.deadline.id or 0)
        assert until in [row.not_before for row in planned]
