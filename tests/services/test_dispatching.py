"""Whose turn it is: classes, chats that are held back, people who can't be reached, broadcasts."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dispatching import Dispatcher
from bot.receipts import Receipt, Sent, TryLater, Unreachable, Unsure
from bot.services import reaching
from bot.services.office import Office
from bot.texts.html import plain
from bot.texts.reply import Say
from storage import dispatch, outbox
from storage.database import Database
from storage.replicas import AnotherRuns, Replica
from storage.tables import Action, ActionRecipient, OutgoingMessage, Person
from tests.conftest import StoppedClock
from tests.people import enrol


class Telegram:
    """Answers by chat, and keeps what it took."""

    def __init__(self) -> None:
        self.answers: dict[int, list[Receipt]] = {}
        self.took: list[tuple[int, str]] = []
        self.asked: list[int] = []

    async def __call__(self, chat: int, words: Say) -> Receipt:
        self.asked.append(chat)
        kept = self.answers.get(chat, [])
        receipt = kept.pop(0) if kept else Sent(len(self.took) + 1)
        if isinstance(receipt, Sent):
            self.took.append((chat, plain(words.text)))
        return receipt


async def team(session: AsyncSession, clock: StoppedClock, workers: int) -> tuple[Person, list[Person]]:
    manager = await enrol(session, "Manager", "manager", clock())
    return manager, [await enrol(session, f"Worker {n}", "worker", clock()) for n in range(workers)]


async def share(
    session: AsyncSession, manager: Person, worker: Person, clock: StoppedClock, what: str
) -> int:
    """An action for a worker; its message can be planned about the share."""
    action = Action(
        manager_id=manager.id or 0,
        what=what,
        why="why",
        measure="measure",
        due_on=clock().date() + timedelta(days=3),
        created_at=clock(),
    )
    session.add(action)
    await session.flush()
    given = ActionRecipient(action_id=action.id or 0, person_id=worker.id or 0)
    session.add(given)
    await session.flush()
    return given.id or 0


async def planned(
    session: AsyncSession, manager: Person, worker: Person, clock: StoppedClock, what: str, **about: object
) -> None:
    subject = await share(session, manager, worker, clock, what)
    wanted = {"kind": "action-new", "not_before": clock(), "urgency": "normal", "key": what, **about}
    await outbox.plan(session, person_id=worker.id or 0, subject_id=subject, **wanted)  # type: ignore[arg-type]


async def rows(database: Database) -> dict[str, OutgoingMessage]:
    async with database.transaction() as session:
        return {row.dedup_key: row for row in (await session.exec(select(OutgoingMessage))).all()}


async def test_urgent_before_normal_before_bulk_and_age_tells(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    telegram = Telegram()
    async with database.transaction() as session:
        manager, workers = await team(session, clock, 5)
        now = clock()
        for worker, what, urgency, due in zip(
            workers,
            ("bulk", "normal", "urgent", "old bulk", "old normal"),
            ("bulk", "normal", "urgent", "bulk", "normal"),
            (now, now, now, now - timedelta(minutes=20), now - timedelta(minutes=90)),
            strict=True,
        ):
            await planned(session, manager, worker, clock, what, urgency=urgency, not_before=due)
    await Dispatcher(database, office, telegram).run(clock, patient=False)
    heard = [
        next(what for what in text.split("\n") if "bulk" in what or "normal" in what or "urgent" in what)
        for _chat, text in telegram.took
    ]
    order = ["old normal", "urgent", "old bulk", "normal", "bulk"]
    assert [next(what for what in order if what in line) for line in heard] == order


async def test_one_run_sends_all_that_is_due_however_many(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async def slowly(chat: int, words: Say) -> Receipt:
        await asyncio.sleep(0)
        return await telegram(chat, words)

    telegram = Telegram()
    async with database.transaction() as session:
        manager, workers = await team(session, clock, 3)
        for number in range(60):
            await planned(session, manager, workers[number % 3], clock, f"thing {number}")
    assert await Dispatcher(database, office, slowly).run(clock, patient=False) == 60
    for worker in workers:
        heard = [text for chat, text in telegram.took if chat == worker.telegram_id]
        numbers = [int(text.split("thing ")[1].split("\n")[0]) for text in heard]
        assert numbers == sorted(numbers)
        assert len(numbers) == 20


async def test_one_chats_wait_holds_up_nobody_else(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    telegram = Telegram()
    async with database.transaction() as session:
        manager, (one, two) = await team(session, clock, 2)
        for number in range(3):
            await planned(session, manager, one, clock, f"one {number}")
            await planned(session, manager, two, clock, f"two {number}")
    slow, quick = one.telegram_id or 0, two.telegram_id or 0
    telegram.answers[slow] = [TryLater("asked to wait", 30)]
    dispatcher = Dispatcher(database, office, telegram)
    await dispatcher.run(clock, patient=False)
    assert [chat for chat, _ in telegram.took] == [quick] * 3
    assert telegram.asked.count(slow) == 1
    clock.forward(seconds=29)
    await dispatcher.run(clock, patient=False)
    assert telegram.asked.count(slow) == 1
    clock.forward(seconds=2)
    await Dispatcher(database, office, telegram, me=9).run(clock, patient=False)
    assert [chat for chat, _ in telegram.took[3:]] == [slow] * 3
    assert all(row.attempts == 1 for row in (await rows(database)).values())


async def test_a_wait_in_many_chats_holds_the_whole_lane(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    telegram = Telegram()
    async with database.transaction() as session:
        manager, workers = await team(session, clock, 4)
        for number, worker in enumerate(workers[:3]):
            await planned(session, manager, worker, clock, f"now {number}")
            telegram.answers[worker.telegram_id or 0] = [TryLater("asked to wait", 60)]
        await planned(session, manager, workers[3], clock, "later", not_before=clock() + timedelta(seconds=5))
    await Dispatcher(database, office, telegram).run(clock, patient=False)
    clock.forward(seconds=10)
    await Dispatcher(database, office, telegram).run(clock, patient=False)
    assert telegram.took == []
    clock.forward(seconds=51)
    await Dispatcher(database, office, telegram).run(clock, patient=False)
    assert len(telegram.took) == 4


async def test_a_blocked_worker_is_told_of_once_and_comes_back_to_one_digest(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    telegram = Telegram()
    async with database.transaction() as session:
        manager, (worker,) = await team(session, clock, 1)
        for number in range(4):
            await planned(session, manager, worker, clock, f"thing {number}")
    gone, boss = worker.telegram_id or 0, manager.telegram_id or 0
    telegram.answers[gone] = [Unreachable("Forbidden")]
    for _ in range(3):
        await Dispatcher(database, office, telegram).run(clock, patient=False)
        clock.forward(minutes=10)
    assert telegram.asked.count(gone) == 1
    assert [text.split("\n")[0] for chat, text in telegram.took if chat == boss] == [
        "Worker 0 can't be reached"
    ]
    waiting = await rows(database)
    assert {waiting[f"thing {number}"].state for number in range(4)} == {"planned"}
    async with database.transaction() as session:
        person = await session.get(Person, worker.id)
        assert person is not None
        await reaching.back(session, person, clock())
        await reaching.back(session, person, clock())
    await Dispatcher(database, office, telegram).run(clock, patient=False)
    heard = [text for chat, text in telegram.took if chat == gone]
    assert len(heard) == 1
    assert all(f"thing {number}" in heard[0] for number in range(4))


async def test_a_broadcast_in_doubt_is_never_sent_again_and_listed(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    telegram = Telegram()
    async with database.transaction() as session:
        manager, (one, two) = await team(session, clock, 2)
        await planned(session, manager, one, clock, "first", kind="broadcast-1")
        await planned(session, manager, two, clock, "second", kind="broadcast-1")
    telegram.answers[one.telegram_id or 0] = [Unsure("ReadTimeout")]
    for _ in range(3):
        await Dispatcher(database, office, telegram).run(clock, patient=False)
        clock.forward(hours=1)
    assert sorted(telegram.asked) == sorted([one.telegram_id or 0, two.telegram_id or 0])
    async with database.transaction() as session:
        assert [row.dedup_key for row in await dispatch.unknown_broadcasts(session)] == ["first"]


async def test_a_second_process_on_sqlite_is_refused(sqlite: Database) -> None:
    first, second = Replica(sqlite), Replica(sqlite)
    await first.enter()
    with pytest.raises(AnotherRuns):
        await second.enter()
    await first.leave()
    await second.enter()
    await second.leave()


async def test_on_postgresql_one_leads_and_another_follows(postgresql_address: str) -> None:
    database = Database(postgresql_address)
    first, second = Replica(database), Replica(database)
    await first.enter()
    await second.enter()
    assert await first.lead()
    assert not await second.lead()
    async with database.transaction() as session:
        assert set(await first.alive(session)) >= {first.number, second.number}
    await first.leave()
    assert await second.lead()
    async with database.transaction() as session:
        assert first.number not in await second.alive(session)
    await second.leave()
    await database.close()


async def test_back_again_what_no_digest_says_comes_by_itself_and_of_summaries_the_newest(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        _, (worker,) = await team(session, clock, 1)
        kinds = ("clock", "action-due", "action-done", "session", "leave-asked", "broadcast-1")
        for kind in (*kinds, "weekly"):
            await outbox.plan(
                session, person_id=worker.id or 0, kind=kind, subject_id=1, key=kind, not_before=clock()
            )
        clock.forward(days=7)
        await outbox.plan(
            session, person_id=worker.id or 0, kind="weekly", subject_id=1, key="new", not_before=clock()
        )
        await reaching.lost(session, worker.id or 0, clock())
        await reaching.back(session, worker, clock())
    found = await rows(database)
    waiting = {key for key, row in found.items() if row.state == "planned" and not key.startswith("unre")}
    back = next(key for key in waiting if key.startswith("digest-back"))
    assert waiting - {back} == {"action-done", "session", "leave-asked", "broadcast-1", "new"}
    assert {found[key].state for key in ("clock", "action-due", "weekly")} == {"skipped"}
