"""What must not go wrong: strangers, forged buttons, odd messages, redelivery, order."""

import asyncio

import pytest
from sqlmodel import select

from storage.tables import Person
from tests.flows.town import Town


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        *((kind, "I can't take pictures") for kind in ("photo", "voice", "sticker", "document")),
        ("location", "it had an address or place"),
        ("contact", "it had a phone number"),
    ],
)
async def test_what_it_cannot_take_gets_a_short_answer(town: Town, kind: str, answer: str) -> None:
    worker = await town.joined("Worker A")
    await worker.sends(kind)
    await worker.sees(answer)


async def test_edits_groups_and_unknown_commands(town: Town) -> None:
    worker = await town.joined("Worker A")
    said = await worker.says("/newcase CP-2001")
    await worker.sees("is added")
    await worker.edits(said, "/newcase CP-2002")
    await worker.sees("I don't read edited messages")
    await worker.says("/case CP-2002")
    await worker.sees("isn't among your open cases")
    await worker.says("/abracadabra")
    await worker.sees("I don't know that command")
    group = await town.sim.group("North", worker)
    await group.sees("I only talk in private")
    await group.says(worker, "/today")
    await group.sees("I only talk in private")
    became = await group.upgraded()
    await became.says(worker, "/today")
    await became.sees("I only talk in private")
    assert len([message for message in await became.chat() if "in private" in message.text]) == 1


async def test_a_group_tells_nothing_of_who_can_be_reached(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.blocks()
    group = await town.sim.group("North", worker)
    await group.sees("I only talk in private")
    async with town.database.transaction() as session:
        assert not (await session.exec(select(Person.reachable))).one()


async def test_strangers_get_only_how_to_join(town: Town) -> None:
    stranger = await town.sim.person("Somebody")
    for typed in ("who chairs a conference", "/today", "/case CP-1", "/action", "/help"):
        await stranger.says(typed)
        await stranger.sees("ask your manager for a code")


async def test_somebody_elses_buttons_have_no_effect(town: Town) -> None:
    worker, other = await town.joined("Worker A"), await town.joined("Worker B")
    await worker.says("/newcase CP-2001")
    await worker.says("/event CP-2001 icpc 16/11")
    await worker.sees("First core group")
    hello = (await other.chat())[-1]
    for forged in ("case:1", "done:1", "undo:1", "ext:1", "tl:1", "more:1", "hand:1", "ev:1", "snz:1:1d"):
        await other.presses_data(hello, forged)
        await other.sees_toast("")
    for junk in (
        "done:x",
        "nonsense",
        "d:1:send",
        "req:1:y",
        ":",
        "entry:nothing",
        "sec:s:nothing",
        "vq:1:voice:y",
    ):
        await other.presses_data(hello, junk)
        await other.sees_toast("")
    await worker.says("/case CP-2001")
    await worker.sees("First core group, due Mon 30 Nov")


async def test_updates_of_one_person_keep_their_order(town: Town) -> None:
    worker = await town.joined("Worker A")
    for number in range(1, 9):
        await worker.says(f"/newcase CP-300{number}")
    await worker.says("/cases")
    listed = await worker.sees("Open cases")
    assert [f"CP-300{n}" in listed.text for n in range(1, 9)] == [True] * 8


async def test_two_people_at_once_do_not_wait_for_each_other(town: Town) -> None:
    people = [await town.joined(f"Worker {letter}") for letter in "ABCD"]
    await asyncio.gather(*(person.says("how long do we have to hold the ICPC?") for person in people))
    await asyncio.gather(*(person.sees("15 working days") for person in people))


async def test_a_dialogue_can_be_cancelled_and_expires(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/cancel")
    await worker.sees("There is nothing to cancel")
    await worker.says("/newcase")
    await worker.sees("Which reference?")
    await worker.says("/cancel")
    await worker.sees("Stopped")
    await worker.says("/newcase")
    await worker.sees("Which reference?")
    await town.sim.move_clock(hours=13)
    await worker.says("CP-2001")
    await worker.sees("left for too long")


@pytest.mark.parametrize(
    "text",
    ["🤷", "<b>", "a" * 4000, "'; drop table person; --", "مرحبا كيف حالك", "&amp; <script>", "?", "\u200b"],
)
async def test_any_text_gets_an_answer(town: Town, text: str) -> None:
    worker = await town.joined("Worker A")
    await worker.says(text)
    await worker.sees("")
