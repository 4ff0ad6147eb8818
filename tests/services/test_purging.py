"""The nightly purge on real databases: what is old goes, once, and what must stay stays."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery import tick
from bot.receipts import Receipt, Sent
from bot.rules.retention import KINDS, KindName, Retention
from bot.services import auditing, casework, chasing, practice, reaching, supervision, visiting
from bot.services.office import Notice, Office
from bot.services.purging import overdue, purge
from bot.texts.html import plain
from bot.texts.reply import Say
from storage import audit, cases
from storage.database import Database
from storage.tables import (
    Action,
    Audit,
    Case,
    CaseEvent,
    Dialogue,
    EntryNotice,
    Flood,
    InboxUpdate,
    OutgoingMessage,
    Person,
    Question,
    ShownEntry,
    WebKey,
)
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.test_casework import record
from tests.services.test_supervision import DRAFT, Chats


def keeping(office: Office, **days: int) -> Office:
    """The office with other days for some kinds."""
    kept: Mapping[KindName, int] = Retention().days | days  # type: ignore[operator]  # names of kinds
    return replace(office, notice=Notice(retention=Retention(kept)))


async def _one_of_each(session: AsyncSession, now: datetime) -> None:
    person = await enrol(session, "Worker A", "worker", now)
    assert person.id is not None
    session.add(Question(asked_at=now, redacted="icpc", status="answer", score=1))
    session.add(ShownEntry(person_id=person.id, entry="icpc", shown_at=now))
    session.add(EntryNotice(person_id=person.id, entry="icpc", title="ICPC", changed_at=now))
    session.add(InboxUpdate(update_id=1, received_at=now, handled_at=now, replied_at=now))
    session.add(InboxUpdate(update_id=2, received_at=now, payload={"update_id": 2}))
    session.add(Flood(account=5, began_at=now, last_at=now))
    session.add(Dialogue(person_id=person.id, flow="case", step="case", draft={}, expires_at=now))
    session.add(
        WebKey(
            purpose="link",
            key_hash="x",
            person_id=person.id,
            role="worker",
            team_id=person.team_id,
            created_at=now,
            ended_at=now,
        )
    )
    session.add(
        OutgoingMessage(
            person_id=person.id,
            kind="practice",
            subject_id=1,
            dedup_key="x",
            not_before=now,
            state="sent",
            settled_at=now,
        )
    )


@pytest.mark.parametrize(
    "name", ["questions", "shown", "notices", "inbox", "floods", "dialogues", "sent", "web_keys"]
)
async def test_each_kind_goes_after_its_days_and_not_before(
    database: Database, office: Office, clock: StoppedClock, name: KindName
) -> None:
    async with database.transaction() as session:
        await _one_of_each(session, clock())
    alone = keeping(office, **{other: 3000 for other in KINDS if other != name})
    clock.forward(days=KINDS[name].default)
    assert (await purge(database, alone, clock())).counts == {}
    clock.forward(seconds=1)
    async with database.transaction() as session:
        found = await overdue(session, alone.notice.retention, clock())
    assert {kind: count for kind, count in found.items() if count} == {name: 1}, "a dry run counts the same"
    assert (await purge(database, alone, clock())).counts == {name: 1}
    assert (await purge(database, alone, clock())).counts == {}, "there is nothing left to do"
    async with database.transaction() as session:
        said = [row.subject for row in await session.exec(select(Audit).where(Audit.what == "purged"))]
        assert said == [f"{name} 1"]
        assert await session.get(InboxUpdate, 2) is not None, "what is still owed stays"


async def test_a_long_time_off_is_caught_up_in_batches(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        session.add_all(
            Question(asked_at=clock(), redacted="icpc", status="answer", score=1) for _ in range(2500)
        )
    clock.forward(days=400)
    first = await purge(database, office, clock(), most_batches=1)
    assert (first.counts, first.finished) == ({"questions": 1000}, False)
    rest = await purge(database, office, clock())
    assert (rest.counts, rest.finished) == ({"questions": 1500}, True)


class Editing(Chats):
    """Chats in which a message can be changed: what each says in the end."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[int, Say] = {}

    async def __call__(self, account: int, words: Say) -> Receipt:
        if words.replaces is not None:
            self.shown[words.replaces] = words
            return Sent(words.replaces)
        receipt = await super().__call__(account, words)
        self.shown[len(self.said)] = words
        return receipt


async def told_of_a_case(
    database: Database, office: Office, clock: StoppedClock, chats: Editing
) -> tuple[Person, list[int]]:
    """A worker whose chat names CP-1042, and the messages in which it does."""
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await record(session, office, worker, case, "Wed 2026-11-11 icpc-held", clock())
    clock.to("2026-11-25T09:30+00:00")
    await tick(database, office, chats, clock())
    return worker, [number for number, words in chats.shown.items() if "CP-1042" in plain(words.text)]


