"""Announcements: who gets them and when, versions, withdrawal, nudges, and an honest count."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery import Receipt, Sent, Unreachable, Unsure
from bot.delivery import tick as one_tick
from bot.rules.broadcasts import Attachment
from bot.rules.errors import NotAllowed, NotFound, Refusal, Stale
from bot.services import broadcasting, progress, supervision
from bot.services.broadcasting import Announcement
from bot.services.office import Office
from bot.texts.html import plain
from bot.texts.reply import Say
from storage import broadcasts
from storage.database import Database
from storage.tables import Broadcast, BroadcastVersion, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol

READ = Announcement("team", "read", "The new form is in use from Monday.")
ACT = Announcement(
    "team",
    "act",
    "Check each plan for a contingency",
    "So that families know what comes next",
    "Each plan has one",
    day("Fri 2026-12-04"),
)


async def tick(database: Database, office: Office, chats: "Chats", now: datetime) -> None:
    """Three ticks at one moment: a run may end early after a message that has nothing left to say."""
    for _ in range(3):
        await one_tick(database, office, chats, now)


class Chats:
    """What each account sees; some accounts answer otherwise."""

    def __init__(self) -> None:
        self.messages: dict[int, dict[int, str]] = {}
        self.answers: dict[int, Receipt] = {}
        self.files: list[str] = []
        self.count = 0

    async def __call__(self, account: int, words: Say) -> Receipt:
        if account in self.answers:
            return self.answers[account]
        self.count += 1
        number = words.replaces or self.count
        self.messages.setdefault(account, {})[number] = plain(words.text)
        if words.file is not None:
            self.files.append(words.file.file_id)
        return Sent(number)

    def to(self, person: Person) -> list[str]:
        return list(self.messages.get(person.telegram_id or 0, {}).values())


async def team_of(session: AsyncSession, clock: StoppedClock) -> tuple[Person, list[Person]]:
    manager = await enrol(session, "Manager", "manager", clock())
    return manager, [await enrol(session, f"Worker {name}", "worker", clock()) for name in "ABC"]


async def counted(database: Database, broadcast_id: int) -> progress.Progress:
    async with database.transaction() as session:
        found = await broadcasts.broadcast_by_id(session, broadcast_id)
        assert found is not None
        return await progress.progress_of(session, found)


async def test_delivered_blocked_unknown_left_and_acknowledged_are_told_apart(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        manager, (first, second, third) = await team_of(session, clock)
        fourth = await enrol(session, "Worker D", "worker", clock())
        sent, to = await broadcasting.announce(session, manager, READ, clock())
        assert len(to) == 4
    fourth_gone = fourth.id
    async with database.transaction() as session:
        gone = await session.get(Person, fourth_gone)
        assert gone is not None
        gone.active = False
    chats.answers = {
        second.telegram_id or 0: Unreachable("blocked"),
        third.telegram_id or 0: Unsure("broken"),
    }
    assert sent.id is not None
    before = (await counted(database, sent.id)).counts
    assert (before.delivered, before.waiting, before.left) == (0, 3, 1)
    await tick(database, office, chats, clock())
    chats.answers.clear()
    async with database.transaction() as session:
        recipient = await broadcasts.recipient_of(session, sent.id, first.id or 0)
        assert recipient is not None
        await broadcasting.acknowledge(session, first, recipient.id or 0, 1, clock())
    for _ in range(3):
        clock.forward(minutes=10)
        await tick(database, office, chats, clock())
    found = await counted(database, sent.id)
    counts = found.counts
    assert (counts.delivered, counts.blocked, counts.unknown, counts.left) == (1, 1, 1, 1)
    assert (counts.acknowledged, counts.waiting, counts.people) == (1, 0, 4)
    assert (found.blocked, found.unknown) == (["Worker B"], ["Worker C"])
    assert chats.to(third) == [], "at most once: what is in doubt is never sent again"
    shown = [text for text in chats.to(manager) if text.startswith("Sent ")]
    assert len(shown) == 1, "one message counts up"
    assert "acknowledged 1 of 4" in shown[0]
    assert "Can't be reached: Worker B" in shown[0]


async def test_later_is_later_and_the_words_are_those_of_the_moment(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    later = Announcement("Worker A", "information", "First words", at=clock() + timedelta(hours=3))
    async with database.transaction() as session:
        manager, (first, second, _) = await team_of(session, clock)
        sent, _ = await broadcasting.announce(session, manager, later, clock())
    await tick(database, office, chats, clock())
    assert chats.to(first) == []
    async with database.transaction() as session:
        await broadcasting.change(session, manager, sent.id or 0, "Better words", clock(), anew=False)
    clock.forward(hours=3)
    await tick(database, office, chats, clock())
    assert len(chats.to(first)) == 1
    assert "Better words" in chats.to(first)[0]
    assert chats.to(second) == []


async def test_a_correction_is_made_in_place_and_asks_nobody_anew(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        manager, (first, *_) = await team_of(session, clock)
        sent, _ = await broadcasting.announce(session, manager, READ, clock())
    await tick(database, office, chats, clock())
    async with database.transaction() as session:
        recipient = await broadcasts.recipient_of(session, sent.id or 0, first.id or 0)
        assert recipient is not None
        await broadcasting.acknowledge(session, first, recipient.id or 0, 1, clock())
        await broadcasting.change(session, manager, sent.id or 0, "From Tuesday.", clock(), anew=False)
    await tick(database, office, chats, clock())
    assert len(chats.to(first)) == 1
    assert "From Tuesday." in chats.to(first)[0]
    assert "You've said that you have read it." in chats.to(first)[0]
    assert (await counted(database, sent.id or 0)).counts.acknowledged == 1


async def test_an_edit_of_substance_asks_anew_and_keeps_which_version_was_acknowledged(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        manager, (first, second, _) = await team_of(session, clock)
        sent, _ = await broadcasting.announce(session, manager, READ, clock())
    await tick(database, office, chats, clock())
    async with database.transaction() as session:
        recipient = await broadcasts.recipient_of(session, sent.id or 0, first.id or 0)
        assert recipient is not None
        await broadcasting.acknowledge(session, first, recipient.id or 0, 1, clock())
        await broadcasting.change(session, manager, sent.id or 0, "The old form stays.", clock(), anew=True)
    await tick(database, office, chats, clock())
    old, new = chats.to(first)
    assert "newer message is further down" in old
    assert "The old form stays." in new
    async with database.transaction() as session:
        mine = await broadcasts.recipient_of(session, sent.id or 0, first.id or 0)
        theirs = await broadcasts.recipient_of(session, sent.id or 0, second.id or 0)
        assert mine is not None
        assert theirs is not None
        assert (mine.acknowledged_at, mine.acknowledged_version) == (None, 1)
        with pytest.raises(Stale, match="changed since"):
            await broadcasting.acknowledge(session, second, theirs.id or 0, 1, clock())
        await broadcasting.acknowledge(session, first, mine.id or 0, 2, clock())
        assert mine.acknowledged_version == 2
        kept = (await session.exec(select(BroadcastVersion))).all()
    assert [(one.version, one.text) for one in kept] == [(1, READ.text), (2, "The old form stays.")]


async def test_withdrawn_is_withdrawn_everywhere(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        manager, (first, second, _) = await team_of(session, clock)
        sent, _ = await broadcasting.announce(session, manager, ACT, clock())
    await tick(database, office, chats, clock())
    assert "by Fri 4 Dec 2026" in chats.to(first)[0]
    async with database.transaction() as session:
        await broadcasting.withdraw(session, manager, sent.id or 0, clock())
        assert await supervision.shares_received(session, first) == []
        with pytest.raises(Stale, match="withdrawn"):
            await broadcasting.change(session, manager, sent.id or 0, "New words", clock(), anew=True)
    await tick(database, office, chats, clock())
    assert chats.to(first) == chats.to(second) == ["Manager has withdrawn this message."]


async def test_an_act_is_an_action_for_each_and_acknowledging_it_counts(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        manager, (first, second, _) = await team_of(session, clock)
        sent, _ = await broadcasting.announce(session, manager, ACT, clock())
        mine = (await supervision.shares_received(session, first))[0]
        assert (mine.action.measure, mine.action.due_on) == ("Each plan has one", ACT.due_on)
        await supervision.acknowledge(session, first, mine.share.id or 0, clock())
        theirs = (await supervision.shares_received(session, second))[0]
        await supervision.finish(session, second, theirs.share.id or 0, "all six looked at", clock())
    await tick(database, office, chats, clock())
    counts = (await counted(database, sent.id or 0)).counts
    assert (counts.acknowledged, counts.done) == (2, 1)
    assert not any("has acknowledged" in text for text in chats.to(manager)), "the count says it"


async def test_a_nudge_reaches_only_those_outstanding_and_once_a_day(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        manager, (first, second, third) = await team_of(session, clock)
        sent, _ = await broadcasting.announce(session, manager, READ, clock())
        recipient = await broadcasts.recipient_of(session, sent.id or 0, first.id or 0)
        assert recipient is not None
    await tick(database, office, chats, clock())
    async with database.transaction() as session:
        await broadcasting.acknowledge(session, first, recipient.id or 0, 1, clock())
        assert await broadcasting.nudge(session, office, manager, sent.id or 0, clock()) == 2
        with pytest.raises(Refusal, match="nudged them today"):
            await broadcasting.nudge(session, office, manager, sent.id or 0, clock())
    await tick(database, office, chats, clock())
    assert [len(chats.to(person)) for person in (first, second, third)] == [1, 2, 2]
    clock.forward(days=1)
    async with database.transaction() as session:
        assert await broadcasting.nudge(session, office, manager, sent.id or 0, clock()) == 2


async def test_a_fourth_act_in_a_week_is_warned_of(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        manager, workers = await team_of(session, clock)
        for number in range(3):
            assert await broadcasting.crowded_teams(session, workers, clock()) == [], number
            await broadcasting.announce(session, manager, ACT, clock())
        assert await broadcasting.crowded_teams(session, workers, clock()) == [("North", 3)]
        clock.forward(days=8)
        assert await broadcasting.crowded_teams(session, workers, clock()) == []


async def test_a_file_goes_with_it_by_its_id(database: Database, office: Office, clock: StoppedClock) -> None:
    chats = Chats()
    with_file = Announcement(
        "Worker A", "information", "See this", file=Attachment("document", "F1", "a.pdf")
    )
    async with database.transaction() as session:
        manager, _ = await team_of(session, clock)
        await broadcasting.announce(session, manager, with_file, clock())
    await tick(database, office, chats, clock())
    assert chats.files == ["F1"]


async def test_nobody_touches_what_is_somebody_elses(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        manager, (first, second, _) = await team_of(session, clock)
        other = await enrol(session, "Deputy", "manager", clock())
        sent, _ = await broadcasting.announce(session, manager, READ, clock())
        recipient = await broadcasts.recipient_of(session, sent.id or 0, first.id or 0)
        assert recipient is not None
        with pytest.raises(NotFound):
            await broadcasting.acknowledge(session, second, recipient.id or 0, 1, clock())
        with pytest.raises(NotAllowed):
            await broadcasting.announce(session, first, READ, clock())
        for forged in (
            broadcasting.withdraw(session, other, sent.id or 0, clock()),
            broadcasting.nudge(session, office, other, sent.id or 0, clock()),
            broadcasting.change(session, other, sent.id or 0, "Other words", clock(), anew=True),
        ):
            with pytest.raises(NotFound):
                await forged
        with pytest.raises(NotAllowed):
            await broadcasting.withdraw(session, first, sent.id or 0, clock())
        assert (await session.exec(select(Broadcast))).one().state == "sent"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("everyone", ["Deputy", "Worker A", "Worker B", "Worker C"]),
        ("team", ["Worker A", "Worker B", "Worker C"]),
        ("team North", ["Deputy", "Worker A", "Worker B", "Worker C"]),
        ("managers", ["Deputy"]),
        ("worker b, Worker A, worker b", ["Worker A", "Worker B"]),
    ],
)
async def test_whom_the_words_mean(
    sqlite: Database, clock: StoppedClock, typed: str, names: list[str]
) -> None:
    async with sqlite.transaction() as session:
        manager, _ = await team_of(session, clock)
        await enrol(session, "Deputy", "manager", clock())
        await enrol(session, "Worker Z", "worker", clock(), team="South")
        _, to = await broadcasting.announce(
            session, manager, Announcement(typed, "information", "Good morning"), clock()
        )
        assert sorted(person.name for person in to) == names
        for wrong in ("Worker Z", "team South", "nobody at all", " , "):
            with pytest.raises(Refusal):
                await broadcasting.announce(
                    session, manager, Announcement(wrong, "information", "Good morning"), clock()
                )
