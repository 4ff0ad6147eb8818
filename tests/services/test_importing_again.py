"""Importing night after night: what changed, what disappeared, and what people decided here."""

from datetime import time

from sqlmodel import select

from bot.rules.events import EVENTS
from bot.services import casework, happenings
from bot.services.office import Office
from storage import cases
from storage.database import Database
from storage.tables import CaseEvent
from tests.conftest import StoppedClock
from tests.days import day
from tests.lines import GOOD, Lines, bring, case_named, counts
from tests.people import enrol


async def test_a_nightly_file_says_what_changed_and_what_disappeared(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await enrol(session, "Worker S", "worker", clock(), team="South")
        await bring(session, office, clock, [*GOOD, ("CP-9001", "Worker S", "icpc", "3/11/2026")])
        typed = await casework.new_case(session, office, worker, "CP-7001", clock())
        await happenings.record_event(
            session, office, worker, typed, EVENTS["icpc-held"], day("Tue 2026-11-03"), clock()
        )
        before = await counts(session)
        tonight: Lines = [
            GOOD[0],
            ("CP-1001", "Worker A", "icpc", "20/11/2026", "", "FAM-001", "yes"),
            ("CP-1003", "Worker A", "", ""),
            ("LAC-2001", "Worker A", "party", "16/11/2026"),
        ]
        report = await bring(session, office, clock, tonight, whole=True, skip_bad=True)
        assert {(gone.reference, gone.what) for gone in report.gone} == {
            ("CP-1001", "Section 47 enquiry begun, Tue 3 Nov 2026: not in the file any more"),
            ("CP-1002", "not in the file"),
        }
        assert [change.what for change in report.changes] == [
            "family FAM-001",
            "disabled child: yes",
            "Initial child protection conference held, Fri 20 Nov 2026",
        ]
        case = await case_named(session, "CP-1001")
        assert (case.family, case.disabled) == ("FAM-001", True)
        assert (await counts(session))[:2] == [before[0], before[1] + 1]


async def test_what_a_person_took_back_or_corrected_here_stays_away(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await bring(session, office, clock, GOOD)
        case = await case_named(session, "CP-1001")
        discussion, enquiry = await cases.events_of_case(session, case.id or 0)
        await happenings.void_event(session, office, worker, enquiry.id or 0, clock())
        await happenings.correct_event(
            session, office, worker, discussion.id or 0, day("Wed 2026-11-04"), clock()
        )
        report = await bring(session, office, clock, GOOD)
        assert (report.kept_out, report.already, report.new_events) == (2, 2, 0)
        standing = await cases.events_of_case(session, case.id or 0)
        assert [(e.happened_on, e.source) for e in standing] == [(day("Wed 2026-11-04"), "")]


async def test_a_file_may_say_later_what_it_left_open_but_never_overrules_a_person(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    plain: Lines = [
        ("CP-1001", "Worker A", "police protection", "23/11/2026"),
        ("CP-1002", "Worker A", "icpc", "13/11/2026"),
    ]
    exact: Lines = [
        ("CP-1001", "Worker A", "police protection", "23/11/2026", "14:30"),
        ("CP-1002", "Worker A", "icpc:no-plan", "13/11/2026"),
    ]
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await bring(session, office, clock, plain)
        report = await bring(session, office, clock, exact)
        assert report.new_events == 2
        assert [change.what for change in report.changes] == [
            "Police protection began, Mon 23 Nov 2026, 14:30 (more exact)",
            "Initial child protection conference held, Fri 13 Nov 2026 (more exact)",
        ]
        assert (await bring(session, office, clock, exact)).already == 2
        assert (await bring(session, office, clock, plain)).already == 2
    async with database.transaction() as session:
        first, second = [await case_named(session, f"CP-100{n}") for n in (1, 2)]
        (event,) = await cases.events_of_case(session, first.id or 0)
        assert event.happened_at == office.at(day("Mon 2026-11-23"), time(14, 30))
        running = {
            deadline.timescale_id: deadline.due_at
            for deadline in await cases.deadlines_of_case(session, first.id or 0)
            if deadline.state == "open"
        }
        assert running["police-protection"] == office.at(day("Thu 2026-11-26"), time(14, 30))
        open_ids = {
            d.timescale_id
            for d in await cases.deadlines_of_case(session, second.id or 0)
            if d.state == "open"
        }
        assert "core-group-first" not in open_ids
        old = (await session.exec(select(CaseEvent).where(CaseEvent.case_id == first.id))).all()
        assert {(e.voided_at is None, e.replaced_by) for e in old} == {(True, None), (False, event.id)}
        third = await casework.new_case(session, office, worker, "CP-1003", clock())
        await happenings.record_event(
            session, office, worker, third, EVENTS["icpc-held"], day("Fri 2026-11-13"), clock()
        )
        again = await bring(session, office, clock, [("CP-1003", "Worker A", "icpc:no-plan", "13/11/2026")])
        assert (again.already, again.new_events) == (1, 0)


async def test_one_file_that_says_an_event_twice_with_two_times_is_refused(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    lines: Lines = [
        ("CP-1001", "Worker A", "missing", "23/11/2026", "14:30"),
        ("CP-1001", "Worker A", "missing", "23/11/2026", "14:30:00"),
        ("CP-1001", "Worker A", "missing", "23/11/2026", "15:30"),
    ]
    async with sqlite.transaction() as session:
        await enrol(session, "Worker A", "worker", clock())
        report = await bring(session, office, clock, lines)
        assert [(bad.number, bad.field) for bad in report.bad] == [(4, "event")]
        assert report.already == 1


async def test_closing_and_opening_again_follow_the_file_unless_a_person_closed(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    closed: Lines = [
        ("CP-1001", "Worker A", "icpc", "3/11/2026"),
        ("CP-1001", "Worker A", "closed", "9/11/2026"),
    ]
    later: Lines = [*closed, ("CP-1001", "Worker A", "referral", "16/11/2026")]
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await bring(session, office, clock, closed)
        case = await case_named(session, "CP-1001")
        assert case.closed_at is not None
        assert {d.state for d in await cases.deadlines_of_case(session, case.id or 0)} <= {"ended", "met"}
        assert (await bring(session, office, clock, closed)).already == 2
        assert case.closed_at is not None
        await bring(session, office, clock, later)
        assert case.closed_at is None
        await happenings.record_event(
            session, office, worker, case, EVENTS["case-closed"], day("Fri 2026-11-20"), clock()
        )
        older: Lines = [("CP-1001", "Worker A", "assessment done", "18/11/2026")]
        assert not (await bring(session, office, clock, older)).bad
        newer: Lines = [("CP-1001", "Worker A", "referral", "23/11/2026")]
        report = await bring(session, office, clock, newer)
        assert [(bad.field, "closed here on Fri 20 Nov 2026" in bad.reason) for bad in report.bad] == [
            ("reference", True)
        ]
        assert case.closed_at is not None


async def test_a_case_that_was_opened_again_here_is_not_closed_by_an_older_closing(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    closed: Lines = [("CP-1001", "Worker A", "closed", "9/11/2026")]
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await bring(session, office, clock, closed)
        case = await casework.new_case(session, office, worker, "CP-1001", clock())
        await bring(session, office, clock, [*closed, ("CP-1001", "Worker A", "icpc", "3/11/2026")])
        assert case.closed_at is None