async def test_references_leave_old_reminders_once_and_their_rows_stay_until_then(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Editing()
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await record(session, office, worker, case, "Wed 2026-11-11 icpc-held", clock())
        await supervision.create_action(session, office, manager, DRAFT, clock())
    clock.to("2026-11-25T09:30+00:00")
    await tick(database, office, chats, clock())
    named = [number for number, words in chats.shown.items() if "CP-1042" in plain(words.text)]
    assert named
    clock.forward(days=29)
    assert "references" not in (await purge(database, office, clock())).counts
    clock.forward(days=170)  # the bot was off: both limits have passed
    found = await purge(database, office, clock())
    assert found.counts["references"] >= len(named)
    async with database.transaction() as session:
        waiting = {
            row.subject_id
            for row in await session.exec(
                select(OutgoingMessage).where(
                    OutgoingMessage.kind == "edit", OutgoingMessage.state == "planned"
                )
            )
        }
        rows = (await session.exec(select(OutgoingMessage))).all()
        assert waiting <= {row.id for row in rows}, "what is to be changed is still known"
    assert "references" not in (await purge(database, office, clock())).counts, "planned once"
    await tick(database, office, chats, clock())
    for number in named:
        assert "CP-1042" not in chats.shown[number].text
        assert chats.shown[number].buttons == ()
        assert "A reminder of Wed 25 Nov 2026" in plain(chats.shown[number].text)
    clock.forward(days=1)
    assert (await purge(database, office, clock())).counts["sent"] >= len(named)


async def test_whoever_could_not_be_reached_finds_no_reference_when_they_come_back(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Editing()
    worker, named = await told_of_a_case(database, office, clock, chats)
    assert named
    async with database.transaction() as session:
        await reaching.lost(session, worker.id or 0, clock())
    clock.forward(days=31)
    await purge(database, office, clock())
    await tick(database, office, chats, clock())
    assert all("CP-1042" in chats.shown[number].text for number in named), "the chat is out of reach"
    async with database.transaction() as session:
        back = await session.get(Person, worker.id)
        assert back is not None
        await reaching.back(session, back, clock.forward(days=3))
    await tick(database, office, chats, clock())
    assert not any("CP-1042" in chats.shown[number].text for number in named)


async def test_every_part_of_a_long_message_loses_its_references(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    class InParts(Editing):
        """Each message needs two more."""

        async def __call__(self, account: int, words: Say) -> Receipt:
            became = await super().__call__(account, words)
            if words.replaces is not None or not isinstance(became, Sent):
                return became
            first = 1000 * became.message_id
            self.shown |= {first + more: words for more in (1, 2)}
            return Sent(became.message_id, (first + 1, first + 2))

    chats = InParts()
    _, named = await told_of_a_case(database, office, clock, chats)
    assert len(named) >= 3
    clock.forward(days=31)
    async with database.transaction() as session:
        waiting = (await overdue(session, office.notice.retention, clock()))["references"]
    assert (await purge(database, office, clock())).counts["references"] == waiting >= len(named)
    await tick(database, office, chats, clock())
    assert not any("CP-1042" in chats.shown[number].text for number in named)


async def test_an_open_action_is_not_chased_anew_because_its_row_went(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        await supervision.create_action(session, office, manager, DRAFT, clock())
    clock.to("2026-12-01T12:00+00:00")
    await tick(database, office, chats, clock())
    chased = sum("Two direct-work sessions" in words for _, words in chats.said)
    clock.to("2026-12-01T12:10+00:00")
    await tick(database, office, chats, clock())
    clock.forward(days=300)
    await purge(database, keeping(office, references=14, sent=60), clock())
    async with database.transaction() as session:
        assert await chasing.plan_today(session, office, clock(), None) == 0
        assert chased


async def test_a_closed_case_goes_with_all_that_hangs_on_it_where_that_is_set(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        other = await casework.new_case(session, office, worker, "CP-1043", clock())
        await record(session, office, worker, other, "Wed 2026-11-11 icpc-held", clock())
        first = await record(session, office, worker, case, "Wed 2026-11-11 icpc-held", clock())
        assert first.event.id is not None
        await visiting.record_visit(session, office, worker, case, day("Tue 2026-11-24"), "alone", clock())
        about = replace(DRAFT, to="CP-1042")
        action, _ = await supervision.create_action(session, office, manager, about, clock())
        await record(session, office, worker, case, "Tue 2026-11-24 case-closed", clock())
    clock.forward(days=500)
    await purge(database, office, clock())
    async with database.transaction() as session:
        assert await session.get(Case, case.id) is not None, "kept unless a time is set"
    assert (await purge(database, keeping(office, closed_cases=400), clock())).counts["closed_cases"] == 1
    async with database.transaction() as session:
        assert (await session.exec(select(Case.reference))).all() == ["CP-1043"]
        assert {event.case_id for event in await session.exec(select(CaseEvent))} == {other.id}
        kept = await session.get(Action, action.id)
        assert kept is not None
        assert kept.case_id is None
        assert await cases.open_deadlines(session, cases.Scope(worker_id=worker.id))


async def _trail(database: Database, clock: StoppedClock, lines: int) -> None:
    for number in range(lines):
        async with database.transaction() as session:
            await auditing.note(session, None, "looked", f"case {number}", clock.forward(days=1))
            await session.flush()
            await auditing.seal_new(session)


async def test_the_trail_is_cut_at_its_beginning_and_still_holds(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await _trail(database, clock, 10)
    cutting = keeping(office, audit=366)
    async with database.transaction() as session:
        head = (await auditing.verify(session)).head
    clock.forward(days=361)  # the first four lines are older than 366 days, the fifth is not
    async with database.transaction() as session:
        assert (await overdue(session, cutting.notice.retention, clock()))["audit"] == 4
    assert (await purge(database, cutting, clock())).counts == {"audit": 4}
    async with database.transaction() as session:
        await auditing.seal_new(session)
        found = await auditing.verify(session)
        assert (found.cut, found.fault, found.waiting) == (4, None, 0)
        lines = [line async for line in audit.sealed(session)]
        assert [line.number for line in lines] == [*range(5, 11), 11, 12]
        assert [line.what for line in lines[-2:]] == [auditing.CUT, "purged"]
        assert head in {line.seal for line in lines}
    assert (await purge(database, cutting, clock())).counts == {}
    clock.forward(days=3)
    assert (await purge(database, cutting, clock())).counts == {"audit": 3}
    async with database.transaction() as session:
        found = await auditing.verify(session)
        assert (found.cut, found.fault) == (7, None)
    with pytest.raises(DBAPIError, match="never changed"):
        async with database.transaction() as session:
            await session.exec(text("DELETE FROM audit WHERE number = 8"))  # type: ignore[call-overload]  # plain SQL
    with pytest.raises(DBAPIError, match="never changed"):
        async with database.transaction() as session:
            await session.exec(text("DELETE FROM audit_anchor"))  # type: ignore[call-overload]  # plain SQL


async def test_a_beginning_cut_off_by_hand_is_noticed(database: Database, clock: StoppedClock) -> None:
    await _trail(database, clock, 6)
    async with database.transaction() as session:
        third = next(line for line in [line async for line in audit.sealed(session)] if line.number == 3)
        audit.add_anchor(session, 3, third.seal or "", clock())
        await session.flush()
        assert await audit.delete_cut(session) == 3
    async with database.transaction() as session:
        fault = (await auditing.verify(session)).fault
        assert fault is not None
        assert (fault.number, fault.fault) == (3, "was cut off, and no sealed line says so")


async def test_a_part_that_does_not_hold_is_never_cut_off(
    database: Database, office: Office, clock: StoppedClock, caplog: pytest.LogCaptureFixture
) -> None:
    await _trail(database, clock, 6)
    async with database.transaction() as session:
        off = "DROP TRIGGER audit_no_update" + (" ON audit" if database.is_postgresql else "")
        await session.exec(text(off))  # type: ignore[call-overload]  # plain SQL, as a tamperer would
        await session.exec(text("UPDATE audit SET subject = 'case 9' WHERE number = 2"))  # type: ignore[call-overload]  # likewise
    clock.forward(days=500)
    assert (await purge(database, keeping(office, audit=366), clock())).counts == {}
    assert "line 2 was changed" in caplog.text
    async with database.transaction() as session:
        assert (await session.exec(select(func.count()).select_from(Audit))).one() == 6


async def test_the_practice_lead_still_reads_a_whole_month(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        lead = await enrol(session, "Practice lead", "practice-lead", clock())
        session.add(Question(asked_at=clock(), redacted="icpc", status="none", score=0))
    clock.forward(days=KINDS["questions"].floor)
    await purge(sqlite, keeping(office, questions=KINDS["questions"].floor), clock())
    async with sqlite.transaction() as session:
        assert (await practice.practice_view(session, office, lead, clock())).asked == 1
    assert timedelta(days=31) == timedelta(days=KINDS["questions"].floor)
