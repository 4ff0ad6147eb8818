"""One person sends by the hundred: told once, the rest left out, and nobody else notices."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from bot.counting import UPDATES
from bot.services.office import Office
from bot.simulator.driver import SimPerson
from bot.texts.pacing import too_fast
from handlers.left_out import SUBJECT, LeftOut
from handlers.pacing import MARK
from storage.database import Database
from storage.tables import Audit, Flood, InboxUpdate
from tests.flows.town import Town, town_at

MOST = 5
QUESTION = "how long do we have to hold the ICPC?"


@pytest.fixture
async def limited(address: str, office: Office) -> AsyncIterator[Town]:
    """A town where five updates are taken of each person a minute."""
    async with town_at(address, office, most_a_minute=MOST) as town:
        yield town


def _left_out() -> float:
    return float(UPDATES.labels("left out")._value.get())


def _flood(town: Town, person: SimPerson, count: int, text: str = "/glossary ICPC", first: int = 1) -> None:
    """So many messages at once, as a script would send them."""
    chat = {"id": person.id, "type": "private", "first_name": "F"}
    sender = {"id": person.id, "is_bot": False, "first_name": "F"}
    for number in range(first, first + count):
        body: dict[str, Any] = {
            "message_id": 50_000 + number,
            "date": int(town.clock().timestamp()),
            "chat": chat,
            "from": sender,
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": 9}] if text.startswith("/") else [],
        }
        town.telegram.updates.add("message", body, person.id)


async def _a_minute_later(town: Town) -> None:
    await town.sim.move_clock(seconds=61)


async def test_a_flood_is_answered_with_one_sentence_and_others_as_ever(limited: Town) -> None:
    town, before = limited, _left_out()
    flooder, other = (
        await town.joined("Worker A", discreet=True),
        await town.joined("Worker B", discreet=True),
    )
    await _a_minute_later(town)
    said = len(await flooder.chat())
    _flood(town, flooder, 300, "/glossary ICPC")
    await other.says(QUESTION)
    await other.sees("15 working days", within=30)
    await flooder.sees(too_fast(MOST), within=30)
    texts = [message.text for message in (await flooder.chat())[said:] if message.from_bot]
    assert len(texts) == MOST + 1
    assert texts[-1] == too_fast(MOST), "it comes after the answers to what was taken"
    assert _left_out() - before == 300 - MOST - 1
    async with town.database.transaction() as session:
        (line,) = (await session.exec(select(Audit).where(Audit.what == "sent too much"))).all()
        assert line.person_id is not None
        assert line.subject == f"account {flooder.id}"
        (flood,) = (await session.exec(select(Flood))).all()
        assert flood.account == flooder.id
        assert 0 < flood.left_out <= 300 - MOST - 1


async def test_a_minute_after_the_last_all_is_as_before_and_a_new_flood_is_told_anew(limited: Town) -> None:
    town = limited
    worker = await town.joined("Worker A", discreet=True)
    for flood in range(2):
        await _a_minute_later(town)
        _flood(town, worker, 20, first=100 * flood)
        await worker.sees(too_fast(MOST), within=30)
        await _a_minute_later(town)
        await worker.says("/help")
        await worker.sees("")
    told = [message for message in await worker.chat() if message.text == too_fast(MOST)]
    assert len(told) == 2


async def test_whoever_goes_on_at_once_is_told_no_second_time(limited: Town) -> None:
    town = limited
    worker = await town.joined("Worker A", discreet=True)
    for part in range(5):
        await _a_minute_later(town) if part == 0 else await town.sim.move_clock(seconds=20)
        _flood(town, worker, 20, first=100 * part)
        after = await town.sim.person(f"Somebody {part}")
        await after.says("hello")
        await after.sees("To join")  # so that all before it has come in
    await _a_minute_later(town)
    await worker.says(QUESTION)
    await worker.sees("15 working days", within=30)
    told = [message for message in await worker.chat() if message.text == too_fast(MOST)]
    assert len(told) == 1


async def test_presses_count_too_and_what_is_kept_of_the_first_has_no_words(limited: Town) -> None:
    town = limited
    worker = await town.joined("Worker A", discreet=True)
    await _a_minute_later(town)
    await worker.says("/help")
    shown = await worker.sees("")
    for _ in range(MOST - 1):
        await worker.presses_data(shown, "help")
        await worker.sees_toast("")
    await worker.presses_data(shown, "help")
    assert (await worker.sees_toast(too_fast(MOST))).is_alert
    await worker.says("words that nobody keeps")
    async with town.database.transaction() as session:
        rows = (await session.exec(select(InboxUpdate))).all()
    assert "words that nobody" not in str([(row.payload, row.replies) for row in rows])


async def test_strangers_are_held_to_it_too(limited: Town) -> None:
    town = limited
    stranger = await town.sim.person("Somebody")
    await stranger.says("hello")
    await stranger.sees("To join")
    _flood(town, stranger, 50, "let me in")
    await stranger.sees(too_fast(MOST), within=30)
    async with town.database.transaction() as session:
        (line,) = (await session.exec(select(Audit).where(Audit.what == "sent too much"))).all()
        assert (line.person_id, line.subject) == (None, f"account {stranger.id}")


async def test_questions_from_other_chats_are_held_to_thrice_as_many(limited: Town) -> None:
    town, before = limited, _left_out()
    worker = await town.joined("Worker A", discreet=True)
    await _a_minute_later(town)
    for _ in range(3 * MOST):
        assert (await worker.inline(QUESTION))[0]["id"] == "icpc"
    for number in range(4):
        sender = {"id": worker.id, "is_bot": False, "first_name": "F"}
        query = {"id": f"9{number}", "from": sender, "query": QUESTION, "offset": ""}
        town.telegram.updates.add("inline_query", query, worker.id)
    await worker.says(QUESTION)
    await worker.sees("15 working days")
    assert _left_out() - before == 4


async def test_hundreds_that_wait_hold_nobody_up_even_without_a_limit(address: str, office: Office) -> None:
    """Each answer to the flooder is slow to leave; the other's comes all the same."""
    async with town_at(address, office) as town:
        flooder = await town.joined("Worker A", discreet=True)
        other = await town.joined("Worker B", discreet=True)
        said = len(await flooder.chat())
        await town.sim.fault("slow", method="sendMessage", chat_id=flooder.id, seconds=3)
        _flood(town, flooder, 400)
        await other.says(QUESTION)
        await other.sees("15 working days", within=60)
        answered = [message for message in (await flooder.chat())[said:] if message.from_bot]
        assert len(answered) < 100, "most of the flood is still to be worked"
        await town.sim.clear_faults()
        await flooder.says("/glossary ICPC")
        async with town.database.transaction() as session:
            assert len(
                (await session.exec(select(InboxUpdate).where(InboxUpdate.account == flooder.id))).all()
            )


