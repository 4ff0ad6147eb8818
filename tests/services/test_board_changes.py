"""What moves a board: whatever people of its teams do, or those above them, and nobody else."""

import pytest

from bot.services import auditing, board_changes, casework
from bot.services.joining import put_in_service
from bot.services.office import Office
from storage.database import Database
from tests.conftest import StoppedClock
from tests.people import enrol


@pytest.mark.parametrize(
    ("who", "moves"),
    [("Worker A", True), ("Worker S", False), ("Head", True), ("", True)],
    ids=["own team", "another team", "above the teams", "the command line"],
)
async def test_whose_doings_move_a_managers_board(
    database: Database, clock: StoppedClock, who: str, moves: bool
) -> None:
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        known = {
            name: (await enrol(session, name, role, clock(), team=team)).id
            for name, role, team in (
                ("Worker A", "worker", "North"),
                ("Worker S", "worker", "South"),
                ("Head", "head-of-service", "South"),
            )
        }
        before = await board_changes.mark(session, manager)
        assert not await board_changes.moved(session, manager, before)
        await auditing.note(session, known.get(who), "did something", "case 1", clock())
        await session.flush()
        assert await board_changes.moved(session, manager, before) == moves
        assert not await board_changes.moved(session, manager, await board_changes.mark(session, manager))


async def test_a_head_of_service_hears_of_every_team_in_it(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        head = await enrol(session, "Head", "head-of-service", clock())
        worker = await enrol(session, "Worker S", "worker", clock(), team="South")
        for team in ("North", "South"):
            await put_in_service(session, team, "Safeguarding", clock())
        before = await board_changes.mark(session, head)
        await casework.new_case(session, office, worker, "CP-9001", clock())
        assert await board_changes.moved(session, head, before)


async def test_a_line_whose_number_was_given_earlier_is_not_missed(
    sqlite: Database, clock: StoppedClock
) -> None:
    """As where two people act at once and the first is the last to finish."""
    async with sqlite.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        for _ in range(3):
            await auditing.note(session, manager.id, "did something", "case 1", clock())
        await session.flush()
        newest = await board_changes.mark(session, manager)
        assert newest.count >= 3, "it looks back over lines that it has seen"
