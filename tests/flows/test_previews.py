"""Whatever is typed into an announcement or an action: its preview is what is sent, to the letter, and the
simulator, which reads entities and limits as Telegram does, takes it as one message."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from bot.rules.broadcasts import LONGEST_CAPTION, LONGEST_TEXT, tidied
from bot.rules.guard import personal
from bot.rules.measuring import units
from bot.rules.supervision import LONGEST
from bot.services.office import Office
from bot.simulator.driver import SeenMessage, SimPerson
from tests.flows.town import Town, town_at

_PIECES = (
    "<b>", "</b>", "<i>bold", "<a href='x'>", "&", "&amp;", "&lt;b&gt;", "&#0;", "<!--", "]]>", "\"'`", "**",
    "__",
    "👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "é", "e\u0301", "شكرا", "תודה", "\u202e", "\u200f", "\u2066", "नमस्ते",
    "谢谢", "\ufe0f",
    "the form", "by Friday", "each plan", "1 < 2 & 3 > 2", "/cancel", "@everyone", "#tag",
    "www.example.org/?a=1&b=2",
)  # fmt: skip
LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"))
WORDS = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(LETTERS, max_size=12)), min_size=1, max_size=12)
LINES = st.lists(WORDS.map(" ".join), min_size=1, max_size=4).map("\n".join)
ONE_LINE = WORDS.map(" ".join)
FULL = "<&" * (LONGEST_TEXT // 2)
FULL_OF_EMOJI = "🙂" * (LONGEST_TEXT // 2)
OFTEN = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much]
)


@dataclass
class Stage:
    """A town with its people, and a way to run what is to be seen in it."""

    run: Callable[[Coroutine[Any, Any, None]], None]
    town: Town
    manager: SimPerson
    worker: SimPerson


@contextmanager
def staged(address: str, office: Office) -> Iterator[Stage]:
    """One town for all examples: it is what is typed that differs."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        town = runner.run(stack.enter_async_context(town_at(address, office)))
        worker = runner.run(town.joined("Worker A"))
        manager = runner.run(town.joined("Manager", "manager"))

        def run(what: Coroutine[Any, Any, None]) -> None:
            runner.run(what)

        try:
            yield Stage(run, town, manager, worker)
        finally:
            runner.run(stack.aclose())


def typable(message: str, *texts: str) -> bool:
    """Neither taken out by the name guard, nor read as another part of the message, nor too short or long."""
    fits = all(len(text) >= 3 and text == tidied(text) and ":" not in text for text in texts)
    return fits and not personal(message, ("worker", "a")) and not any(map(personal, texts))


def announcement(text: str) -> str:
    return f"/announce\nto: Worker A\nclass: read\ntext: {text}"


def action(what: str, why: str, measure: str) -> str:
    return (
        f"/action\nto: Worker A\nkind: audit\ndo: {what}\nwhy: {why}\nmeasure: asap {measure}\nby: Fri 4 Dec"
    )


async def all_of(person: SimPerson, head: str) -> list[SeenMessage]:
    """The bot's messages that begin so, and whatever came after each as a part of it."""
    return [message for message in await person.chat() if message.from_bot and message.text.startswith(head)]


def looks(message: SeenMessage) -> tuple[str, str, list[str], list[str]]:
    return message.text, message.html, message.labels, message.file_kinds


async def announced(stage: Stage, text: str) -> None:
    before = len(await all_of(stage.worker, "From Manager"))
    await stage.manager.says(announcement(text))
    await stage.manager.sees("Preview: 1 person, now")
    shown = (await all_of(stage.manager, "From Manager"))[-1]
    assert shown.text == f"From Manager\n{text}"
    await stage.manager.presses("Send")
    await stage.manager.sees("On its way to 1 person")
    await stage.town.bot.tick_now()
    got = (await all_of(stage.worker, "From Manager"))[before:]
    assert [looks(message) for message in got] == [looks(shown)]
    await stage.worker.presses("I've read it")
    read = await stage.worker.sees("You've said that you have read it.")
    assert read.text == f"{shown.text}\nYou've said that you have read it."


