"""The demonstration's clock: real time plus an offset, moved forward by hand; it can also stand still."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Europe/London")
MORNING = time(8, 30)


class VirtualClock:
    """Callable: the demonstration's moment, aware, in UTC. It never goes back."""

    def __init__(self, real: Callable[[], datetime]) -> None:
        self._real = real
        self._offset = timedelta()
        self._frozen_at: datetime | None = None
        self.listeners: list[Callable[[], None]] = []
        """Called after each move."""

    def __call__(self) -> datetime:
        return self._frozen_at if self._frozen_at is not None else self._real() + self._offset

    def move_to(self, when: datetime) -> None:
        """Jumps forward to a moment; an earlier one raises ValueError."""
        if when.tzinfo is None:
            raise ValueError("the moment needs a time zone")
        now = self()
        if when < now:
            raise ValueError(
                f"the clock only moves forward: it is {now.isoformat(timespec='seconds')} already"
            )
        self._offset += when - now
        if self._frozen_at is not None:
            self._frozen_at = when.astimezone(UTC)
        for listener in list(self.listeners):
            listener()

    def freeze(self) -> None:
        """Stands still until resumed or moved."""
        self._frozen_at = self()

    def resume(self) -> None:
        """Runs on from the moment at which it stood."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - self._real()
            self._frozen_at = None

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen_at is not None

    def next_morning(self) -> datetime:
        """The next 08:30 in the office that is still to come."""
        local = self().astimezone(OFFICE)
        morning = datetime.combine(local.date(), MORNING, OFFICE)
        if morning <= local:
            morning = datetime.combine(local.date() + timedelta(days=1), MORNING, OFFICE)
        return morning.astimezone(UTC)
