"""Another way to reckon due dates: sorted lists, bisection and dateutil; it shares no code with ours."""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from tests.rules.official import OFFICIAL

_FIRST, _LAST = date(2024, 1, 1), date(2028, 12, 31)
WORKING = [
    day
    for day in (_FIRST + timedelta(days=n) for n in range((_LAST - _FIRST).days + 1))
    if day.isoweekday() <= 5 and day not in OFFICIAL
]


def forward(start: date, amount: int, *, beginning: bool) -> date:
    """The amount-th working day after the start, or from the start on."""
    at = bisect_left(WORKING, start) if beginning else bisect_right(WORKING, start)
    return WORKING[at + amount - 1]


def back(anchor: date, amount: int) -> date:
    """The amount-th working day before the anchor."""
    return WORKING[bisect_left(WORKING, anchor) - amount]


def months(start: date, amount: int, *, beginning: bool) -> date:
    """The same date, or the month's last; a day less where the start counts and the date exists."""
    found: date = start + relativedelta(months=amount)
    return found - timedelta(days=1) if beginning and found.day == start.day else found


def on_or_before(day: date) -> date:
    """The last working day on or before this one."""
    return WORKING[bisect_right(WORKING, day) - 1]
