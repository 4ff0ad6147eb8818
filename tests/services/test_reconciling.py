"""Each open clock has its reminders, no closed one any; what is broken is found, counted and mended."""

from sqlalchemy import delete, update
from sqlmodel import col, select

from bot.rules.events import EVENTS
from bot.services import casework, happenings
from bot.services.office import Office
from bot.services.reconciling import Reconciled, reconcile
from storage.database import Database
from storage.tables import Deadline, OutgoingMessage
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
