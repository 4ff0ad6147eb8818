"""Asking on: follow-ups, several questions at once, getting clear, and @bot in other chats."""

from datetime import timedelta

from sqlmodel import select

from bot.services.purging import purge
from storage.tables import InboxUpdate, Question, ShownEntry
from tests.flows.town import Town

ICPC = "how many working days until the initial child protection conference"


async def test_follow_ups_are_read_in_the_light_of_the_last_entry(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says(ICPC)
    await worker.sees("15 working days")
    await worker.says("who chairs it?")
    await worker.sees("Initial child protection conference (ICPC): who")
    await worker.says("what if they refuse?")
    await worker.sees("Initial child protection conference (ICPC): if")
    await worker.says("and after that?")
    await worker.sees("After “Initial child protection conference (ICPC)”")
    await worker.presses("Next: Core groups")
    await worker.sees("core group")
    await worker.says("how do i record that?")
    await worker.sees("Core groups: when, who, what they must do: record")


async def test_after_ten_minutes_a_follow_up_stands_alone(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says(ICPC)
    await worker.sees("15 working days")
    await town.time_comes("2026-11-24T10:30+00:00")
    reply = await _answer(worker.says, worker.sees, "who chairs it?")
    assert "(ICPC): who" not in reply


async def test_one_persons_answer_is_not_anothers(town: Town) -> None:
    first, second = await town.joined("Worker A"), await town.joined("Worker B")
    await first.says(ICPC)
    await first.sees("15 working days")
    assert "(ICPC): who" not in await _answer(second.says, second.sees, "who chairs it?")


async def test_danger_is_not_a_follow_up(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says(ICPC)
    await worker.sees("15 working days")
    await worker.says("what if he has a knife and is hitting her now")
    await worker.sees("Call 999 now")


async def test_each_of_several_questions_is_answered(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says(f"{ICPC}? how long does an emergency protection order last?")
    await worker.sees("15 working days")
    await worker.sees("8 days")
    async with town.database.transaction() as session:
        kept = (await session.exec(select(Question))).all()
        assert [question.entry for question in kept] == ["icpc", "emergency-protection-order"]


async def test_after_one_question_back_comes_the_tree(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("conference")
    await worker.sees("Which one do you mean?")
    await worker.says("review date?")
    again = await worker.sees("I still can't tell which one.")
    assert "Child protection conference" in again.labels


async def test_what_happens_next_is_a_tap_away(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says(ICPC)
    await worker.sees("15 working days")
    await worker.presses("What next?")
    await worker.presses("Next: Core groups")
    await worker.sees("core group")


async def test_inline_guidance_for_members_alone_and_nothing_is_kept(town: Town) -> None:
    worker = await town.joined("Worker A")
    stranger = await town.sim.person("Somebody")
    results = await worker.inline(ICPC)
    assert results[0]["id"] == "icpc"
    assert "15 working days" in results[0]["words"]
    assert await worker.inline("what's the best pizza near the office") == []
    assert await worker.inline("") == []
    assert await stranger.inline(ICPC) == []
    assert "Call 999 now" in (await worker.inline("dad has a knife, kids inside"))[0]["words"]
    async with town.database.transaction() as session:
        assert (await session.exec(select(Question))).all() == []
        kept = (await session.exec(select(InboxUpdate))).all()
        assert [row for row in kept if row.payload and "inline_query" in row.payload] == []


async def test_what_was_shown_is_forgotten_after_ninety_days(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says(ICPC)
    await worker.sees("15 working days")
    now = town.clock()
    async with town.database.transaction() as session:
        assert [row.entry for row in (await session.exec(select(ShownEntry))).all()] == ["icpc"]
    assert "shown" not in (await purge(town.database, town.office, now + timedelta(days=89))).counts
    assert (await purge(town.database, town.office, now + timedelta(days=91))).counts["shown"] == 1


async def _answer(says, sees, text: str) -> str:  # type: ignore[no-untyped-def]
    await says(text)
    return str((await sees("")).text)


async def test_danger_told_in_the_middle_of_a_dialogue_comes_first_and_nothing_is_lost(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase")
    await worker.sees("reference")
    await worker.says("dad has a knife and is hitting her now")
    await worker.sees("Call 999 now")
    await worker.says("CP-2001")
    await worker.sees("CP-2001 is added")
