"""Whatever an entry answers is one phone screen, and no line of it is lost on the way."""

from collections.abc import Callable
from datetime import date
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from bot.content.bank_holidays import england
from bot.content.loading import load_library
from bot.content.overlay import EXAMPLE
from bot.finding import Finding
from bot.rules.access import ROLES, Role
from bot.rules.deadlines import DueDate, due_date
from bot.rules.guidance import Entry
from bot.services.answering import Found
from bot.services.ticking import TickList
from bot.texts import answers
from bot.texts.guidance import SECTION_CODES, answer, answer_buttons, rest_of_answer, section, sources
from bot.texts.html import plain
from bot.texts.joining import COMMANDS, help_text
from bot.texts.paging import FIRST_SCREEN, SCREEN, fitting, screens
from bot.texts.reply import Rows
from bot.texts.ticking import page_of, tick_page
from handlers import presses

OWN = load_library(EXAMPLE)
LIBRARIES = {"national": load_library(), "own": OWN}
ENTRIES = pytest.mark.parametrize("entry", OWN.guidance.entries, ids=lambda entry: entry.id)


def data_of(rows: Rows, verb: str) -> list[str]:
    return [button.data for row in rows for button in row if button.data.startswith(f"{verb}:")]


def pages(show: Callable[[int], tuple[str, Rows]]) -> str:
    """Every screen that "Next" leads to, each held to the bound."""
    found, number = [], 0
    while True:
        text, onward = show(number)
        assert len(plain(text)) <= SCREEN
        found.append(plain(text))
        if not onward:
            return "\n".join(found)
        number += 1
        assert onward[0][0].data.endswith(f":{number}")


def a_sum(entry: Entry) -> DueDate | None:
    """A date in the question, reckoned with the entry's first clock that has a number."""
    rows = (OWN.book.find(clock) for clock in entry.header.clocks)
    limits = (row.limit for row in rows if row is not None and row.limit is not None and row.trigger)
    limit = next(limits, None)
    return due_date(limit, date(2026, 11, 3), england(), ZoneInfo("Europe/London")) if limit else None


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
@ENTRIES
def test_a_first_answer_is_one_screen(entry: Entry, library) -> None:  # type: ignore[no-untyped-def]  # a parameter
    own = library.guidance.find(entry.id)
    text = plain(answer(own, library))
    assert len(text) <= FIRST_SCREEN
    assert len(answer_buttons(own, library)) <= 4
    *points, _foot, _warnings = text.splitlines()
    assert 3 <= len(points) <= 7


@ENTRIES
def test_what_the_first_screen_leaves_out_is_a_tap_away(entry: Entry) -> None:
    text = answer(entry, OWN)
    more = data_of(answer_buttons(entry, OWN), "rest")
    points = plain(text).splitlines()[:-2]
    if more:
        shown = int(more[0].split(":")[1])
        rest = plain(rest_of_answer(entry, OWN, shown))
        assert len(rest) <= SCREEN
        assert len(points) == shown
        points += [line for line in rest.splitlines() if line.startswith("• ")]
    assert len(points) == len(entry.sections["Short answer"])


@ENTRIES
def test_a_sum_or_the_emergency_line_pushes_lines_behind_the_tap_not_off_the_screen(entry: Entry) -> None:
    for due in (None, a_sum(entry)):
        for danger in (0.0, answers.MAYBE_DANGER):
            found = Found(Finding("answer", entry.id, danger=danger), entry, (), due, 7)
            text = answers.message(found, OWN)
            assert len(plain(text)) <= FIRST_SCREEN
            points = [line for line in text.split("\n") if line.startswith("• ")]
            more = data_of(answers.buttons(found, OWN), "rest")
            left = len(entry.sections["Short answer"]) - len(points) - 1
            assert [data.split(":")[1] for data in more] == ([str(len(points) + 1)] if left else [])


@ENTRIES
def test_every_part_is_held_to_a_screen_and_whole(entry: Entry) -> None:
    for code, name in SECTION_CODES.items():
        if name in entry.sections:

            def part(page: int, code: str = code) -> tuple[str, Rows]:
                return section(entry, code, OWN, page)

            whole = pages(part)
            assert sum(len(line) > 0 for line in whole.splitlines()) >= len(entry.sections[name])
            for line in entry.sections[name]:
                opening = plain(line).split("{")[0].replace("**", "").removeprefix("- ").strip()
                assert opening in whole
    listed = pages(lambda page: sources(entry, page))
    assert all(source.document in listed for source in entry.header.sources)


