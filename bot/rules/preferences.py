"""What a person may choose about reminders, as they type it."""

import re
from datetime import date

from bot.rules.dates import BadDate, parse_date, parse_time
from bot.rules.errors import Refusal

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NONE = frozenset({"none", "off", "no", "never"})
_EARLIEST, _LATEST = 5 * 60, 22 * 60


def parse_minute(typed: str) -> int:
    """Minutes after midnight of "8:30", "0830" or "8am"; raises Refusal."""
    text = typed.strip()
    if found := re.fullmatch(r"(\d{1,2})(\d{2})?", text):
        text = f"{found[1]}:{found[2] or '00'}"
    try:
        at = parse_time(text)
    except BadDate:
        raise Refusal(f"“{typed.strip()[:20]}” is no time of day. Type one like 08:30.") from None
    return at.hour * 60 + at.minute


def parse_digest(typed: str) -> int:
    """The minute of the digest, between 05:00 and 22:00; raises Refusal."""
    minute = parse_minute(typed)
    if not _EARLIEST <= minute <= _LATEST:
        raise Refusal("The digest can come between 05:00 and 22:00. Type a time like 08:30.")
    return minute


def parse_quiet(typed: str) -> tuple[int, int]:
    """Quiet hours "18:00-08:00" as two minutes; (0, 0) for none. Raises Refusal."""
    if typed.strip().lower() in _NONE:
        return 0, 0
    parts = re.split(r"\s*(?:-|–|to|until)\s*", typed.strip().lower())
    if len(parts) != 2:
        raise Refusal("Type the quiet hours like 18:00-08:00, or none.")
    start, end = (parse_minute(part) for part in parts)
    if start == end or (end - start) % (24 * 60) > 20 * 60:
        raise Refusal("That leaves no time to reach you. Type the quiet hours like 18:00-08:00, or none.")
    return start, end


def parse_days(typed: str) -> int:
    """Weekdays worked as bits (Monday is 1): "Mon Tue Wed" or "Mon-Wed"; raises Refusal."""
    bits = 0
    for word in re.split(r"[,\s]+", typed.strip().lower()):
        ends = [_weekday(part) for part in word.split("-")]
        if len(ends) > 2 or None in ends:
            raise Refusal(f"“{word[:20]}” is no weekday. Type the days you work, like Mon Tue Wed.")
        first, last = ends[0] or 0, ends[-1] or 0
        bits |= sum(1 << day for day in range(first, last + 1))
    if not bits:
        raise Refusal("At least one day, please: Type the days you work, like Mon Tue Wed.")
    return bits


def _weekday(word: str) -> int | None:
    return next((n for n, day in enumerate(DAYS) if len(word) >= 3 and word.startswith(day.lower())), None)


def parse_away(typed: str, today: date) -> tuple[date, date]:
    """The first and last day of "until 12 Dec" or "7 Dec until 12 Dec"; raises Refusal."""
    text = re.sub(r"^\s*from\s+", "", typed.strip(), flags=re.I)
    before, word, after = _split(text)
    last = parse_date(after if word else before, today, "future")
    first = parse_date(before, today, "future") if word and before else today
    if last < today:
        raise Refusal("That day has passed. Until when are you away? Type a date like 12 Dec.")
    if first > last or first < today:
        raise Refusal("The first day must be today or later, and before the last. Like: 7 Dec until 12 Dec.")
    if (last - first).days > 366:
        raise Refusal("That is more than a year. Until when are you away? Type a date like 12 Dec.")
    return first, last


def _split(text: str) -> tuple[str, str, str]:
    found = re.search(r"(?:^|\s)(?:until|till|to)\s+", text, re.I)
    return (text[: found.start()].strip(), "until", text[found.end() :]) if found else (text, "", "")
