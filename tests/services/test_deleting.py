"""After somebody deleted their account no table holds their number, name or choices but where named."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery import tick
from bot.rules.supervision import ActionDraft
from bot.services import (
    action_changes,
    auditing,
    casework,
    closing,
    deleting,
    joining,
    preferences,
    supervision,
    web_keys,
)
from bot.services.office import Office
from storage import people, shown
from storage.database import Database
from storage.tables import (
    ActionChange,
    Broadcast,
    BroadcastRecipient,
    Deadline,
    Dialogue,
    Flood,
    InboxUpdate,
    JoinAttempts,
    OutgoingMessage,
    Person,
    SendingLane,
    SupervisionSession,
)
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.test_casework import record
from tests.services.test_supervision import Chats

NAME = "Zebulonia"
WORDS_OF_OTHERS = {
    ("action", "what"),
    ("action", "why"),
    ("action", "measure"),
    ("broadcast", "text"),
    ("broadcast", "why"),
    ("broadcast", "measure"),
    ("broadcast_version", "text"),
}
"""The named exceptions: what others typed stays as typed. Nothing that the program writes is among them."""


async def everywhere(session: AsyncSession, needle: str) -> set[tuple[str, str]]:
    """Every column of every table in which this stands, in whatever case."""
    await session.flush()
    found = set()
    connection = await session.connection()
    for table in SQLModel.metadata.tables.values():
        for row in (await connection.execute(table.select())).mappings():
            found |= {
                (table.name, str(column))
                for column, value in row.items()
                if needle.lower() in str(value).lower()
            }
    return found


async def _a_life(session: AsyncSession, office: Office, clock: StoppedClock) -> tuple[Person, Person]:
    """Somebody with something in every table that can be about them."""
    worker = await enrol(session, NAME, "worker", clock())
    other = await enrol(session, "Worker B", "worker", clock())
    manager = await enrol(session, "Manager", "manager", clock())
    assert worker.id is not None
    case = await casework.new_case(session, office, worker, "CP-1042", clock())
    result = await record(session, office, worker, case, "Wed 2026-11-11 icpc-held", clock())
    clock_id = result.changes.opened[0].deadline.id or 0
    kept = await session.get(Deadline, clock_id)
    assert kept is not None
    kept.snoozed_until, kept.snooze_reason = clock() + timedelta(hours=3), "in court"
    await closing.change_clock(session, office, worker, kept, "not-needed", "transfer in", None, clock())
    draft = ActionDraft(NAME, "A plan", "So that it is clear", "On file", day("Fri 2026-11-27"))
    await supervision.create_action(session, office, manager, draft, clock())
    (share,) = await supervision.shares_received(session, worker)
    await action_changes.reassign(session, manager, share.share.id or 0, "Worker B", clock())
    (share,) = await supervision.shares_received(session, other)
    await action_changes.reassign(session, manager, share.share.id or 0, NAME, clock())
    broadcast = Broadcast(
        sender_id=manager.id or 0,
        to_words=f"{NAME}, Worker B",
        kind="read",
        text="Please read",
        send_at=clock(),
        created_at=clock(),
        progress_shown=f"1|{NAME},Worker B",
    )
    session.add(broadcast)
    await session.flush()
    for person in (worker, other):
        await received(session, broadcast, person)
    session.add(
        SupervisionSession(
            worker_id=worker.id,
            manager_id=manager.id or 0,
            planned_on=day("Fri 2026-12-11"),
            created_at=clock(),
        )
    )
    session.add(Dialogue(person_id=worker.id, flow="case", step="case", draft={"a": "b"}, expires_at=clock()))
    session.add(JoinAttempts(telegram_id=worker.telegram_id or 0, failures=1))
    session.add(Flood(account=worker.telegram_id or 0, began_at=clock(), last_at=clock()))
    session.add(InboxUpdate(update_id=7, received_at=clock(), replied_at=clock(), account=worker.telegram_id))
    session.add(SendingLane(key=f"chat:{worker.telegram_id}", free_at=clock()))
    await preferences.set_times(session, office, worker, clock(), quiet=(60, 120), work_days=5)
    worker.digest_minute = 411
    await preferences.ask_leave(
        session, office, worker, day("Mon 2026-11-30"), day("Fri 2026-12-04"), other, clock()
    )
    await preferences.ask_leave(
        session, office, other, day("Mon 2026-11-30"), day("Fri 2026-12-04"), worker, clock()
    )
    await web_keys.new_calendar(session, worker, clock())
    await shown.remember(session, worker.id, "icpc", clock())
    return worker, manager


async def received(session: AsyncSession, broadcast: Broadcast, person: Person) -> None:
    """The person is among those whom it went to."""
    session.add(BroadcastRecipient(broadcast_id=broadcast.id or 0, person_id=person.id or 0))
    await session.flush()


async def test_nothing_is_left_but_what_is_named(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        worker, manager = await _a_life(session, office, clock)
        account, chat = str(worker.telegram_id), manager.telegram_id
        before = await everywhere(session, NAME)
        assert {("person", "name"), ("action_change", "after"), ("broadcast", "to_words")} <= before
    await tick(database, office, chats, clock())
    async with database.transaction() as session:
        person = await session.get(Person, worker.id)
        assert person is not None
        done = await deleting.delete_me(session, office, person, clock())
        assert (done.cases, done.actions, done.told) == (1, 1, 1)
        assert await everywhere(session, NAME) - WORDS_OF_OTHERS == set()
        assert await everywhere(session, account) == set()
        chosen = {
            name: getattr(person, name) for name in ("digest_minute", "work_days", "quiet_from", "quiet_to")
        }
        assert chosen == {"digest_minute": 510, "work_days": 31, "quiet_from": None, "quiet_to": None}
        assert (person.active, person.name) == (False, f"Former colleague {person.id}")
        assert (
            await session.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == person.id))
        ).all() == []
        (planned,) = (await session.exec(select(SupervisionSession))).all()
        assert planned.state == "cancelled"
        for deadline in await session.exec(select(Deadline)):
            assert (deadline.snoozed_until, deadline.snooze_reason) == (None, "")
        changed = await session.exec(select(ActionChange).where(col(ActionChange.what) == "reassigned"))
        assert {f"Former colleague {person.id}", "Worker B"} == {
            name for row in changed for name in (row.before, row.after)
        }
        await auditing.seal_new(session)
        assert (await auditing.verify(session)).fault is None
    await tick(database, office, chats, clock())
    (told,) = [words for words in chats.to(chat) if "deleted their account" in words]
    assert "To be allocated: CP-1042" in told
    assert NAME not in told
    assert account not in {str(who) for who, words in chats.said if "deleted" in words}


async def test_whoever_comes_back_needs_a_code_and_is_somebody_new(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        account, old = worker.telegram_id or 0, worker.id
        await deleting.delete_me(session, office, worker, clock())
        assert await people.person_of_account(session, account) is None
        refused = await joining.join(
            session, code="AAAAA-AAAAA", telegram_id=account, first_name="Worker A", now=clock()
        )
        assert isinstance(refused, joining.NotJoined)
        code = await joining.make_invite(
            session, role="worker", team_name="North", valid=timedelta(days=1), now=clock()
        )
        again = await joining.join(
            session, code=code, telegram_id=account, first_name="Worker A", now=clock()
        )
        assert isinstance(again, joining.Joined)
        assert again.person.id != old
        assert again.person.name == "Worker A"


async def test_without_a_manager_others_are_told_and_an_administrator_reads_no_reference(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        assert (await deleting.standing(session, worker)).told == 0
        admin = await enrol(session, "Administrator", "admin", clock(), "Office")
        await casework.new_case(session, office, worker, "CP-1042", clock())
        assert (await deleting.delete_me(session, office, worker, clock())).told == 1
    await tick(database, office, chats, clock())
    (told,) = [words for words in chats.to(admin.telegram_id) if "deleted their account" in words]
    assert "Cases without a worker now: 1." in told
    assert "CP-1042" not in told


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(categories=("Lu", "Ll", "Nd", "Pd", "Zs", "Po")), min_size=4, max_size=20))
async def test_any_name_goes(sqlite: Database, office: Office, clock: StoppedClock, name: str) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, f"Q{name}Z", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        called = worker.name
        broadcast = Broadcast(
            sender_id=other.id or 0,
            to_words=f"{called}, Worker B",
            kind="read",
            text="x",
            send_at=clock(),
            created_at=clock(),
        )
        session.add(broadcast)
        await session.flush()
        await received(session, broadcast, worker)
        await deleting.delete_me(session, office, worker, clock())
        rows: list[Any] = [
            *(await session.exec(select(Person.name))).all(),
            *(await session.exec(select(Broadcast.to_words))).all(),
        ]
        assert [row for row in rows if called in row] == []
