"""Strange messages get an ordinary finding and never an error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.finding import EntryText, Finder
from bot.finding.model import Model

STRANGE = [
    "",
    " \n\t ",
    "🙂🙂🙂",
    "?",
    "0",
    "a" * 4_000,
    "conference " * 400,
    "bonjour, je cherche la gare",
    "مرحبا كيف حالك اليوم",
    "שלום מה שלומך",
    "\u202ereversed\u202c text",
    "<b>core group</b> <script>alert(1)</script>",
    "'; DROP TABLE cases; --",
    "&lt;&amp;&#0;",
    "\x00\x01",
    "https://example.org/" + "x" * 500,
    "s47" * 1000,
]


@pytest.mark.parametrize("text", STRANGE)
def test_strange_messages_do_not_break(finder: Finder, text: str) -> None:
    found = finder.find(text)
    assert found.status in ("answer", "choices", "none", "urgent")
    assert 0.0 <= found.score <= 1.0
    assert len(found.candidates) <= 10
    assert (found.entry is not None) == (found.status in ("answer", "urgent"))


@pytest.mark.parametrize("text", ["", " ", "🙂", "مرحبا", "bonjour, je cherche la gare", "a" * 4_000])
def test_what_says_nothing_is_refused(finder: Finder, text: str) -> None:
    assert finder.find(text).status == "none"


def test_markup_around_a_question_changes_nothing(finder: Finder) -> None:
    plain = finder.find("when is the first core group due")
    assert finder.find("<b>when is the</b> first core group due").candidates == plain.candidates


def test_a_long_message_is_answered_in_time(finder: Finder) -> None:
    found = finder.find("The visit went badly and nobody rang back. " * 100)
    assert found.status in ("choices", "none", "answer")


_FINDER = Finder.load([EntryText("icpc", "Initial conference"), EntryText("rcpc", "Review")], Model.shipped())


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_a_finding(text: str) -> None:
    assert _FINDER.find(text).entry in (None, "icpc", "rcpc")
