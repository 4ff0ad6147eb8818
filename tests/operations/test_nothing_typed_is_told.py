"""Whatever is typed, pressed or sent: no log, number, audit line or question record repeats a word of it."""

import io
import logging
import random
import string
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from bot.app import COMMANDS
from bot.logs import OURS, start_logging
from bot.services.office import Office
from bot.simulator.driver import SimPerson
from handlers.presses import VERBS
from storage.tables import Audit, Flood, InboxUpdate, Question
from tests.people import enrol
from tests.web.serving import Site, site_at

KEPT_WORDS = 60


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Our logging as it runs in earnest, with every level on; put back afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, {name: logging.getLogger(name).level for name in OURS})
    stream = io.StringIO()
    start_logging("DEBUG", "json", stream)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)


def _words(chance: random.Random) -> Iterator[str]:
    """Made-up words that stand nowhere else."""
    while True:
        yield "zq" + "".join(chance.choices(string.ascii_lowercase, k=10))


async def _says_much(site: Site, person: SimPerson, chance: random.Random, count: int) -> list[str]:
    """So many messages, presses, edits, questions in other chats and files; the words that they held."""
    words, used = _words(chance), []
    shown = (await person.chat())[-1]
    for _ in range(count):
        word = next(words)
        used.append(word)
        match chance.randrange(6):
            case 0:
                await person.says(f"is {word} a reason for a conference, and when is {word.upper()} due?")
            case 1:
                await person.says(f"/{chance.choice(list(COMMANDS))} {word} 3/11")
            case 2:
                await person.presses_data(shown, f"{chance.choice([*VERBS, 'd'])}:{word}:1"[:60])
            case 3:
                await person.edits(await person.says(f"{word} asked me"), f"/case {word}")
            case 4:
                await person.inline(f"what about {word}")
            case _:
                await person.sends("document", b"x", file_name=f"{word}.pdf", caption=f"see {word}")
    await person.says("/cancel")
    await person.says("/glossary ICPC")
    await person.sees("ICPC: initial child", within=120)
    return used


async def test_a_made_up_day_leaves_no_word_in_logs_numbers_or_the_trail(
    sqlite_address: str, office: Office, lines: io.StringIO
) -> None:
    chance = random.Random(8)
    async with site_at(sqlite_address, office, updates_per_person_minute=0) as site:
        stranger, worker = await site.sim.person("Somebody"), await _member(site)
        await stranger.says("hello")
        await stranger.sees("To join")
        used = await _says_much(site, worker, chance, KEPT_WORDS)
        async with site.database.transaction() as session:
            await (await session.connection()).execute(text("ALTER TABLE case_file RENAME TO away"))
        broken = next(_words(chance))
        await worker.says(f"/newcase {broken}")
        await worker.says(f"/case CP-1001 {broken}")
        await worker.sees("Something went wrong")
        numbers = (await site.http.get("/metrics")).text
        used.append(broken)
        async with site.database.transaction() as session:
            rows: list[Any] = [
                *(await session.exec(select(Audit))).all(),
                *(await session.exec(select(Question))).all(),
                *(await session.exec(select(Flood))).all(),
                *(row for row in (await session.exec(select(InboxUpdate))).all() if row.replied_at),
            ]
        kept = str([row.model_dump() for row in rows]).lower()
    told = lines.getvalue().lower()
    assert "failed" in told, "the broken table was told of"
    assert len([row for row in rows if isinstance(row, Audit)]) > 10
    for word in used:
        assert word not in told
        assert word not in numbers.lower()
        assert word not in kept


async def _member(site: Site) -> SimPerson:
    async with site.database.transaction() as session:
        person = await enrol(session, "Worker A", "worker", await site.sim.now())
    played = await site.sim.person("Worker A", person_id=person.telegram_id)
    await played.says("/start")
    await played.sees("")
    return played


@given(typed=st.text(min_size=4).filter(lambda typed: typed.strip() == typed and not typed.isdecimal()))
def test_no_exception_of_any_depth_is_logged_with_its_words(typed: str) -> None:
    marked = f"zq{typed}qz"
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        start_logging("DEBUG", "json", stream)
        try:
            try:
                raise ValueError(marked)
            except ValueError as inner:
                raise RuntimeError({"said": marked}) from inner
        except RuntimeError:
            logging.getLogger("handlers.responding").exception("update %s failed", 7)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    assert marked not in stream.getvalue()
    assert "RuntimeError from builtins.ValueError" in stream.getvalue()
