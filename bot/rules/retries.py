"""When a message that could not be sent is tried again."""

from datetime import datetime, timedelta

_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1 / 12, 1, 2, 5, 15, 30, 60, 120, 240, 480, 720))


def next_try(attempts: int, now: datetime) -> datetime | None:
    """The moment of the next try after `attempts` that failed, or None when it is given up."""
    return now + _WAITS[attempts - 1] if attempts <= len(_WAITS) else None
