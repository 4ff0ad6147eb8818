"""The team's board on real databases: right, the same for worker and manager, and few queries."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.errors import NotAllowed, NotFound
from bot.rules.figures import Figures
from bot.services import board, caseload, casework, supervision, visiting
from bot.services.office import Office
from bot.texts import board as texts
from storage import people
from storage.database import Database
from storage.tables import Case, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.test_casework import record
from tests.services.test_supervision import DRAFT


async def opened(
    session: AsyncSession, office: Office, worker: Person, clock: StoppedClock, reference: str, *events: str
) -> Case:
    case = await casework.new_case(session, office, worker, reference, clock())
    for text in events:
        await record(session, office, worker, case, text, clock())
    return case


async def own_board(
    session: AsyncSession, office: Office, manager: Person, clock: StoppedClock
) -> board.Board:
    teams = await board.teams_in_reach(session, manager)
    return await board.board_of_teams(session, office, teams, clock())


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        ran.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_each_worker_has_a_line_and_the_cases_that_nobody_holds_have_one(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        far = await enrol(session, "Worker S", "worker", clock(), team="South")
        late = await opened(session, office, worker, clock, "CP-1001", "Mon 2025-08-04 icpc-held")
        for when in ("Tue 2026-11-10", "Tue 2026-11-03"):
            await visiting.record_visit(session, office, worker, late, day(when), "seen", clock())
        await opened(session, office, other, clock, "CP-1002", "Mon 2026-07-27 pre-proceedings-decided")
        unheld = await opened(
            session, office, other, clock, "CP-1003", "Tue 2026-10-20 strategy-discussion-held"
        )
        unheld.worker_id = None
        await opened(session, office, far, clock, "CP-9001", "Mon 2025-08-04 icpc-held")
        await supervision.create_action(session, office, manager, DRAFT, clock())
        await session.flush()
        found = await own_board(session, office, manager, clock)
    lines = {row.name: row.figures for row in found.rows}
    assert list(lines) == ["Worker A", "Worker B", "No worker"]
    assert (lines["Worker A"].plans_15, lines["Worker A"].plans_18) == (1, 0)
    assert lines["Worker A"].not_alone == 1
    assert lines["Worker A"].unacknowledged == 1
    assert lines["Worker A"].overdue >= 2
    assert (lines["Worker B"].pre_12, lines["Worker B"].pre_16) == (1, 1)
    assert lines["No worker"].conferences_lost == 1
    assert found.total.cases == 3
    assert {line.drifting.case.reference for line in found.drifting} == {"CP-1001", "CP-1002", "CP-1003"}
    assert "CP-9001" not in texts.drift_list(found)


async def test_a_worker_sees_exactly_their_own_line_of_the_managers_board(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        await opened(session, office, worker, clock, "CP-1001", "Mon 2025-08-04 icpc-held")
        moved = await opened(session, office, other, clock, "CP-1002", "Mon 2025-03-03 icpc-held")
        await caseload.hand_over(session, office, manager, [moved], worker, clock())
        await opened(session, office, other, clock, "CP-1003", "Mon 2025-03-03 icpc-held")
        await supervision.create_action(session, office, manager, DRAFT, clock())
        whole = await own_board(session, office, manager, clock)
        mine = await board.board_of_worker(session, office, worker, clock())
    assert mine.rows == [row for row in whole.rows if row.person_id == worker.id]
    assert mine.drifting == [line for line in whole.drifting if line.drifting.case.worker_id == worker.id]
    said = texts.what_my_manager_sees(mine, mine.today)
    assert "CP-1002" in said
    assert "CP-1003" not in said
    assert f"Overdue {mine.total.overdue} " in said
    assert mine.total.overdue > 0


async def test_ten_times_the_cases_take_no_more_queries(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock())
        counts = []
        for first, last in ((1, 3), (3, 21)):
            for number in range(first, last):
                await opened(session, office, worker, clock, f"CP-1{number:03}", "Mon 2026-02-02 icpc-held")
            with counted(database) as ran:
                found = await own_board(session, office, manager, clock)
            assert found.total.cases == last - 1
            counts.append(len(ran))
    assert counts[0] == counts[1] <= 15


async def test_the_board_is_for_managers_and_each_reaches_only_their_own(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        await enrol(session, "Manager S", "manager", clock(), team="South")
        for role in ("worker", "practice-lead", "admin"):
            person = await enrol(session, f"Person {role}", role, clock())
            with pytest.raises(NotAllowed, match="/whatmymanagersees"):
                await board.teams_in_reach(session, person)
        with pytest.raises(NotFound, match=r"isn.t one of your teams\. Yours: North"):
            await board.team_in_reach(session, manager, "South")
        assert (await board.team_in_reach(session, manager, "north")).name == "North"


async def test_several_teams_have_a_line_each_that_adds_up(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        north = await enrol(session, "Worker A", "worker", clock())
        south = await enrol(session, "Worker S", "worker", clock(), team="South")
        await opened(session, office, north, clock, "CP-1001", "Mon 2025-08-04 icpc-held")
        await opened(session, office, south, clock, "CP-9001", "Mon 2025-08-04 icpc-held")
        teams = [found for name in ("North", "South") if (found := await people.team_named(session, name))]
        both = await board.board_of_teams(session, office, teams, clock())
        alone = [await board.board_of_teams(session, office, [team], clock()) for team in teams]
    assert [row.name for row in both.rows] == ["North", "South"]
    assert [row.figures for row in both.rows] == [one.total for one in alone]
    assert both.total == alone[0].total + alone[1].total != Figures()
    assert {line.team for line in both.drifting} == {"North", "South"}


async def test_hours_count_to_the_moment(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1001", clock())
        await record(session, office, worker, case, "Tue 2026-11-24 police-protection-began", clock())
        running = (await board.board_of_worker(session, office, worker, clock())).total
        over = clock.to("2026-11-27T23:59+00:00")
        late = (await board.board_of_worker(session, office, worker, over)).total
        kept = (await session.exec(select(Case))).one()
    assert kept.closed_at is None
    assert (running.overdue, running.due_soon > 0) == (0, True)
    assert late.overdue > 0
