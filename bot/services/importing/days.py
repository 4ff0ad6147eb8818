"""Dates and times as case systems and spreadsheets write them: always with a year, never “yesterday”."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.rules.dates import BadDate, parse_date
from bot.services.importing.report import BadField

DATES = "3/11/2026, 3 Nov 2026, 03-Nov-2026, 2026-11-03 (each also with 14:30), or a spreadsheet's day number"
TIMES = "14:30, 2:30 pm, or nothing"
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SERIALS = range(20_000, 80_000)
"""Spreadsheet day numbers of the years 1954 to 2119: a longer or shorter number is something else."""
_DAY_ZERO = date(1899, 12, 30)
_SHARE_OF_A_DAY = re.compile(r"0?\.\d+")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2}(?:[.,]\d+)?)?(?: ?([ap])\.?m\.?)?", re.IGNORECASE)
_WITH_CLOCK = re.compile(rf"(.+?)(?: |t|, ?| at )({_CLOCK.pattern})", re.IGNORECASE)
_WITH_YEAR = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{2}|\d{4})|.*[a-z]+,? (?:\d{2}|\d{4})",
    re.IGNORECASE,
)
_DASHES_ROUND_A_MONTH = re.compile(r"(?<=\d)-(?=[a-z])|(?<=[a-z])-(?=\d)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def parse_day(given: str, time_given: str, today: date, zone: ZoneInfo) -> tuple[date, time | None]:
    """The day and, where one is given, the clock time in `zone`; raises BadField.

    Midnight is how case systems write “no time”, so it is none.
    """
    text = " ".join(given.split())
    day, clock = _serial(text) or _with_offset(text, zone) or _in_words(given, text, today)
    clock = _time(time_given) or clock
    return day, None if clock == time(0) else clock


def from_serial(number: float, day_zero: date = _DAY_ZERO) -> tuple[date, time]:
    """The day and the time, to the minute, that a spreadsheet means by this number."""
    days, minutes = divmod(round(number * 24 * 60), 24 * 60)
    return day_zero + timedelta(days=days), time(*divmod(minutes, 60))


def _serial(text: str) -> tuple[date, time | None] | None:
    if not _SERIAL.fullmatch(text) or int(float(text)) not in _SERIALS:
        return None
    return from_serial(float(text))


def _with_offset(text: str, zone: ZoneInfo) -> tuple[date, time | None] | None:
    """2026-11-03T14:30:00Z: a moment that says its own offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    here = moment.astimezone(zone)
    return here.date(), here.time().replace(second=0, microsecond=0)


def _in_words(given: str, text: str, today: date) -> tuple[date, time | None]:
    found = _WITH_CLOCK.fullmatch(text)
    words = _DASHES_ROUND_A_MONTH.sub(" ", found[1] if found else text)
    if not _WITH_YEAR.fullmatch(words):
        why = "the year is missing" if _is_date(words, today) else "not a date that I can read"
        raise BadField("date", given, why, DATES)
    try:
        return parse_date(words, today), _time(found[2]) if found else None
    except BadDate:
        raise BadField("date", given, "not a date that I can read", DATES) from None


def _is_date(words: str, today: date) -> bool:
    try:
        parse_date(words, today)
    except BadDate:
        return False
    return True


def _time(given: str) -> time | None:
    """None for nothing; raises BadField."""
    text = given.strip()
    if not text:
        return None
    if _SHARE_OF_A_DAY.fullmatch(text):
        return from_serial(float(text))[1]
    found = _CLOCK.fullmatch(text)
    hour = int(found[1]) if found else 24
    if found and found[3]:
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0) if 1 <= hour <= 12 else 24
    try:
        return time(hour, int(found[2]) if found else 0)
    except ValueError:
        raise BadField("time", given, "not a time that I can read", TIMES) from None
