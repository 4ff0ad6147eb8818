"""Whatever a manager does leaves its line in the audit trail, without a word that was typed."""

from dataclasses import replace

from sqlmodel import select

from bot.services import action_changes, broadcasting, caseload, casework, supervision, supervision_sessions
from bot.services.office import Office
from storage import actions
from storage.database import Database
from storage.tables import Audit, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.flows.town import Town
from tests.people import enrol
from tests.services.test_broadcasting import ACT, READ
from tests.services.test_supervision import DRAFT

TYPED = "the school asked for it"


async def lines(database: Database, name: str) -> list[tuple[str, str]]:
    """What this person did, and what about, in order."""
    async with database.transaction() as session:
        found = await session.exec(
            select(Audit)
            .join(Person, Person.id == Audit.person_id)  # type: ignore[arg-type]  # columns
            .where(Person.name == name)
            .order_by(Audit.id)  # type: ignore[arg-type]  # a column
        )
        return [(line.what, line.subject) for line in found]


async def test_every_act_on_actions(database: Database, office: Office, clock: StoppedClock) -> None:
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        action, _ = await supervision.create_action(session, office, manager, DRAFT, clock())
        share = (await actions.shares_of_action(session, action.id or 0))[0].id or 0
        asked = await action_changes.ask(session, worker, share, "which sessions?", clock())
        assert asked.share.id == share
        change = next(
            one for one in await actions.changes_of_action(session, action.id or 0) if one.what == "asked"
        )
        await action_changes.answer(session, manager, change.id or 0, TYPED, clock())
        await action_changes.redate(session, manager, share, day("Fri 2026-12-04"), TYPED, clock())
        await supervision.finish(session, worker, share, TYPED, clock())
        await action_changes.return_(session, manager, share, TYPED, clock())
        await supervision.finish(session, worker, share, TYPED, clock())
        await action_changes.close(session, manager, share, clock())

        both, _ = await supervision.create_action(
            session, office, manager, replace(DRAFT, to="Worker A, Worker B"), clock()
        )
        shares = list(await actions.shares_of_action(session, both.id or 0))
        parts = [(one, TYPED, day("Fri 2026-12-04")) for one in shares]
        await action_changes.split(session, manager, shares[0].id or 0, parts, clock())
        await action_changes.cancel(session, manager, shares[0].id or 0, TYPED, clock())

        given, _ = await supervision.create_action(session, office, manager, DRAFT, clock())
        first = (await actions.shares_of_action(session, given.id or 0))[0]
        taken, _ = await action_changes.reassign(session, manager, first.id or 0, f"#{other.id}", clock())
    said = (await lines(database, "Manager"))[1:]
    assert said == [
        ("set", f"action {action.id}"),
        ("answered", f"share {share}"),
        ("redated", f"action {action.id}"),
        ("returned", f"share {share}"),
        ("closed", f"share {share}"),
        ("set", f"action {both.id}"),
        ("split", f"share {shares[0].id}"),
        ("split", f"share {shares[1].id}"),
        ("cancelled", f"share {shares[0].id}"),
        ("set", f"action {given.id}"),
        ("reassigned", f"share {taken.share.id}"),
    ]
    assert [what for what, _ in await lines(database, "Worker A")][1:] == ["asked", "done", "done"]


async def test_every_act_on_announcements_cases_and_sessions(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock())
        taker = await enrol(session, "Worker B", "worker", clock())
        read, _ = await broadcasting.announce(session, manager, READ, clock())
        await broadcasting.change(session, manager, read.id or 0, "From Tuesday.", clock(), anew=False)
        await broadcasting.change(session, manager, read.id or 0, "From Friday.", clock(), anew=True)
        await broadcasting.nudge(session, office, manager, read.id or 0, clock())
        act, _ = await broadcasting.announce(session, manager, ACT, clock())
        await broadcasting.withdraw(session, manager, act.id or 0, clock())
        planned = await supervision_sessions.plan_session(
            session, office, manager, worker, day("Thu 2026-11-26"), "", clock()
        )
        await supervision_sessions.hold_session(
            session, office, manager, worker, day("Tue 2026-11-24"), clock()
        )
        case = await casework.new_case(session, office, worker, "CP-1001", clock())
        await caseload.hand_over(session, office, manager, [case], taker, clock())
    said = await lines(database, "Manager")
    about = f"broadcast {read.id}"
    assert said[1:5] == [
        ("announced to 2", about),
        ("corrected", about),
        ("changed anew", about),
        ("nudged 2", about),
    ]
    assert ("withdrew", f"broadcast {act.id}") in said
    assert [what for what, _ in said].count("cancelled") == 2, "the act of each"
    assert said[-3:] == [
        ("planned supervision", f"session {planned.id}"),
        ("held supervision", f"session {planned.id}"),
        ("handed over", f"case {case.id} to person {taker.id}"),
    ]
    words = (READ.text, ACT.text, ACT.why, "From Tuesday", "CP-1001", "Worker")
    assert not any(word in f"{what} {subject}" for what, subject in said for word in words)


async def test_every_look_at_people(town: Town) -> None:
    await town.joined("Worker A")
    manager = await town.joined("Manager", "manager")
    await manager.says("/team")
    await manager.sees("No case shows a sign of drift.")
    await manager.says("/pack Worker A")
    await manager.sees("Supervision: Worker A")
    await manager.says("/figures")
    await manager.sees_file("document")
    said = [what for what, _ in await lines(town.database, "Manager")]
    assert said[-3:] == ["saw board", "took supervision page", "took figures"]


async def test_a_fourth_act_in_a_week_is_warned_of_before_it_is_sent(town: Town) -> None:
    await town.joined("Worker A")
    manager = await town.joined("Manager", "manager")
    message = (
        "/announce\nto: team\nclass: act\ntext: check each plan\nwhy: so that families know\n"
        "measure: each plan has one\nby: Fri 4 Dec"
    )
    for number in range(4):
        await manager.says(message)
        preview = await manager.sees("Preview: 1 person, now")
        assert ("seven days" in preview.text) == (number == 3), number
        await manager.presses("Send", on=preview)
        await manager.sees("On its way to 1 person")
