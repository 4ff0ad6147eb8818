"""The demonstration begins when people are at work, so that nothing seems to be held back."""

from datetime import datetime, timedelta
from itertools import count

import pytest

from bot.demo import clock_at_work, in_office_hours
from bot.services.office import Office


@pytest.mark.parametrize(
    ("opened", "begins"),
    [
        ("2026-11-26T23:30+00:00", "2026-11-27T09:00+00:00"),  # Thursday night
        ("2026-11-27T19:00+00:00", "2026-11-30T09:00+00:00"),  # Friday evening
        ("2026-11-25T12:34+00:00", "2026-11-25T12:34+00:00"),  # Wednesday noon
        ("2026-12-24T20:00+00:00", "2026-12-29T09:00+00:00"),  # Christmas Eve, with a substitute day
        ("2026-07-01T05:00+00:00", "2026-07-01T08:00+00:00"),  # a summer's morning: nine by the clock
    ],
)
def test_it_begins_in_office_hours(office: Office, opened: str, begins: str) -> None:
    assert in_office_hours(datetime.fromisoformat(opened), office) == datetime.fromisoformat(begins)


@pytest.mark.parametrize(
    ("opened", "begins"),
    [
        ("2026-11-25T12:34+00:00", "2026-11-25T12:34+00:00"),
        ("2026-11-26T23:30+00:00", "2026-11-27T09:00+00:00"),
    ],
)
def test_its_clock_runs_on_while_it_is_set(office: Office, opened: str, begins: str) -> None:
    first, seconds = datetime.fromisoformat(opened), count()

    def real() -> datetime:
        """A second later at each look, as a real clock is never the same twice."""
        return first + timedelta(seconds=next(seconds))

    clock = clock_at_work(real, office)
    assert timedelta(0) < clock() - datetime.fromisoformat(begins) <= timedelta(seconds=5)
