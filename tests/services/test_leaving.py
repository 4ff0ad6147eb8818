"""Somebody leaves: nothing of theirs opens any more, and nothing of the families' is lost."""

import pytest
from sqlmodel import select

from bot.delivery import tick
from bot.rules.errors import NotAllowed, NotFound, Refusal
from bot.services import caseload, casework, leaving, supervision
from bot.services.office import Office
from storage import cases, people
from storage.database import Database
from storage.tables import InboxUpdate, OutgoingMessage
from tests.conftest import StoppedClock
from tests.people import enrol
from tests.services.test_casework import record
from tests.services.test_deleting import everywhere
from tests.services.test_supervision import DRAFT, Chats


@pytest.mark.parametrize("somebody_takes_over", [True, False])
async def test_access_ends_and_the_cases_go_on(
    database: Database, office: Office, clock: StoppedClock, somebody_takes_over: bool
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        leaver = await enrol(session, "Worker A", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        account = leaver.telegram_id
        session.add(InboxUpdate(update_id=7, received_at=clock(), replied_at=clock(), account=account))
        case = await casework.new_case(session, office, leaver, "CP-1042", clock())
        await record(session, office, leaver, case, "Mon 2026-11-16 icpc-held", clock())
        await supervision.create_action(session, office, manager, DRAFT, clock())
        taker = other if somebody_takes_over else None
        done = await leaving.leave(session, office, leaver, taker, clock(), by=manager.id)
        assert [c.reference for c in (done.moved or done.unheld)] == ["CP-1042"]
        assert bool(done.moved) == somebody_takes_over
        assert done.actions == 1
        assert await people.person_of_account(session, account or 0) is None
        assert await everywhere(session, str(account)) == set()
        assert case.worker_id == (other.id if somebody_takes_over else None)
        planned = (
            await session.exec(select(OutgoingMessage).where(OutgoingMessage.state == "planned"))
        ).all()
        assert leaver.id not in {row.person_id for row in planned}
        assert any(row.kind == "clock" for row in planned) == somebody_takes_over
    clock.forward(days=7)
    await tick(database, office, chats, clock())
    assert account not in {who for who, _ in chats.said}
    async with database.transaction() as session:
        held = await cases.open_cases(session, cases.Scope(team_id=manager.team_id))
        assert [c.reference for c in held] == ["CP-1042"], "the manager still sees it"
        await caseload.hand_over(session, office, manager, held, other, clock()) if not taker else None
        assert case.reference in {
            c.reference for c in await cases.open_cases(session, cases.Scope(worker_id=other.id))
        }


async def test_who_may_end_whose_access(database: Database, office: Office, clock: StoppedClock) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        stranger = await enrol(session, "Manager S", "manager", clock(), team="South")
        admin = await enrol(session, "Administrator", "admin", clock(), team="Office")
        with pytest.raises(NotAllowed):
            await leaving.leaver_in_reach(session, worker, "Manager")
        with pytest.raises(NotFound):
            await leaving.leaver_in_reach(session, stranger, "Worker A")
        with pytest.raises(Refusal, match="by somebody else"):
            await leaving.leaver_in_reach(session, manager, "Manager")
        assert (await leaving.leaver_in_reach(session, manager, "worker a")).id == worker.id
        assert (await leaving.leaver_in_reach(session, admin, "Worker A")).id == worker.id
        head = await enrol(session, "Head", "head-of-service", clock())
        await enrol(session, "Administrator B", "admin", clock())
        for above in ("Administrator B", "Head"):
            with pytest.raises(NotAllowed, match="Only an administrator"):
                await leaving.leaver_in_reach(session, manager, above)
        assert (await leaving.leaver_in_reach(session, admin, "Administrator B")).role == "admin"
        assert (await leaving.leaver_in_reach(session, head, "Manager")).id == manager.id
        with pytest.raises(Refusal, match="somebody else"):
            await leaving.leave(session, office, worker, worker, clock(), by=manager.id)