def test_a_page_too_far_is_the_last_one() -> None:
    entry = OWN.guidance.find("strategy-discussion")
    assert entry is not None
    assert section(entry, "s", OWN, 99)[1] == ()


def test_lines_are_dealt_out_in_order_and_a_long_one_stands_alone() -> None:
    assert screens(["a" * 6, "b" * 6, "c" * 30, "d"], 14) == (("a" * 6, "b" * 6), ("c" * 30,), ("d",))
    assert screens([], 14) == ()
    assert fitting(["<b>four</b>", "four"], 10) == 2
    assert fitting(["x" * 50], 10) == 1


@pytest.mark.parametrize(("danger", "first"), [(0.0, False), (0.09, False), (0.1, True), (0.5, True)])
def test_a_chance_of_danger_puts_the_emergency_line_first(danger: float, first: bool) -> None:
    entry, late = OWN.guidance.find("icpc"), "the emergency duty team on 0345 000 001"
    for finding in (
        Finding("answer", "icpc", danger=danger),
        Finding("none", danger=danger),
        Finding("choices", danger=danger),
        Finding("none", small_talk="distress", danger=danger),
    ):
        text = plain(answers.message(Found(finding, entry if finding.entry else None, ()), OWN))
        assert text.startswith("Call 999 now if anyone is in danger.") == first
        if first:
            assert text.splitlines()[1] == f"Then the duty team on 0345 000 000 (out of hours: {late})."
        assert len(text.splitlines()) > (2 if first else 0)


def test_no_verb_of_a_button_is_claimed_by_two_parts() -> None:
    parts = [
        part for part in vars(presses).values() if isinstance(part, ModuleType) and hasattr(part, "VERBS")
    ]
    assert sum(len(part.VERBS) for part in parts) == len(presses.VERBS)


def _lists() -> list[TickList]:
    steps = [
        TickList(entry.id, entry.title, items, (False,) * len(items), None, steps=True)
        for entry in OWN.guidance.entries
        if (items := entry.sections.get("Steps", ()))
    ]
    lists = [
        TickList(name, found.title, found.items, (False,) * len(found.items), None, steps=False)
        for name, found in OWN.checklists.items()
    ]
    return [*steps, *lists]


@pytest.mark.parametrize("shown", _lists(), ids=lambda shown: shown.list_id)
def test_a_list_to_tick_is_a_screen_at_a_time_and_whole(shown: TickList) -> None:
    verb, page, numbers = ("ts" if shown.steps else "tk"), 0, []
    while True:
        text, buttons = tick_page(shown, OWN, page)
        assert len(plain(text)) <= SCREEN
        boxes = [int(data.split(":")[2]) for data in data_of(buttons, verb)]
        assert {page_of(shown, OWN, number) for number in boxes} == {page}
        numbers += boxes
        if not any(data.split(":")[2] == str(page + 1) for data in data_of(buttons, f"{verb}p")):
            break
        page += 1
    assert numbers == list(range(len(shown.items)))
    assert tick_page(shown, OWN, page + 5) == (text, buttons), "a page too far is the last one"


@pytest.mark.parametrize("role", ROLES)
def test_help_is_short_and_the_whole_list_a_tap_away(role: Role) -> None:
    text, buttons = help_text(role)
    whole, none = help_text(role, whole=True)
    assert len(text.splitlines()) <= 10
    assert [button.data for row in buttons for button in row] == ["help:all"]
    assert none == ()
    assert all(f"/{name} " in whole for name, _what in COMMANDS[role])


def test_in_danger_only_the_point_of_the_entry_follows_the_emergency_line() -> None:
    entry = OWN.guidance.find("police-protection")
    found = Found(Finding("urgent", "police-protection", danger=1.0), entry, ())
    first, duty, point, *cited = answers.message(found, OWN).splitlines()
    assert [first, duty] == answers.urgent(OWN).splitlines()
    assert "72 hours" in point
    assert len(cited) == 2
    assert "sec:s:police-protection" in data_of(answers.buttons(found, OWN), "sec")
