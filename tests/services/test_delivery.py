"""The outbox on real databases: once, in time, through failures, and never about a thing done meanwhile."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot import delivery
from bot.dispatching import Dispatcher
from bot.receipts import Failed, Receipt, Sent, TryLater, Unreachable, Unsure
from bot.rules.events import EVENTS
from bot.services import casework, happenings
from bot.services.office import Office
from bot.texts.html import plain
from bot.texts.reply import Say
from storage import dispatch
from storage.database import Database
from storage.tables import OutgoingMessage, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol


class Telegram:
    """Answers with the receipts it was given, then says sent."""

    def __init__(self, *receipts: Receipt | Exception) -> None:
        self.receipts = list(receipts)
        self.said: list[str] = []

    async def __call__(self, _account: int, words: Say) -> Receipt:
        receipt = self.receipts.pop(0) if self.receipts else Sent(1)
        if isinstance(receipt, Exception):
            raise receipt
        if isinstance(receipt, Sent):
            self.said.append(plain(words.text))
        return receipt


async def case_with_core_group(database: Database, office: Office, clock: StoppedClock) -> Person:
    """A conference on Fri 13 Nov: the first core group is due on Fri 27 Nov."""
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await happenings.record_event(
            session, office, worker, case, EVENTS["icpc-held"], day("Fri 2026-11-13"), clock()
        )
    return worker


async def test_reminders_and_digests_go_out_once_and_in_time(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await case_with_core_group(database, office, clock)
    telegram = Telegram()
    seen: list[tuple[str, str]] = []
    for hour in range(24 * 5):
        before = len(telegram.said)
        await delivery.tick(database, office, telegram, clock())
        await delivery.tick(database, office, telegram, clock())
        seen += [(f"{clock():%a %H}", text) for text in telegram.said[before:]]
        clock.forward(hours=1)
        assert hour < 200
    core = [(when, text) for when, text in seen if "core group" in text.lower()]
    assert [when for when, _ in core] == ["Wed 09", "Thu 09", "Thu 14", "Fri 09", "Fri 09"]
    assert "due Fri 27 Nov" in core[0][1]
    assert "due today" in core[-1][1]


async def test_a_thing_done_meanwhile_is_never_reminded_of(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    worker = await case_with_core_group(database, office, clock)
    async with database.transaction() as session:
        case = await casework.find_case(session, office, worker, "CP-1042")
        await happenings.record_event(
            session, office, worker, case, EVENTS["core-group-held"], day("Tue 2026-11-24"), clock()
        )
    telegram = Telegram()
    clock.to("2026-11-27T12:00+00:00")
    await delivery.tick(database, office, telegram, clock())
    assert not [text for text in telegram.said if "First core group" in text]


@pytest.mark.parametrize(
    ("receipt", "after", "state"),
    [
        (TryLater("NetworkError"), timedelta(minutes=2), "sent"),
        (TryLater("asked to wait", 30), timedelta(seconds=31), "sent"),
        (Failed("bad request"), timedelta(hours=20), "failed"),
        (Unreachable("blocked"), timedelta(hours=20), "planned"),
        (Unsure("ReadTimeout"), timedelta(minutes=2), "sent"),
        (RuntimeError("a surprise"), timedelta(minutes=2), "sent"),
    ],
)
async def test_what_becomes_of_a_message(
    sqlite: Database,
    office: Office,
    clock: StoppedClock,
    receipt: Receipt | Exception,
    after: timedelta,
    state: str,
) -> None:
    await case_with_core_group(sqlite, office, clock)
    telegram = Telegram(receipt)
    clock.to("2026-11-26T14:00+00:00")
    async with sqlite.transaction() as session:
        await session.exec(select(OutgoingMessage))
    await delivery.tick(sqlite, office, telegram, clock())
    clock.moment += after
    await delivery.tick(sqlite, office, telegram, clock())
    async with sqlite.transaction() as session:
        rows = (await session.exec(select(OutgoingMessage).order_by(OutgoingMessage.not_before))).all()  # type: ignore[arg-type]  # a column
    first = next(row for row in rows if row.kind in ("digest", "clock") and row.state != "skipped")
    assert first.state == state


async def claimed(database: Database, clock: StoppedClock, me: int) -> list[OutgoingMessage]:
    async with database.transaction() as session:
        busy = await dispatch.busy(session, clock(), timedelta())
        return await dispatch.claim(session, now=clock(), me=me, most=12, busy=busy)


async def test_what_a_dead_process_was_sending_goes_out_again_marked(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await case_with_core_group(database, office, clock)
    clock.to("2026-11-26T14:00+00:00")
    dead = await claimed(database, clock, me=77)
    assert [row.kind for row in dead] == ["clock"]
    telegram = Telegram()
    await delivery.tick(database, office, telegram, clock())
    assert len([text for text in telegram.said if text.startswith("(repeat) ") and "core group" in text]) == 1
    await delivery.tick(database, office, telegram, clock.forward(minutes=1))
    assert len([text for text in telegram.said if text.startswith("(repeat)")]) == 1


async def test_what_a_live_process_is_sending_is_left_to_it(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await case_with_core_group(database, office, clock)
    clock.to("2026-11-26T14:00+00:00")
    assert await claimed(database, clock, me=77)

    async def alive(_session: object) -> set[int]:
        return {77}

    telegram = Telegram()
    await Dispatcher(database, office, telegram, me=5, alive=alive).run(clock, patient=False)
    assert telegram.said == []


async def test_two_processes_never_claim_the_same_row(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    await case_with_core_group(database, office, clock)
    clock.to("2026-11-27T10:00+00:00")
    first = await claimed(database, clock, me=1)
    second = await claimed(database, clock, me=2)
    assert first
    assert not {row.id for row in first} & {row.id for row in second}