def test_the_preview_of_an_announcement_is_exactly_what_is_sent(sqlite_address: str, office: Office) -> None:
    with staged(sqlite_address, office) as stage:

        @OFTEN
        @given(LINES.map(tidied))
        @example("<b>not bold</b> & <i>not italic")
        @example(FULL)
        @example(FULL_OF_EMOJI)
        def holds(text: str) -> None:
            assume(typable(announcement(text), text) and units(text) <= LONGEST_TEXT)
            stage.run(announced(stage, text))

        holds()


async def acted(stage: Stage, what: str, why: str, measure: str) -> None:
    before = len(await all_of(stage.worker, "From your manager"))
    await stage.manager.says(action(what, why, measure))
    hint = await stage.manager.sees("can't be checked. Something like")
    while "Keep it" in hint.labels:
        await stage.manager.presses("Keep it", on=hint)
        hint = await stage.manager.sees("", within=20)
    confirming = await stage.manager.sees("Preview · Worker A · by Fri 4 Dec 2026")
    shown = (await all_of(stage.manager, "From your manager"))[-1]
    assert shown.text == (
        "From your manager · by Fri 4 Dec 2026 · Audit finding\n"
        f"Do: {what}\nWhy: {why}\nDone means: asap {measure}"
    )
    await stage.manager.presses("Send", on=confirming)
    await stage.manager.sees("Sent to Worker A")
    await stage.town.bot.tick_now()
    got = (await all_of(stage.worker, "From your manager"))[before:]
    assert [looks(message) for message in got] == [looks(shown)]


def test_the_preview_of_an_action_is_exactly_what_is_sent(sqlite_address: str, office: Office) -> None:
    with staged(sqlite_address, office) as stage:

        @OFTEN
        @given(ONE_LINE.map(one_line), ONE_LINE.map(one_line), ONE_LINE.map(one_line))
        @example("<b>two</b> sessions & more", "so that the plan is 'hers'", "recorded > once")
        @example("🙂" * (LONGEST // 2), "<" * LONGEST, "&" * (LONGEST - 5))
        def holds(what: str, why: str, measure: str) -> None:
            assume(typable(action(what, why, measure), what, why, measure))
            assume(max(units(what), units(why), units(measure) + 5) <= LONGEST)
            stage.run(acted(stage, what, why, measure))

        holds()


def one_line(text: str) -> str:
    return " ".join(text.split())


async def announced_with_a_file(stage: Stage, text: str) -> None:
    """It is refused in words, or goes through every look that a copy has, always as one captioned file."""
    before = len(await all_of(stage.worker, "From Manager"))
    await stage.manager.says("/cancel")
    await stage.manager.says("/announce")
    await stage.manager.sees("Who is it for?")
    await stage.manager.presses("Worker A")
    await stage.manager.sees("Which class?")
    await stage.manager.presses("Read: each taps")
    await stage.manager.sees("What should it say?")
    await stage.manager.says(text)
    await stage.manager.sees("A file or picture with it?")
    await stage.manager.sends("document", b"%PDF-1.4 form", name="form.pdf")
    answer = await stage.manager.sees("", within=20)
    if "With a file the words can have" in answer.text:
        assert units(f"From Manager · changed\n{text}") > LONGEST_CAPTION - 40
        return
    await stage.manager.presses("Now")
    await stage.manager.sees("Preview: 1 person, now")
    shown = (await all_of(stage.manager, "From Manager"))[-1]
    await stage.manager.presses("Send")
    await stage.manager.sees("On its way to 1 person")
    await stage.town.bot.tick_now()
    got = (await all_of(stage.worker, "From Manager"))[before:]
    assert [looks(message) for message in got] == [looks(shown)]
    assert shown.file_kinds == ["document"]
    await stage.worker.presses("I've read it")
    await stage.worker.sees("You've said that you have read it.")


def test_under_a_file_the_words_fit_whole_or_are_refused(sqlite_address: str, office: Office) -> None:
    with staged(sqlite_address, office) as stage:

        @settings(OFTEN, max_examples=8)
        @given(st.integers(-60, 5), st.sampled_from(("<", "🙂", "a ", "é", "&")))
        @example(-(1 + len("From Manager · changed\n")) - 39, "<")
        def holds(beyond: int, letter: str) -> None:
            long = LONGEST_CAPTION + beyond
            text = tidied((letter * long)[: long // units(letter) * len(letter)])
            assume(typable(text, text))
            stage.run(announced_with_a_file(stage, text))

        holds()
