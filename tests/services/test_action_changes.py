"""What becomes of an action: closed, returned, redated, given to another, split, cancelled, asked about."""

from datetime import date, datetime

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.delivery import Receipt, Sent
from bot.delivery import tick as one_tick
from bot.rules.errors import NotAllowed, NotFound, Refusal, Stale
from bot.rules.supervision import ActionDraft
from bot.services import action_changes, caseload, casework, supervision
from bot.services.office import Office
from bot.services.shares import shares_of_case
from bot.texts.html import plain
from bot.texts.reply import Say
from storage import actions
from storage.database import Database
from storage.tables import ActionChange, ActionRecipient, Audit, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol

DUE = day("Fri 2026-12-04")


async def tick(database: Database, office: Office, chats: "Chats", now: datetime) -> None:
    """Three ticks at one moment: a run may end early after a message that has nothing left to say."""
    for _ in range(3):
        await one_tick(database, office, chats, now)


class Chats:
    """What each account sees: message by message, with changes in place."""

    def __init__(self) -> None:
        self.messages: dict[int, dict[int, str]] = {}
        self.count = 0

    async def __call__(self, account: int, words: Say) -> Receipt:
        self.count += 1
        number = words.replaces or self.count
        self.messages.setdefault(account, {})[number] = plain(words.text)
        return Sent(number)

    def to(self, person: Person) -> list[str]:
        return list(self.messages.get(person.telegram_id or 0, {}).values())


def draft(to: str = "Worker A", case: str = "") -> ActionDraft:
    return ActionDraft(to, "Two sessions", "So that she is heard", "Both recorded", DUE, case=case)


async def people_of(session: AsyncSession, clock: StoppedClock) -> tuple[Person, Person, Person]:
    return (
        await enrol(session, "Worker A", "worker", clock()),
        await enrol(session, "Worker B", "worker", clock()),
        await enrol(session, "Manager", "manager", clock()),
    )


async def share_of(session: AsyncSession, person: Person) -> ActionRecipient:
    return (await supervision.shares_received(session, person))[0].share


