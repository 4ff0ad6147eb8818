"""Forged and replayed buttons, other people's ids, edits, groups: no effect, and a line in the trail."""

from typing import Any

import pytest
from sqlmodel import select

from bot.services.auditing import OUT_OF_REACH
from bot.simulator.driver import SimPerson
from handlers import trespass
from storage.tables import Audit, Case, CaseEvent, Deadline, Person, Visit
from tests.flows.town import Town

TYPED = "words of somebody's own"


async def _lines(town: Town) -> list[tuple[int | None, str, str]]:
    """The trail's lines of this kind: who, what, about what."""
    async with town.database.transaction() as session:
        rows = (await session.exec(select(Audit).order_by(Audit.id))).all()  # type: ignore[arg-type]  # a column
    return [(row.person_id, row.what, row.subject) for row in rows if row.what in trespass.KINDS]


async def _everything(town: Town) -> list[Any]:
    """What an effect would have changed."""
    async with town.database.transaction() as session:
        return [
            [row.model_dump() for row in (await session.exec(select(table))).all()]
            for table in (Case, CaseEvent, Deadline, Visit)
        ]


async def _id_of(town: Town, person: SimPerson) -> int | None:
    async with town.database.transaction() as session:
        found = (await session.exec(select(Person).where(Person.telegram_id == person.id))).one()
        return found.id


@pytest.fixture
async def two(town: Town) -> tuple[Town, SimPerson, SimPerson]:
    """The town, a worker with a case and clocks, and another worker."""
    worker, other = await town.joined("Worker A"), await town.joined("Worker B")
    await worker.says("/newcase CP-2001")
    await worker.sees("is added")
    await worker.says("/event CP-2001 icpc 16/11")
    await worker.sees("First core group")
    return town, worker, other


async def test_forged_buttons_change_nothing_and_each_leaves_a_line(
    two: tuple[Town, SimPerson, SimPerson],
) -> None:
    town, _, other = two
    hello, who = (await other.chat())[-1], await _id_of(town, other)
    before = await _everything(town)
    forged = {
        "case:1": "button case:1",
        "done:1": "button done:1",
        "undo:1": "button undo:1",
        "ext:1": "button ext:1",
        "hand:1": "button hand:1",
        "req:1:y": "button req:1",
        f"done:{TYPED}": "button done",
        f"nonsense:{TYPED}": "button",
        "d:1:send": "button d:1",
        "case:99999999999": "button case",
        "case:١": "button case",
    }
    for data in forged:
        await other.presses_data(hello, data)
        await other.sees_toast("")
    assert await _everything(town) == before
    assert await _lines(town) == [(who, trespass.IN_VAIN, subject) for subject in forged.values()]


async def test_a_button_pressed_again_after_its_time_leaves_a_line(
    two: tuple[Town, SimPerson, SimPerson],
) -> None:
    town, worker, _ = two
    await worker.says("/newcase")
    asked = await worker.sees("Which reference?")
    await worker.says("/cancel")
    await worker.sees("Stopped")
    await worker.presses_data(asked, "d:1:CP-2002")
    await worker.sees_toast("")
    await worker.presses_data(asked, "undo:1")
    await worker.sees("taken back")
    after = await _everything(town)
    await worker.presses_data(asked, "undo:1")
    await worker.sees_toast("")
    assert await _everything(town) == after
    assert [line[1:] for line in await _lines(town)] == [
        (trespass.IN_VAIN, "button d:1"),
        (trespass.IN_VAIN, "button undo:1"),
    ]


async def test_somebody_elses_case_by_its_reference_leaves_a_line_and_a_slip_leaves_none(
    two: tuple[Town, SimPerson, SimPerson],
) -> None:
    town, _, other = two
    who, before = await _id_of(town, other), await _everything(town)
    for typed in ("/case CP-2001", "/event CP-2001 core group held yesterday", "/close CP-2001"):
        await other.says(typed)
        await other.sees("isn't among your open cases")
    await other.says("CP-2001")  # an answer to "Which case?"
    await other.sees("isn't among your open cases")
    await other.says("/case CP-9999")
    await other.sees("isn't among your open cases")
    assert await _everything(town) == before
    assert await _lines(town) == [(who, OUT_OF_REACH, "case 1")] * 4


async def test_a_command_beyond_ones_role_leaves_a_line(two: tuple[Town, SimPerson, SimPerson]) -> None:
    town, worker, _ = two
    await worker.says(f"/questions {TYPED}")
    await worker.sees("Only the practice lead")
    assert await _lines(town) == [(await _id_of(town, worker), trespass.BEYOND_ROLE, "command questions")]


async def test_a_strangers_press_leaves_a_line(two: tuple[Town, SimPerson, SimPerson]) -> None:
    town, _, _ = two
    stranger = await town.sim.person("Somebody")
    await stranger.says("hello")
    shown = await stranger.sees("To join")
    await stranger.presses_data(shown, "case:1")
    await stranger.sees_toast("To join")
    assert await _lines(town) == [(None, trespass.STRANGER, f"account {stranger.id}")]


async def test_an_edit_leaves_a_line(two: tuple[Town, SimPerson, SimPerson]) -> None:
    town, worker, _ = two
    said = await worker.says("/cases")
    await worker.sees("Open cases")
    before = await _everything(town)
    await worker.edits(said, f"/newcase CP-2002 {TYPED}")
    await worker.sees("I don't read edited messages")
    assert await _everything(town) == before
    assert await _lines(town) == [(await _id_of(town, worker), trespass.EDITED, f"message {said.id}")]


async def test_a_group_hears_nothing_of_any_case_and_each_try_leaves_a_line(
    two: tuple[Town, SimPerson, SimPerson],
) -> None:
    """Typed there, or typed there otherwise and then edited into a command."""
    town, worker, other = two
    group = await town.sim.group("North", worker, other)
    before = await _everything(town)
    await group.sees("I only talk in private")  # on being taken in
    said = await group.says(worker, "/cases")
    await group.sees("I only talk in private")
    edit = {
        "message_id": said.id,
        "date": int(town.clock().timestamp()),
        "edit_date": int(town.clock().timestamp()),
        "chat": {"id": group.id, "type": "group", "title": "North"},
        "from": {"id": worker.id, "is_bot": False, "first_name": "W"},
        "text": "/cases",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }
    town.telegram.updates.add("edited_message", edit, worker.id)
    await worker.says("/glossary ICPC")
    await worker.sees("ICPC: initial child")
    heard = [message.text for message in await group.chat() if message.from_bot]
    assert len(heard) == 3
    assert all("I only talk in private" in text for text in heard)
    assert await _everything(town) == before
    who = await _id_of(town, worker)
    assert await _lines(town) == [(who, trespass.IN_A_GROUP, f"chat {group.id}")] * 3


async def test_no_line_of_the_trail_holds_what_was_typed(two: tuple[Town, SimPerson, SimPerson]) -> None:
    town, worker, other = two
    shown = (await other.chat())[-1]
    await other.presses_data(shown, f"done:{TYPED}")
    await other.sees_toast("")
    await worker.says(f"/questions {TYPED}")
    await worker.sees("Only the practice lead")
    async with town.database.transaction() as session:
        trail = (await session.exec(select(Audit))).all()
    assert TYPED not in str([(row.what, row.subject) for row in trail])
    assert {row.person_id for row in trail} <= {None, *range(1, 10)}
