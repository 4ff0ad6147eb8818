"""Dates as people type and read them."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.dates import BadDate, parse_date, parse_moment, show_date
from tests.days import day

TODAY = day("Thu 2026-11-26")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-11-03", "Tue 2026-11-03"), ("3/11", "Tue 2026-11-03"), ("3/11/26", "Tue 2026-11-03"),
        ("03/11/2026", "Tue 2026-11-03"),
        ("3 Nov", "Tue 2026-11-03"), ("3rd November 2026", "Tue 2026-11-03"),
        ("Tuesday 3 Nov", "Tue 2026-11-03"), ("today", "Thu 2026-11-26"), ("Yesterday", "Wed 2026-11-25"),
        ("last Tue", "Tue 2026-11-24"), ("tues", "Tue 2026-11-24"), ("last thursday", "Thu 2026-11-19"),
        ("20 Dec 2025", "Sat 2025-12-20"),
    ],
)  # fmt: skip
def test_a_day_that_has_been(typed: str, expected: str) -> None:
    assert parse_date(typed, TODAY) == day(expected)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("fri", "Fri 2026-11-27"),
        ("5/12", "Sat 2026-12-05"),
        ("3/1", "Sun 2027-01-03"),
        ("next tue", "Tue 2026-12-01"),
    ],
)
def test_a_day_to_come(typed: str, expected: str) -> None:
    assert parse_date(typed, TODAY, "future") == day(expected)


@pytest.mark.parametrize(
    "typed", ["31/2", "foo", "", "32 Nov", "11/13", "3 Nov 12 13", "<b>", "tuesday week" * 40]
)
def test_what_is_no_date_is_refused_in_one_sentence(typed: str) -> None:
    with pytest.raises(BadDate, match="as a date"):
        parse_date(typed, TODAY)


def test_january_seen_from_early_in_the_year_leans_back() -> None:
    assert parse_date("20/12", day("Tue 2027-01-05")) == day("Sun 2026-12-20")


def test_a_clock_time_is_read() -> None:
    assert parse_moment("3/11 14:30", TODAY) == (day("Tue 2026-11-03"), time(14, 30))
    assert parse_moment("today at 9.15", TODAY) == (TODAY, time(9, 15))
    assert parse_moment("today 9.15am", TODAY) == (TODAY, time(9, 15))
    assert parse_moment("3rd of Nov 2026 at 2 pm", TODAY) == (day("Tue 2026-11-03"), time(14))
    with pytest.raises(BadDate):
        parse_moment("tue 3.11", TODAY)  # the third of November, not eleven past three
    with pytest.raises(BadDate):
        parse_moment("today 25:00", TODAY)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_what_is_shown_can_be_typed_back(when: date) -> None:
    assert parse_date(show_date(when), TODAY) == when


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_a_refusal(typed: str) -> None:
    try:
        found = parse_date(typed, TODAY)
    except BadDate:
        return
    assert isinstance(found, date)
