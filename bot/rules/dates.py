"""Dates as people in the UK type and read them: day first, weekday always shown."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.rules.deadlines import Moment
from bot.rules.errors import Refusal

Lean = Literal["past", "future"]
"""Which way a date without a year, or a bare weekday, leans."""

ACCEPTED = "3/11, 3 Nov, 2026-11-03, today, yesterday or last Tue"
_MOST_DATE_WORDS = 7
"""Tue 3rd of Nov 2026 at 14:30."""
_HALF_A_YEAR = timedelta(days=183)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS_IN_FULL = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS_IN_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SLASHES = re.compile(r"(\d{1,2})[/.\-](\d{1,2})(?:[/.\-](\d{2}|\d{4}))?")
_WORDS = re.compile(r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]+),?(?: (\d{2}|\d{4}))?")
_CLOCK = re.compile(
    r"(?:,? at |,? |t)(\d{1,2}:\d{2}|\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm))$|,? at (\d{1,2}\.\d{2})$"
)
"""A clock time at the end; with a full stop only after "at": 3.11 alone is a day."""


class BadDate(Refusal):
    """What was typed is no date; the text says what is accepted."""

    def __init__(self, typed: str) -> None:
        super().__init__(f"I can't read “{typed.strip()[:40]}” as a date. Try {ACCEPTED}.")


def parse_date(typed: str, today: date, lean: Lean = "past") -> date:
    """The day that `typed` names, seen from `today`; raises BadDate."""
    text = " ".join(typed.lower().split())
    day = _relative(text, today) or _weekday(text, today, lean) or _written(text, today, lean)
    if day is None:
        raise BadDate(typed)
    return day


def parse_moment(typed: str, today: date, lean: Lean = "past") -> tuple[date, time | None]:
    """A day and, where one is given as 14:30 or 2pm, the clock time; raises BadDate."""
    text = " ".join(typed.lower().split())
    found = _CLOCK.search(text)
    if found is None:
        return parse_date(typed, today, lean), None
    try:
        return parse_date(text[: found.start()], today, lean), parse_time(found[1] or found[2])
    except BadDate:
        raise BadDate(typed) from None


def parse_time(typed: str) -> time:
    """A clock time: 14:30, 9.15, 2pm; raises BadDate."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", typed.strip().lower())
    if found is None or (found[2] is None and found[3] is None):
        raise BadDate(typed)
    hour = int(found[1]) % 12 + (12 if found[3] == "pm" else 0) if found[3] else int(found[1])
    try:
        return time(hour, int(found[2] or 0))
    except ValueError:
        raise BadDate(typed) from None


def leading_date(words: list[str], today: date, lean: Lean = "past") -> Iterator[tuple[date, list[str]]]:
    """Each way to read the last words as a date, a clock time with it or not, longest first.

    Yields (the date, the words before it).
    """
    for size in range(min(_MOST_DATE_WORDS, len(words)), 0, -1):
        try:
            yield parse_moment(" ".join(words[-size:]), today, lean)[0], words[:-size]
        except BadDate:
            continue


def _relative(text: str, today: date) -> date | None:
    days = {"today": 0, "now": 0, "yesterday": -1, "tomorrow": 1, "day before yesterday": -2}.get(text)
    return None if days is None else today + timedelta(days=days)


def _weekday(text: str, today: date, lean: Lean) -> date | None:
    words = text.split()
    name = words[-1] if words else ""
    if not 1 <= len(words) <= 2 or (len(words) == 2 and words[0] not in ("last", "next", "this", "on")):
        return None
    wanted = next((i for i, d in enumerate(_DAYS) if name == _DAYS_IN_FULL[i] or _is_short(name, d)), None)
    if wanted is None:
        return None
    backward = words[0] == "last" or (words[0] in (name, "on") and lean == "past")
    if backward:
        return today - timedelta(days=(today.weekday() - wanted) % 7 or 7)
    return today + timedelta(days=(wanted - today.weekday()) % 7 or 7)


def _is_short(name: str, day: str) -> bool:
    return name == day or (
        len(name) in (4, 5) and name in ("tues", "weds", "thur", "thurs") and name[:3] == day
    )


def _written(text: str, today: date, lean: Lean) -> date | None:
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return _make(int(found[1]), int(found[2]), int(found[3]))
    if found := _SLASHES.fullmatch(text):
        return _with_year(found[3], int(found[2]), int(found[1]), today, lean)
    found = _WORDS.fullmatch(text)
    month = _month(found[2]) if found else None
    if found is None or month is None:
        return None
    return _with_year(found[3], month, int(found[1]), today, lean)


def _month(word: str) -> int | None:
    if word == "sept":
        return 9
    for number, (short, full) in enumerate(zip(_MONTHS, _MONTHS_IN_FULL, strict=True), 1):
        if word in (short, full):
            return number
    return None


def _with_year(year: str | None, month: int, day: int, today: date, lean: Lean) -> date | None:
    if year is not None:
        return _make(int(year) + (2000 if len(year) == 2 else 0), month, day)
    here = _make(today.year, month, day)
    if lean == "past" and (here is None or here > today):
        other = _make(today.year - 1, month, day)
        return other if other and today - other <= _HALF_A_YEAR else here
    if lean == "future" and (here is None or here < today):
        other = _make(today.year + 1, month, day)
        return other if other and other - today <= _HALF_A_YEAR else here
    return here


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def show_date(day: date) -> str:
    """Tue 3 Nov 2026."""
    return f"{_DAYS[day.weekday()].title()} {day.day} {_MONTHS[day.month - 1].title()} {day.year}"


def show_day(day: date) -> str:
    """Tue 3 Nov, for lists where the year is plain."""
    return f"{_DAYS[day.weekday()].title()} {day.day} {_MONTHS[day.month - 1].title()}"


def show_moment(moment: Moment) -> str:
    """A date, or a date with its clock time: Tue 3 Nov 2026, 14:30."""
    if isinstance(moment, datetime):
        return f"{show_date(moment.date())}, {moment:%H:%M}"
    return show_date(moment)
