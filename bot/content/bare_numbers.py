"""Finds numbers with a unit typed into guidance text that a timescale should speak for."""

import re
from collections.abc import Iterator, Set

from bot.rules.placeholders import without
from bot.rules.timescales import Timescale, TimescaleBook, Unit

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "sixteen": 16, "twenty": 20, "thirty": 30,
}  # fmt: skip
_UNITS: dict[str, Unit] = {
    "hour": "hours", "working day": "working-days", "school day": "school-days",
    "day": "days", "week": "weeks", "month": "months", "year": "years",
}  # fmt: skip
_NUMBER = re.compile(
    rf"\b(\d+|{'|'.join(_WORDS)})[\s-]+(working[\s-]day|school[\s-]day|hour|day|week|month|year)s?\b", re.I
)


def bare_numbers(line: str, book: TimescaleBook) -> Iterator[str]:
    """Each "15 working days" in `line`, outside placeholders, that some timescale has as its amount."""
    yield from _typed(line, book.amounts)


def own_numbers(row: Timescale) -> Iterator[str]:
    """Each amount of the row's own limits that is typed into its rule in words."""
    yield from _typed(row.by_when, {(limit.amount, limit.unit) for limit in row.limits})


def _typed(line: str, known: Set[tuple[int, Unit]]) -> Iterator[str]:
    for found in _NUMBER.finditer(without(line)):
        word = found[1].lower()
        amount = _WORDS[word] if word in _WORDS else int(word)
        if (amount, _UNITS[re.sub(r"[\s-]+", " ", found[2].lower())]) in known:
            yield found[0]
