"""Importing: all or nothing, every bad line named, twice is once."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.events import EVENTS
from bot.services import casework, happenings
from bot.services.importing import Options, Report, import_rows
from bot.services.office import Office
from storage import cases, outbox
from storage.database import Database
from storage.tables import Allocation, Case, Deadline, OutgoingMessage
from tests.conftest import StoppedClock
from tests.days import day
from tests.lines import GOOD, Lines, bring, case_named, counts, numbered
from tests.people import enrol


async def planned_for(session: AsyncSession, person_id: int) -> Sequence[OutgoingMessage]:
    """What the outbox holds for a person."""
    found = await session.exec(
        select(OutgoingMessage).where(
            OutgoingMessage.person_id == person_id, OutgoingMessage.state == "planned"
        )
    )
    return found.all()


async def test_good_lines_become_cases_events_and_clocks_and_a_second_time_changes_nothing(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        first = await bring(session, office, clock, GOOD)
        assert (first.lines, first.new_cases, first.new_events, first.bad) == (5, 4, 4, [])
        assert first.opened_clocks > 0
    async with database.transaction() as session:
        before = await counts(session)
        second = await bring(session, office, clock, GOOD)
        assert second == Report(lines=5, already=4, written=True)
        assert await counts(session) == before
        case = await case_named(session, "CP-1003")
        assert (case.worker_id, case.team_id, case.source) == (worker.id, worker.team_id, "import")


async def test_a_file_does_to_a_case_what_a_person_would_have_done(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    """The same events by hand on one case and by file on another: the same clocks and reminders."""
    story = [
        ("strategy-discussion-held", "Tue 2026-11-03"),
        ("s47-started", "Tue 2026-11-03"),
        ("icpc-held", "Fri 2026-11-13"),
        ("cp-visit", "Wed 2026-11-18"),
        ("missing-began", "Mon 2026-11-23"),
    ]
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        by_hand = await casework.new_case(session, office, worker, "CP-1001", clock())
        for kind, when in story:
            await happenings.record_event(session, office, worker, by_hand, EVENTS[kind], day(when), clock())
        lines: Lines = [("CP-1002", "Worker A", kind, when.split()[1]) for kind, when in story]
        await bring(session, office, clock, lines)
    async with database.transaction() as session:
        shown = [await _shown(session, await case_named(session, f"CP-100{n}")) for n in (1, 2)]
        assert shown[0] == shown[1]
        assert len(shown[0]) > 5
        assert any(reminders for _clock, reminders in shown[0])


Shown = tuple[list[tuple[str, Any]], list[tuple[int, datetime]]]


async def _shown(session: AsyncSession, case: Case) -> list[Shown]:
    """The clocks of a case, each with its planned reminders, without ids."""
    found: list[Shown] = []
    for deadline in await cases.deadlines_of_case(session, case.id or 0):
        planned = await outbox.planned_about(session, "clock", deadline.id or 0)
        values = deadline.model_dump(exclude={"id", "case_id", "start_event_id"})
        reminders = [(message.person_id, message.not_before) for message in planned]
        found.append((sorted(values.items(), key=str), reminders))
    return sorted(found, key=str)


@pytest.mark.parametrize(
    ("line", "field", "given", "said"),
    [
        (("Sam", "Worker A", "icpc", "3/11/2026"), "reference", "", "looks like a name"),
        (("CP_12", "Worker A", "icpc", "3/11/2026"), "reference", "CP_12", "like CP-1042"),
        (("", "Worker A", "icpc", "3/11/2026"), "reference", "", "reference is empty"),
        (("CP-1009", "", "icpc", "3/11/2026"), "worker", "", "worker is empty"),
        (
            ("CP-1009", "Worker Z", "icpc", "3/11/2026"),
            "worker",
            "Worker Z",
            "nobody of that name has joined",
        ),
        (
            ("CP-1009", "Nowhere/Worker A", "icpc", "3/11/2026"),
            "worker",
            "Nowhere/Worker A",
            "no team Nowhere",
        ),
        (("CP-1009", "Worker C", "icpc", "3/11/2026"), "worker", "Worker C", "Accepted: Team/Worker C"),
        (("CP-1009", "Worker A", "party", "3/11/2026"), "event", "party", "import --events"),
        (("CP-1009", "Worker A", "icpc:good", "3/11/2026"), "event", "icpc:good", "icpc-held:no-plan"),
        (("CP-1009", "Worker A", "icpc", "31/2/2026"), "date", "31/2/2026", "2026-11-03"),
        (("CP-1009", "Worker A", "icpc", "3/12/2026"), "date", "3/12/2026", "still to come"),
        (("CP-1009", "Worker A", "icpc", "3/12/1996"), "date", "3/12/1996", "twenty years"),
        (("CP-1009", "Worker A", "icpc", ""), "date", "", "date is empty"),
        (("CP-1009", "Worker A", "icpc", "3/11"), "date", "3/11", "the year is missing"),
        (("CP-1009", "Worker A", "missing", "3/11/2026", "25:00"), "time", "25:00", "2:30 pm"),
        (("CP-1009", "Worker A", "", "", "", "Robin"), "family", "", "looks like a name"),
        (("CP-1009", "Worker A", "", "", "", "", "perhaps"), "disabled", "perhaps", "yes, no, or nothing"),
        (("CP-1009", "Worker A", "cmh", "3/2/2031"), "date", "2031-02-03", "bank holidays of 20"),
        (
            ("CP-1001", "Worker B", "icpc", "3/11/2026"),
            "worker",
            "Worker B",
            "line 2 gives CP-1001 to Worker A",
        ),
        (("CP-2001", "Worker B", "icpc", "3/11/2026"), "worker", "Worker B", "with another worker"),
    ],
)
async def test_every_bad_line_says_its_field_what_was_given_and_what_is_accepted(
    sqlite: Database,
    office: Office,
    clock: StoppedClock,
    line: tuple[str, ...],
    field: str,
    given: str,
    said: str,
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await enrol(session, "Worker B", "worker", clock())
        for team in ("East", "West"):
            await enrol(session, "Worker C", "worker", clock(), team=team)
        await casework.new_case(session, office, worker, "CP-2001", clock())
        before = await counts(session)
        report = await bring(session, office, clock, [*GOOD, line])
        shown = "" if any(one.isalpha() for one in given) else given  # words may be a name: never repeated
        assert [(bad.number, bad.field, bad.given) for bad in report.bad] == [(7, field, shown)]
        assert not (given and not shown and f"“{given}”" in report.bad[0].reason)
        assert said in report.bad[0].reason
        assert report.bad[0].accepted in report.bad[0].reason
        assert (report.written, await counts(session)) == (False, before)


async def test_bad_lines_can_be_left_out_one_by_one(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    lines: Lines = [
        *GOOD,
        ("CP-1002", "Worker A", "cmh", "3/2/2031"),
        ("CP-1002", "Worker A", "core group", "20/11/2026"),
        ("CP-1077", "Worker A", "cmh", "3/2/2031"),
        ("CP-1078", "Worker A", "party", "3/11/2026"),
    ]
    async with database.transaction() as session:
        await enrol(session, "Worker A", "worker", clock())
        report = await bring(session, office, clock, lines, skip_bad=True)
        assert [(bad.number, bad.field) for bad in report.bad] == [(7, "date"), (9, "date"), (10, "event")]
        assert (report.written, report.new_cases, report.new_events) == (True, 4, 5)
        assert await cases.case_by_reference(session, "CP-1077") is None
        kinds = [
            e.kind
            for e in await cases.events_of_case(session, (await case_named(session, "CP-1002")).id or 0)
        ]
        assert kinds == ["icpc-held", "core-group-held"]


async def test_a_dry_run_says_what_would_change_and_changes_nothing(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    more: Lines = [*GOOD, ("CP-1001", "Worker A", "icpc", "20/11/2026")]
    async with database.transaction() as session:
        await enrol(session, "Worker A", "worker", clock())
        await bring(session, office, clock, GOOD)
    async with database.transaction() as session:
        before = await counts(session)
        would = await bring(session, office, clock, more, dry_run=True)
    async with database.transaction() as session:
        assert await counts(session) == before
        states = {deadline.state for deadline in (await session.exec(select(Deadline))).all()}
        does = await bring(session, office, clock, more)
        after = {deadline.state for deadline in (await session.exec(select(Deadline))).all()}
    assert "met" in after - states
    assert asdict(would) | {"written": True} == asdict(does)
    assert [(change.reference, change.what) for change in would.changes] == [
        ("CP-1001", "Initial child protection conference held, Fri 20 Nov 2026")
    ]
    assert would.opened_clocks > 0


async def test_a_case_with_another_worker_moves_only_when_asked(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        giver = await enrol(session, "Worker A", "worker", clock())
        taker = await enrol(session, "Worker B", "worker", clock())
        await bring(session, office, clock, GOOD)
        moved: Lines = [("CP-1001", "Worker B", "s47-started", "03/11/2026")]
        assert (await bring(session, office, clock, moved)).bad
        before = {row.not_before for row in await planned_for(session, giver.id or 0)}
        report = await bring(session, office, clock, moved, move_cases=True)
        assert (report.moved_cases, report.bad, report.already) == (1, [], 1)
        case = await case_named(session, "CP-1001")
        assert case.worker_id == taker.id
        planned = await planned_for(session, taker.id or 0)
        assert [row.subject_id for row in planned if row.kind == "handover"] == [case.id]
        assert {row.not_before for row in planned if row.kind == "clock"} <= before
        clock_ids = {deadline.id for deadline in await cases.deadlines_of_case(session, case.id or 0)}
        left = await planned_for(session, giver.id or 0)
        assert not clock_ids & {row.subject_id for row in left if row.kind == "clock"}
        held = (await session.exec(select(Allocation).where(Allocation.case_id == case.id))).all()
        assert [(a.worker_id, a.ended_on is None) for a in held] == [(giver.id, False), (taker.id, True)]


async def test_a_manager_brings_only_their_own_teams_cases(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        south = await enrol(session, "Worker S", "worker", clock(), team="South")
        await casework.new_case(session, office, south, "CP-9001", clock())
        lines: Lines = [
            ("CP-1001", "Worker A", "", ""),
            ("CP-1002", "Worker S", "", ""),
            ("CP-9001", "Worker A", "", ""),
        ]
        report = await bring(session, office, clock, lines, team_id=worker.team_id, move_cases=True)
        assert [(bad.number, bad.field) for bad in report.bad] == [(3, "worker"), (4, "reference")]


async def test_progress_counts_every_line_as_read_counted_and_written(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    done: list[int] = []
    async with sqlite.transaction() as session:
        await enrol(session, "Worker A", "worker", clock())
        await import_rows(session, office, numbered(list(GOOD)), clock(), Options(progress=done.append))
    assert sum(done) == 3 * len(GOOD)
    assert done[-1] == len(GOOD)