async def test_done_is_returned_with_a_reason_done_again_and_closed(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        worker, _, manager = await people_of(session, clock)
        await supervision.create_action(session, office, manager, draft(), clock())
        share_id = (await share_of(session, worker)).id or 0
        with pytest.raises(Stale, match="isn't marked done"):
            await action_changes.close(session, manager, share_id, clock())
        await supervision.finish(session, worker, share_id, "both on file", clock())
    await tick(database, office, chats, clock())
    clock.forward(hours=1)
    async with database.transaction() as session:
        await action_changes.return_(session, manager, share_id, "one is not written up", clock())
        with pytest.raises(Stale):
            await action_changes.return_(session, manager, share_id, "again and again", clock())
    await tick(database, office, chats, clock())
    assert "Not done yet: one is not written up" in chats.to(worker)[-1]
    clock.forward(hours=1)
    async with database.transaction() as session:
        share = await share_of(session, worker)
        assert (share.state, share.done_at, share.acknowledged_at) == ("returned", None, None)
        await supervision.acknowledge(session, worker, share_id, clock())
        await supervision.finish(session, worker, share_id, "now both", clock())
    await tick(database, office, chats, clock())
    assert "now both" in chats.to(manager)[-1]
    clock.forward(hours=1)
    async with database.transaction() as session:
        await action_changes.close(session, manager, share_id, clock())
        with pytest.raises(Stale, match="closed"):
            await supervision.acknowledge(session, worker, share_id, clock())
    await tick(database, office, chats, clock())
    assert chats.to(worker)[-1] == "Closed: Two sessions"
    async with database.transaction() as session:
        kept = [change.what for change in (await session.exec(select(ActionChange))).all()]
        noted = [line.what for line in (await session.exec(select(Audit))).all()]
    assert kept == ["set", "done", "returned", "acknowledged", "done", "closed"]
    assert set(kept) <= set(noted)


async def test_a_third_change_of_date_is_flagged_on_both_sides_and_the_card_changes(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        worker, _, manager = await people_of(session, clock)
        await supervision.create_action(session, office, manager, draft(), clock())
        share_id = (await share_of(session, worker)).id or 0
    await tick(database, office, chats, clock())
    for number in (1, 2, 3):
        clock.forward(hours=1)
        async with database.transaction() as session:
            later = date(2026, 12, 4 + number)
            await action_changes.redate(session, manager, share_id, later, "the school is closed", clock())
        await tick(database, office, chats, clock())
        card, *told = chats.to(worker)
        assert f"by {later:%a} {later.day} Dec 2026" in card, "the card that was sent is changed in place"
        assert "Why: the school is closed" in told[-1]
        assert ("⚠ date changed 3 times" in card) == (number == 3)
    async with database.transaction() as session:
        view = (await supervision.shares_given(session, manager))[0]
        assert view.action.redated == 3
        with pytest.raises(Refusal, match="in a few words"):
            await action_changes.redate(session, manager, share_id, DUE, "no", clock())


async def test_it_is_given_to_another_and_the_first_is_told(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        worker, other, manager = await people_of(session, clock)
        await supervision.create_action(session, office, manager, draft(), clock())
        share_id = (await share_of(session, worker)).id or 0
    await tick(database, office, chats, clock())
    async with database.transaction() as session:
        await action_changes.reassign(session, manager, share_id, "Worker B", clock())
        assert await supervision.shares_received(session, worker) == []
        with pytest.raises(Stale, match="cancelled"):
            await supervision.finish(session, worker, share_id, "done all the same", clock())
    await tick(database, office, chats, clock())
    assert chats.to(worker)[0].startswith("Cancelled by your manager")
    assert "Given to Worker B" in chats.to(worker)[1]
    assert "Two sessions" in chats.to(other)[0]


async def test_a_split_gives_each_their_own_part_and_date(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        worker, other, manager = await people_of(session, clock)
        await supervision.create_action(session, office, manager, draft("team"), clock())
        share_id = (await share_of(session, worker)).id or 0
    await tick(database, office, chats, clock())
    async with database.transaction() as session:
        views = await action_changes.splittable(session, manager, share_id)
        parts = [
            (view.share, f"Part of {view.worker.name}", date(2026, 12, 7 + number))
            for number, view in enumerate(views)
        ]
        await action_changes.split(session, manager, share_id, parts, clock())
        mine = (await supervision.shares_received(session, worker))[0]
        theirs = (await supervision.shares_received(session, other))[0]
        assert (mine.action.what, mine.action.due_on) == ("Part of Worker A", date(2026, 12, 7))
        assert (theirs.action.what, theirs.action.due_on) == ("Part of Worker B", date(2026, 12, 8))
        assert mine.action.split_from == theirs.action.split_from
        one = await action_changes.splittable(session, manager, share_id)
        with pytest.raises(Refusal, match="nothing to split"):
            await action_changes.split(session, manager, share_id, [(one[0].share, "a b c", DUE)], clock())
    await tick(database, office, chats, clock())
    assert "Part of Worker A" in chats.to(worker)[0]


async def test_cancelling_before_it_went_out_says_nothing(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        worker, other, manager = await people_of(session, clock)
        await supervision.create_action(session, office, manager, draft("team"), clock())
        share_id = (await share_of(session, worker)).id or 0
        await action_changes.cancel(session, manager, share_id, "no longer needed", clock(), everybody=True)
    await tick(database, office, chats, clock())
    assert chats.to(worker) == chats.to(other) == []


async def test_a_question_goes_to_the_manager_and_the_answer_back(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        worker, _, manager = await people_of(session, clock)
        await supervision.create_action(session, office, manager, draft(), clock())
        share_id = (await share_of(session, worker)).id or 0
        await action_changes.ask(session, worker, share_id, "at home or <at> school?", clock())
        asked = (await actions.changes_of_action(session, 1))[-1]
    await tick(database, office, chats, clock())
    assert "Worker A asks\n“at home or <at> school?”" in chats.to(manager)[-1]
    async with database.transaction() as session:
        await action_changes.answer(session, manager, asked.id or 0, "at school", clock())
    await tick(database, office, chats, clock())
    assert "“at school”" in chats.to(worker)[-1]


async def test_it_moves_with_its_case_and_the_manager_who_set_it_is_told(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    async with database.transaction() as session:
        worker, other, manager = await people_of(session, clock)
        second = await enrol(session, "Deputy", "manager", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await supervision.create_action(session, office, manager, draft("CP-1042"), clock())
    await tick(database, office, chats, clock())
    async with database.transaction() as session:
        case = await casework.case_within_reach(session, worker, case.id or 0)
        await caseload.hand_over(session, office, second, [case], other, clock())
        held = await shares_of_case(session, case.id or 0)
        assert [(view.worker.name, view.share.state) for view in held] == [("Worker B", "sent")]
    await tick(database, office, chats, clock())
    assert "Worker B has this action now" in chats.to(manager)[-1]
    assert "Two sessions: sent, due Fri 4 Dec" in chats.to(other)[-1], "on the handover card"


async def test_managers_change_only_their_own_teams_actions(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker, other, manager = await people_of(session, clock)
        elsewhere = await enrol(session, "Manager", "manager", clock(), team="South")
        await enrol(session, "Worker C", "worker", clock(), team="South")
        await supervision.create_action(session, office, manager, draft(), clock())
        share_id = (await share_of(session, worker)).id or 0
        with pytest.raises(NotFound):
            await action_changes.close(session, elsewhere, share_id, clock())
        with pytest.raises(NotFound):
            await action_changes.redate(session, elsewhere, share_id, DUE, "because of this", clock())
        with pytest.raises(NotAllowed):
            await action_changes.cancel(session, other, share_id, "not mine to cancel", clock())
        with pytest.raises(NotFound):
            await action_changes.ask(session, other, share_id, "what is it?", clock())
        with pytest.raises(NotAllowed):
            await action_changes.history(session, other, share_id)


async def test_the_improvement_plan_counts_from_the_letter_by_the_books_own_rows(office: Office) -> None:
    days = supervision.improvement_days(office, day("Mon 2026-11-02"))
    assert days == {"draft": day("Mon 2026-11-30"), "plan": day("Thu 2027-02-11")}
