"""The demonstration's clock moves forward only and can stand still."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.simulator.clock import VirtualClock
from bot.simulator.driver import Sim
from tests.simulator.conftest import START


class Real:
    """A real clock in the test's hand."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


def test_it_runs_on_from_where_it_was_moved_to() -> None:
    real = Real(START)
    clock = VirtualClock(real)
    clock.move_to(START + timedelta(days=3))
    real.moment += timedelta(minutes=5)
    assert clock() == START + timedelta(days=3, minutes=5)


def test_it_never_goes_back() -> None:
    clock = VirtualClock(Real(START))
    with pytest.raises(ValueError, match="only moves forward"):
        clock.move_to(START - timedelta(seconds=1))
    with pytest.raises(ValueError, match="time zone"):
        clock.move_to(datetime(2027, 1, 1))  # noqa: DTZ001 -- a naive moment is what must be refused
    assert clock() == START


def test_it_stands_still_and_goes_on_without_a_jump() -> None:
    real = Real(START)
    clock = VirtualClock(real)
    clock.freeze()
    real.moment += timedelta(hours=2)
    assert clock() == START
    clock.move_to(START + timedelta(hours=1))
    assert clock() == START + timedelta(hours=1)
    clock.resume()
    real.moment += timedelta(minutes=1)
    assert clock() == START + timedelta(hours=1, minutes=1)


def test_listeners_hear_of_each_move() -> None:
    clock = VirtualClock(Real(START))
    heard: list[datetime] = []
    clock.listeners.append(lambda: heard.append(clock()))
    clock.move_to(START + timedelta(days=1))
    assert heard == [START + timedelta(days=1)]


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-03T10:00+00:00", "2026-11-04T08:30+00:00"),
        ("2026-11-03T08:29+00:00", "2026-11-03T08:30+00:00"),
        ("2026-11-03T08:30+00:00", "2026-11-04T08:30+00:00"),
        ("2026-10-24T12:00+00:00", "2026-10-25T08:30+00:00"),  # the clocks go back in the night
        ("2026-07-01T12:00+00:00", "2026-07-02T07:30+00:00"),  # summer time
    ],
)
def test_the_next_morning_is_half_past_eight_in_london(now: str, morning: str) -> None:
    clock = VirtualClock(Real(datetime.fromisoformat(now)))
    assert clock.next_morning() == datetime.fromisoformat(morning)


async def test_it_is_moved_over_http(sim: Sim) -> None:
    assert await sim.now() == START
    assert await sim.move_clock("next-morning") == datetime(2026, 11, 4, 8, 30, tzinfo=UTC)
    assert await sim.move_clock(hours=1, minutes=30) == datetime(2026, 11, 4, 10, 0, tzinfo=UTC)
    assert await sim.move_clock("2026-11-05T09:00") == datetime(2026, 11, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("to", ["2026-11-01T00:00:00+00:00", "soon", "2026-13-01"])
async def test_a_move_back_or_to_nowhere_is_refused(sim: Sim, to: str) -> None:
    with pytest.raises(AssertionError, match="refused \\(400\\)"):
        await sim.move_clock(to)
    assert await sim.now() == START
