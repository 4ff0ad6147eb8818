"""Supervision actions: set, acknowledged, done, overdue; each told to the other side."""

import pytest

from bot.delivery import Receipt, Sent, tick
from bot.rules.errors import NotAllowed, NotFound, Refusal, Stale
from bot.rules.supervision import ActionDraft
from bot.services import casework, supervision
from bot.services.office import Office
from bot.texts.html import plain
from bot.texts.reply import Say
from storage.database import Database
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol

DRAFT = ActionDraft(
    to="Worker A",
    what="Two direct-work sessions",
    why="So that the plan says what she thinks",
    measure="Both recorded, her words in the plan",
    due_on=day("Fri 2026-11-27"),
)


class Chats:
    """Keeps what was sent, by account."""

    def __init__(self) -> None:
        self.said: list[tuple[int, str]] = []

    async def __call__(self, account: int, words: Say) -> Receipt:
        self.said.append((account, plain(words.text)))
        return Sent(len(self.said))

    def to(self, account: int | None) -> list[str]:
        return [text for who, text in self.said if who == account]


async def test_an_action_from_setting_to_done(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        await supervision.create_action(session, office, manager, DRAFT, clock())
        share = (await supervision.shares_received(session, worker))[0].share
    assert share.id is not None
    await tick(database, office, chats, clock())
    assert "Two direct-work sessions" in chats.to(worker.telegram_id)[0]
    async with database.transaction() as session:
        await supervision.acknowledge(session, worker, share.id, clock())
    await tick(database, office, chats, clock())
    assert chats.to(manager.telegram_id) == [
        "Worker A has acknowledged: Two direct-work sessions (due Fri 27 Nov)."
    ]
    clock.forward(days=1)
    async with database.transaction() as session:
        await supervision.finish(session, worker, share.id, "both on file", clock())
        with pytest.raises(Stale):
            await supervision.finish(session, worker, share.id, "again", clock())
    await tick(database, office, chats, clock())
    assert "done (day 1 of 3)" in chats.to(manager.telegram_id)[-1]
    assert "both on file" in chats.to(manager.telegram_id)[-1]


async def test_a_manager_reaches_only_their_own_team(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await casework.new_case(session, office, worker, "CP-1042", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        elsewhere = await enrol(session, "Manager", "manager", clock(), team="South")
        await enrol(session, "Worker C", "worker", clock(), team="South")
        by_case = await supervision.recipients(session, office, manager, "CP-1042")
        assert [person.id for person in by_case.people] == [worker.id]
        with pytest.raises(Refusal, match="isn't in your team"):
            await supervision.recipients(session, office, elsewhere, "Worker A")
        with pytest.raises(NotFound):
            await supervision.recipients(session, office, elsewhere, "CP-1042")
        with pytest.raises(NotAllowed):
            await supervision.recipients(session, office, worker, "Worker A")


async def test_nobody_finishes_what_is_somebody_elses(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        await enrol(session, "Worker A", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        await supervision.create_action(session, office, manager, DRAFT, clock())
        share = (await supervision.shares_given(session, manager))[0].share
        with pytest.raises(NotFound):
            await supervision.acknowledge(session, other, share.id or 0, clock())
