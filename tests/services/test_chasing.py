"""The ladder for actions: before, on the day, late in digests, the manager's digest, weekly, and an end."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot import delivery
from bot.receipts import Receipt, Sent
from bot.rules.supervision import ActionDraft
from bot.services import action_changes, recalling, supervision
from bot.services.office import Office
from bot.texts.html import plain
from bot.texts.reply import Say
from storage.database import Database
from storage.tables import OutgoingMessage, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol


class Telegram:
    """Takes everything; keeps when it was said, to whom, the words, and the message they change."""

    def __init__(self, clock: StoppedClock, office: Office) -> None:
        self._clock, self._zone = clock, office.zone
        self.said: list[tuple[str, int, str, int | None]] = []

    async def __call__(self, account: int, words: Say) -> Receipt:
        when = f"{self._clock().astimezone(self._zone):%a %d %b %H:%M}"
        self.said.append((when, account, plain(words.text), words.replaces))
        return Sent(words.replaces or 100 + len(self.said))

    def to(self, person: Person, having: str = "") -> list[tuple[str, str]]:
        """What was newly said to somebody with these words in it, and when."""
        return [
            (when, text)
            for when, account, text, changes in self.said
            if account == person.telegram_id and not changes and having in text
        ]


async def set_by(
    database: Database, office: Office, clock: StoppedClock, *dues: str
) -> tuple[Person, Person, list[int]]:
    """A manager, Worker A, and an action due on each of these days."""
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        for number, due in enumerate(dues):
            draft = ActionDraft("Worker A", f"thing {number}", "so that", "seen", day(due))
            await supervision.create_action(session, office, manager, draft, clock())
        shares = await supervision.shares_received(session, worker)
    return manager, worker, [view.share.id or 0 for view in shares]


async def pass_time(
    database: Database, office: Office, clock: StoppedClock, telegram: Telegram, until: str
) -> None:
    """A tick every half hour of the day; at night nothing is said."""
    while clock() < datetime.fromisoformat(until):
        clock.forward(minutes=30 if 7 <= clock().hour < 15 else 60)
        if 7 <= clock().hour <= 15:
            await delivery.tick(database, office, telegram, clock())


async def test_it_speaks_the_working_day_before_and_on_the_day_and_then_the_digest_does(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    clock.to("2026-11-24T10:00+00:00")  # a Tuesday
    _, worker, _ = await set_by(sqlite, office, clock, "Mon 2026-11-30")
    telegram = Telegram(clock, office)
    await pass_time(sqlite, office, clock, telegram, "2026-12-01T12:00+00:00")
    pushed = [(when, text.split("\n")[0]) for when, text in telegram.to(worker, "Due ")]
    assert pushed == [("Fri 27 Nov 14:00", "Due Mon 30 Nov"), ("Mon 30 Nov 09:00", "Due today")]
    late = telegram.to(worker, "1 day late")
    assert [when for when, _ in late] == ["Tue 01 Dec 08:30"], "the digest, and nothing of its own"


async def test_set_today_for_tomorrow_it_is_not_pushed_again_today(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    clock.to("2026-11-24T10:00+00:00")
    _, worker, _ = await set_by(sqlite, office, clock, "Wed 2026-11-25")
    telegram = Telegram(clock, office)
    await pass_time(sqlite, office, clock, telegram, "2026-11-25T12:00+00:00")
    assert [when for when, _ in telegram.to(worker, "Due ")] == ["Wed 25 Nov 09:00"]


async def test_several_at_once_are_one_message(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    clock.to("2026-11-24T10:00+00:00")
    _, worker, _ = await set_by(sqlite, office, clock, "Thu 2026-11-26", "Thu 2026-11-26")
    telegram = Telegram(clock, office)
    await pass_time(sqlite, office, clock, telegram, "2026-11-26T12:00+00:00")
    pushed = [(when, text.split("\n")[0]) for when, text in telegram.to(worker, "2 actions:")]
    assert pushed == [
        ("Wed 25 Nov 14:00", "2 actions: 2 due tomorrow."),
        ("Thu 26 Nov 09:00", "2 actions: 2 due today."),
    ]


@pytest.mark.parametrize("acknowledged", [False, True])
async def test_late_it_comes_by_steps_to_both_until_an_end_and_an_acknowledgement_pushes_them_back(
    sqlite: Database, office: Office, clock: StoppedClock, acknowledged: bool
) -> None:
    clock.to("2026-11-24T10:00+00:00")
    manager, worker, (share_id,) = await set_by(sqlite, office, clock, "Thu 2026-11-26")
    if acknowledged:
        async with sqlite.transaction() as session:
            await supervision.acknowledge(session, worker, share_id, clock())
    telegram = Telegram(clock, office)
    clock.to("2026-11-26T23:00+00:00")
    for _ in range(100):
        clock.moment = clock.moment.replace(hour=8, minute=45) + timedelta(days=1)
        await delivery.tick(sqlite, office, telegram, clock())
    steps = ["Fri 27 Nov", "Tue 01 Dec", "Tue 08 Dec", "Tue 15 Dec"]
    if acknowledged:  # two working days later
        steps = ["Tue 01 Dec", "Thu 03 Dec", "Thu 10 Dec", "Thu 17 Dec"]
    told = {person.name: telegram.to(person, "thing 0") for person in (worker, manager)}
    days = {name: [when[:10] for when, text in said if "late" in text][:4] for name, said in told.items()}
    assert days["Worker A"] == steps
    assert days["Manager"][:3] == steps[1:], "from the third working day on"
    assert "Late, and set by you" in told["Manager"][-1][1]
    assert told["Worker A"][-1][0] == f"{'Tue 26' if acknowledged else 'Fri 22'} Jan 08:45", "it ends"


async def test_done_stops_it_and_changes_what_was_sent(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    clock.to("2026-11-24T10:00+00:00")
    manager, worker, shares = await set_by(database, office, clock, "Thu 2026-11-26", "Thu 2026-11-26")
    telegram = Telegram(clock, office)
    await pass_time(database, office, clock, telegram, "2026-11-25T15:00+00:00")
    async with database.transaction() as session:
        for share_id in shares:
            await supervision.finish(session, worker, share_id, "both on file", clock())
            await recalling.recall(session, office, "action-due", [share_id], clock())
    await pass_time(database, office, clock, telegram, "2026-11-26T12:00+00:00")
    assert [when for when, _ in telegram.to(worker, "2 actions:")] == ["Wed 25 Nov 14:00"]
    changed = [text for _, account, text, changes in telegram.said if changes]
    assert changed == ["✓ Done on Wed 25 Nov: thing 0\n✓ Done on Wed 25 Nov: thing 1"]
    assert not telegram.to(worker, "late")
    assert not telegram.to(manager, "late")


async def test_another_date_moves_it(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    clock.to("2026-11-24T10:00+00:00")
    manager, worker, (share_id,) = await set_by(sqlite, office, clock, "Thu 2026-11-26")
    telegram = Telegram(clock, office)
    await pass_time(sqlite, office, clock, telegram, "2026-11-26T08:30+00:00")
    async with sqlite.transaction() as session:
        await action_changes.redate(
            session, manager, share_id, day("Tue 2026-12-01"), "she was ill all week", clock()
        )
    await pass_time(sqlite, office, clock, telegram, "2026-12-01T12:00+00:00")
    pushed = [when for when, text in telegram.to(worker, "Due ") if text.startswith("Due")]
    assert pushed == ["Wed 25 Nov 14:00", "Mon 30 Nov 14:00", "Tue 01 Dec 09:00"]


async def test_planning_again_changes_nothing_and_a_late_push_is_left_to_the_digest(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    clock.to("2026-11-24T10:00+00:00")
    _, worker, _ = await set_by(sqlite, office, clock, "Thu 2026-11-26")
    telegram = Telegram(clock, office)
    await delivery.plan(sqlite, office, clock())
    clock.to("2026-11-26T12:30+00:00")
    await delivery.tick(sqlite, office, telegram, clock())
    assert not telegram.to(worker, "Due today")
    async with sqlite.transaction() as session:
        row = (await session.exec(select(OutgoingMessage).where(OutgoingMessage.kind == "action-due"))).one()
        assert row.state == "skipped"
