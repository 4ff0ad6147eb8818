"""Each open clock has its reminders, no closed one any; what is broken is found, counted and mended."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from bot.rules.events import EVENTS
from bot.services import casework, closing, happenings, reconciling
from bot.services.office import Office
from bot.services.reconciling import Reconciled, reconcile
from storage import outbox
from storage.database import Database
from storage.ladders import next_span
from storage.tables import Case, Deadline, Leave, OutgoingMessage, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol


async def caseload(database: Database, office: Office, clock: StoppedClock) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await enrol(session, "Worker B", "worker", clock())
        for number in range(5):
            case = await casework.new_case(session, office, worker, f"CP-104{number}", clock())
            await happenings.record_event(
                session, office, worker, case, EVENTS["icpc-held"], day("Fri 2026-11-20"), clock()
            )


async def planned(database: Database) -> set[str]:
    async with database.transaction() as session:
        found = await session.exec(
            select(OutgoingMessage.dedup_key).where(
                OutgoingMessage.state == "planned", col(OutgoingMessage.kind).startswith("clock")
            )
        )
        return set(found)


async def test_what_the_bot_plans_itself_is_in_step(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await caseload(database, office, clock)
    before = await planned(database)
    found = await reconcile(database, office, clock())
    assert found.in_step
    assert found.open_clocks > 5
    assert await planned(database) == before


async def test_what_is_missing_comes_back_and_what_is_stray_goes(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await caseload(database, office, clock)
    before = await planned(database)
    lost = sorted(before)[:4]
    async with database.transaction() as session:
        await session.exec(delete(OutgoingMessage).where(col(OutgoingMessage.dedup_key).in_(lost)))
    looked = await reconcile(database, office, clock(), mend=False)
    assert looked == Reconciled(looked.open_clocks, missing=4, stray=0)
    assert await planned(database) == before - set(lost)
    assert (await reconcile(database, office, clock())).missing == 4
    assert await planned(database) == before

    async with database.transaction() as session:
        closed = (await session.exec(select(Deadline.id).where(Deadline.state == "open"))).first()
        await session.exec(update(Deadline).where(col(Deadline.id) == closed).values(state="done"))
    stray = {key for key in before if key.startswith(f"clock:{closed}:")}
    assert (await reconcile(database, office, clock())).stray == len(stray) > 0
    assert await planned(database) == before - stray
    assert (await reconcile(database, office, clock())).in_step


async def test_a_reminder_to_a_former_worker_is_stray(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await caseload(database, office, clock)
    async with database.transaction() as session:
        row = (await session.exec(select(OutgoingMessage).where(OutgoingMessage.kind == "clock"))).first()
        assert row is not None
        row.person_id, row.dedup_key = 2, "clock:somebody-else"
    found = await reconcile(database, office, clock())
    assert (found.missing, found.stray) == (1, 1)


@pytest.mark.parametrize("who", ["cover", "manager", "neither"])
async def test_a_snooze_holds_for_whoever_may_still_hear_of_it(
    database: Database, office: Office, clock: StoppedClock, who: str
) -> None:
    await caseload(database, office, clock)
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        if who == "cover":
            session.add(away(1, 2, "Fri 2026-11-27", "Fri 2026-12-04", clock()))
        person = manager if who == "manager" else await session.get(Person, 2)
        deadline = (await session.exec(select(Deadline).where(Deadline.state == "open"))).first()
        assert deadline is not None
        assert person is not None
        await closing.snooze(session, person, deadline, clock() + timedelta(hours=20), clock())
    found = await reconcile(database, office, clock())
    assert found.stray == int(who == "neither")


Row = tuple[str, int, int, datetime, str, str]


async def rows(database: Database) -> set[Row]:
    """Every reminder of a clock: its key, for whom, about what, when, how urgent, in which state."""
    async with database.transaction() as session:
        found = await session.exec(select(OutgoingMessage).where(OutgoingMessage.kind == "clock"))
        return {
            (row.dedup_key, row.person_id, row.subject_id, row.not_before, row.urgency, row.state)
            for row in found
        }


def away(person_id: int | None, cover_id: int | None, first: str, last: str, now: datetime) -> Leave:
    """A leave that is agreed."""
    return Leave(
        person_id=person_id or 0,
        cover_id=cover_id,
        starts_on=day(first),
        until_on=day(last),
        state="agreed",
        created_at=now,
    )


async def all_kinds(database: Database, office: Office, clock: StoppedClock) -> None:
    """Clocks in days and in hours, people with times of their own, one of them away, one clock extended."""
    times: tuple[dict[str, int], ...] = ({}, {"work_days": 7}, {"quiet_from": 720, "quiet_to": 900}, {})
    async with database.transaction() as session:
        for number, own in enumerate(times):
            worker = await enrol(session, f"Worker {number}", "worker", clock())
            for name, value in own.items():
                setattr(worker, name, value)
            if number == 3:
                session.add(away(worker.id, None, "Mon 2026-11-30", "Fri 2026-12-04", clock()))
            await session.flush()
            case = await casework.new_case(session, office, worker, f"CP-200{number}", clock())
            for kind, moment in (("icpc-held", None), ("police-protection-began", clock())):
                when = office.today(clock())
                await happenings.record_event(
                    session, office, worker, case, EVENTS[kind], when, clock(), moment=moment
                )
        manager = await enrol(session, "Manager", "manager", clock())
        clocks = await session.exec(select(Deadline).where(Deadline.timescale_id == "core-group-first"))
        one, until = clocks.first(), day("Sat 2026-12-12")
        assert one is not None
        await closing.change_clock(session, office, manager, one, "extend", "hall booked", until, clock())


async def test_the_database_asks_for_the_very_reminders_that_the_rules_plan(
    database: Database, office: Office, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await all_kinds(database, office, clock)
    assert (await reconcile(database, office, clock())).in_step
    before = await rows(database)
    ahead = {row for row in before if row[-1] == "planned"}
    assert {row[4] for row in ahead} == {"urgent", "normal"}
    async with database.transaction() as session:
        await session.exec(delete(OutgoingMessage).where(col(OutgoingMessage.state) == "planned"))
    monkeypatch.setattr(reconciling, "_AT_A_TIME", 3)
    found = await reconcile(database, office, clock())
    assert (found.missing, found.stray, found.mistimed) == (len(ahead), 0, 0)
    assert await rows(database) == before
    assert (await reconcile(database, office, clock())).in_step


async def test_every_clock_lies_in_one_span(database: Database, office: Office, clock: StoppedClock) -> None:
    await caseload(database, office, clock)
    async with database.transaction() as session:
        ids = list((await session.exec(select(Deadline.id).order_by(col(Deadline.id)))).all())
        spans = [await next_span(session, 0, 4)]
        while spans[-1].until is not None:
            spans.append(await next_span(session, spans[-1].until, 4))
        held = [
            [one or 0 for one in await session.exec(select(Deadline.id).where(span.holds(col(Deadline.id))))]
            for span in spans
        ]
    assert [one for some in held for one in sorted(some)] == ids
    assert [len(some) for some in held[:-1]] == [4] * (len(spans) - 1)


async def test_a_wrong_time_is_put_right(database: Database, office: Office, clock: StoppedClock) -> None:
    await caseload(database, office, clock)
    before = await rows(database)
    async with database.transaction() as session:
        row = (await session.exec(select(OutgoingMessage).where(OutgoingMessage.kind == "clock"))).first()
        assert row is not None
        row.not_before += timedelta(days=1)
    broken = await rows(database)
    looked = await reconcile(database, office, clock(), mend=False)
    assert looked == Reconciled(looked.open_clocks, mistimed=1)
    assert not looked.in_step
    assert await rows(database) == broken
    assert (await reconcile(database, office, clock())).mistimed == 1
    assert await rows(database) == before


async def test_what_waits_past_its_moment_is_let_wait(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await caseload(database, office, clock)
    async with database.transaction() as session:
        row = (
            await session.exec(
                select(OutgoingMessage)
                .where(OutgoingMessage.kind == "clock")
                .order_by(col(OutgoingMessage.not_before))
            )
        ).first()
        assert row is not None
        clock.moment = row.not_before + timedelta(hours=1)
        row.not_before = clock() + timedelta(days=3)
    before = await rows(database)
    assert (await reconcile(database, office, clock())).in_step
    assert await rows(database) == before


async def test_what_the_ladder_does_not_ask_for_goes(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await caseload(database, office, clock)
    async with database.transaction() as session:
        row = (await session.exec(select(OutgoingMessage).where(OutgoingMessage.kind == "clock"))).first()
        assert row is not None
        clock_id, until = row.subject_id, clock() + timedelta(days=1)
        for key in (
            f"clock:{clock_id}:{row.person_id}:2031-01-01:day",
            f"clock:{clock_id}:{row.person_id}:{until:%Y-%m-%d}:before9",
            f"clock:{clock_id}:{row.person_id}:snooze:17",
            f"{row.dedup_key}:for:{row.person_id}",
        ):
            await outbox.plan(
                session,
                person_id=row.person_id,
                kind="clock",
                subject_id=clock_id,
                key=key,
                not_before=until,
            )
    looked = await reconcile(database, office, clock(), mend=False)
    assert looked == Reconciled(looked.open_clocks, stray=2)
    assert (await reconcile(database, office, clock())).stray == 2
    left = {key.split(":", 3)[3] for key in await planned(database) if key.startswith(f"clock:{clock_id}:")}
    assert {"snooze:17"} < left
    assert not left & {"2031-01-01:day", f"{until:%Y-%m-%d}:before9"}
    assert (await reconcile(database, office, clock())).in_step


async def test_a_clock_that_binds_somebody_else_has_none(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    await caseload(sqlite, office, clock)
    async with sqlite.transaction() as session:
        one = (await session.exec(select(Deadline).where(Deadline.state == "open"))).first()
        assert one is not None
        one.timescale_id = "rapid-review"
    stray = {key for key in await planned(sqlite) if key.startswith(f"clock:{one.id}:")}
    assert (await reconcile(sqlite, office, clock())).stray == len(stray) > 0


async def test_a_reminder_that_a_leave_would_have_left_out_waits_for_the_cover(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await caseload(database, office, clock)
    async with database.transaction() as session:
        session.add(away(1, 2, "Fri 2026-11-27", "Fri 2027-11-26", clock()))
    before = await planned(database)
    found = await reconcile(database, office, clock())
    assert found.stray == 0
    assert before <= await planned(database)


async def test_what_a_reconciliation_took_away_comes_back_when_it_is_asked_for_again(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await caseload(database, office, clock)
    before = await rows(database)
    for state, closed in (("done", None), ("open", clock())):
        async with database.transaction() as session:
            await session.exec(update(Deadline).where(col(Deadline.id) == 1).values(state=state))
            await session.exec(update(Case).where(col(Case.id) == 2).values(closed_at=closed))
        assert (await reconcile(database, office, clock())).stray > 0
    async with database.transaction() as session:
        await session.exec(update(Case).values(closed_at=None))
    assert (await reconcile(database, office, clock())).missing > 0
    assert await rows(database) == before


async def test_what_was_cancelled_for_another_reason_stays_so(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    await caseload(sqlite, office, clock)
    async with sqlite.transaction() as session:
        row = (await session.exec(select(OutgoingMessage).where(OutgoingMessage.kind == "clock"))).first()
        assert row is not None
        row.state, row.reason = "cancelled", "snoozed"
    assert (await reconcile(sqlite, office, clock())).in_step
    assert row.dedup_key not in await planned(sqlite)


async def test_another_ladder_or_calendar_moves_what_is_planned(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await caseload(database, office, clock)
    before = await rows(database)
    ladder = replace(office.library.ladder, on_the_day_at=office.library.ladder.before_at)
    other = replace(office, library=replace(office.library, ladder=ladder))
    moved = sum(row[0].endswith((":day", ":last")) for row in before)
    found = await reconcile(database, other, clock())
    assert (found.missing, found.stray, found.mistimed) == (0, 0, moved)
    day_before = before_at(before)
    holidays = {**office.calendar.holidays, day_before.date(): "A new bank holiday"}
    known = replace(office, calendar=replace(office.calendar, holidays=holidays))
    await reconcile(database, office, clock())
    assert (await reconcile(database, known, clock())).mistimed > 0
    await reconcile(database, office, clock())
    assert await rows(database) == before


def before_at(found: set[Row]) -> datetime:
    """When the first of the reminders on a day before comes."""
    return min(row[3] for row in found if row[0].endswith(":before"))


async def test_changed_times_move_what_is_planned(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await caseload(database, office, clock)
    async with database.transaction() as session:
        await session.exec(update(Person).values(quiet_from=8 * 60, quiet_to=16 * 60))
    found = await reconcile(database, office, clock())
    assert found.mistimed > 0
    assert {row[3].astimezone(office.zone).hour for row in await rows(database) if row[5] == "planned"} == {
        16
    }