async def test_a_personal_detail_that_is_left_out_leaves_the_chat_too(limited: Town) -> None:
    town = limited
    worker = await town.joined("Worker A", discreet=True)
    await _a_minute_later(town)
    for _ in range(MOST + 1):
        await worker.says("/glossary ICPC")
    await worker.sees(too_fast(MOST), within=30)
    for _ in range(2):  # as it begins, and once this process knows of it
        await worker.says("tyler kowalczyk not seen alone again")
        await worker.says("wait and go on")
    for _ in range(100):
        said = [message.text for message in await worker.chat() if not message.from_bot]
        if not any("kowalczyk" in text for text in said):
            break
        await asyncio.sleep(0.1)
    assert said.count("wait and go on") == 2, "what holds nothing personal stays"
    assert "kowalczyk" not in " ".join(said)
    async with town.database.transaction() as session:
        rows = [*(await session.exec(select(InboxUpdate))).all(), *(await session.exec(select(Audit))).all()]
    assert "kowalczyk" not in str([row.model_dump() for row in rows])
    assert any(isinstance(row, Audit) and row.subject == SUBJECT for row in rows)


class _Deleting:
    """Keeps what it was told to delete."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, list[int]]] = []

    async def delete_messages(self, chat: int, numbers: list[int]) -> bool:
        self.calls.append((chat, list(numbers)))
        return True


async def test_beyond_a_minutes_looks_a_flood_is_deleted_unseen_a_hundred_a_call(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[list[str]] = []

    def nothing_in(words: list[str]) -> tuple[str, ...]:
        looks.append(words)
        return ()

    monkeypatch.setattr("handlers.left_out.kinds_in", nothing_in)
    waiting, bot, now = LeftOut(), _Deleting(), datetime(2026, 11, 24, 10, tzinfo=UTC)
    for account, count in ((1, 350), (2, 1), (-3, 1)):
        chat = {"id": account, "type": "private" if account > 0 else "group"}
        numbered = [{"message_id": number, "chat": chat, "text": "hello"} for number in range(count)]
        assert waiting.put(({"message": one} for one in numbered), MOST, now)
    await waiting.clear(bot, sqlite, now)  # type: ignore[arg-type]  # all that it uses
    assert len(looks) == MOST + 1
    assert [(chat, len(numbers)) for chat, numbers in bot.calls] == [(1, 95), (1, 100), (1, 100), (1, 50)]
    assert not waiting.put([], MOST, now), "nothing waits"


def test_the_mark_is_nothing_that_a_person_types() -> None:
    assert MARK.startswith("\u2060")
