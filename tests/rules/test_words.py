"""References, placeholders, redaction, action messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.errors import Refusal
from bot.rules.placeholders import Placeholder, fill, placeholders
from bot.rules.redaction import redacted
from bot.rules.references import BadReference, ReferencePattern, UnsafePattern
from bot.rules.supervision import complete, parse_fields, vague_words
from bot.texts.html import esc, plain
from tests.days import day

TODAY = day("Thu 2026-11-26")


def test_a_reference_is_kept_in_upper_case() -> None:
    assert ReferencePattern().parse(" cp-1042 ") == "CP-1042"


@pytest.mark.parametrize(
    "typed", ["Sam", "Mary-Ann", "O'Brien", "the smith family", "CP-", "1042", "", "CP-1042 Sam"]
)
def test_what_is_no_reference_is_refused(typed: str) -> None:
    with pytest.raises(BadReference):
        ReferencePattern().parse(typed)


def test_something_like_a_name_is_refused_as_one() -> None:
    with pytest.raises(BadReference, match="looks like a name"):
        ReferencePattern().parse("Sam")


@pytest.mark.parametrize("pattern", [r"\w+", r".*", r"[A-Z]+", r"[A-Za-z' -]{2,}", "("])
def test_a_pattern_that_a_name_would_match_is_refused(pattern: str) -> None:
    with pytest.raises(UnsafePattern):
        ReferencePattern(pattern)


def test_a_reference_is_found_inside_a_sentence() -> None:
    assert ReferencePattern().find("for cp-1042 please") == "CP-1042"
    assert ReferencePattern().find("abccp-1042") is None


def test_placeholders_are_read_and_filled() -> None:
    text = "By {clock:icpc}; {amount:lac-review-decisions#record} {unverified}"
    assert list(placeholders(text)) == [
        Placeholder("clock", "icpc"),
        Placeholder("amount", "lac-review-decisions", "record"),
        Placeholder("unverified"),
    ]
    assert fill("a {plain:24 hours} b", lambda mark: mark.name.upper()) == "a 24 HOURS b"


def test_only_words_of_the_guidance_are_kept_of_a_question() -> None:
    kept = redacted("is Tyler Brown 3/4/15 seen alone?", frozenset({"is", "seen", "alone"}))
    assert kept == "is … seen alone"


@given(st.text(max_size=300))
def test_redaction_keeps_nothing_outside_the_vocabulary(text: str) -> None:
    kept = redacted(text, frozenset({"visit", "the"}))
    assert set(kept.split()) <= {"visit", "the", "…"}


@given(st.text(max_size=300))
def test_escaping_is_undone_by_reading(text: str) -> None:
    assert plain(esc(text)) == text


MESSAGE = """to: Worker A
do: two direct-work sessions
why: so that the plan says what she thinks
measure: sessions recorded, her words in the plan
by: Fri 11 Dec"""


def test_a_whole_action_in_one_message() -> None:
    draft = complete(parse_fields(MESSAGE), TODAY)
    assert (draft.to, draft.what, draft.due_on) == (
        "Worker A",
        "two direct-work sessions",
        day("Fri 2026-12-11"),
    )


@pytest.mark.parametrize("name", ["to", "do", "why", "measure", "by"])
def test_a_missing_part_is_named(name: str) -> None:
    lines = "\n".join(line for line in MESSAGE.splitlines() if not line.startswith(f"{name}:"))
    with pytest.raises(Refusal, match=f"Still missing: {name}:"):
        complete(parse_fields(lines), TODAY)


def test_a_date_that_has_passed_is_refused() -> None:
    with pytest.raises(Refusal, match="has passed"):
        complete(parse_fields(MESSAGE.replace("Fri 11 Dec", "2026-11-20")), TODAY)


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("do it ASAP", "ASAP"),
        ("ongoing support", "ongoing"),
        ("monitor the home", "monitor"),
        ("two visits", None),
    ],
)
def test_vague_words_are_pointed_out(text: str, vague: str | None) -> None:
    found = vague_words(text)
    assert (found[0] if found else None) == vague
