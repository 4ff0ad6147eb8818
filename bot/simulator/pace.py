"""Telegram's pace on the simulator's clock: for each chat, for each group and for all together."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime

from bot.simulator.refusals import too_many

_SECOND, _MINUTE = 1.0, 60.0


class Pace:
    """Sliding windows; a refused message does not count."""

    def __init__(self, clock: Callable[[], datetime], on: bool) -> None:
        self._clock = clock
        self.on = on
        self._sent: dict[object, deque[datetime]] = defaultdict(deque)

    def take(self, chat_id: int, is_group: bool) -> None:
        """Counts one message, or refuses it with the seconds to wait."""
        if not self.on:
            return
        windows: list[tuple[object, int, float]] = [("all", 30, _SECOND), (chat_id, 1, _SECOND)]
        if is_group:
            windows.append((("group", chat_id), 20, _MINUTE))
        now = self._clock()
        wait = max(self._wait(key, most, seconds, now) for key, most, seconds in windows)
        if wait > 0:
            raise too_many(math.ceil(wait))
        for key, _, _ in windows:
            self._sent[key].append(now)

    def _wait(self, key: object, most: int, seconds: float, now: datetime) -> float:
        sent = self._sent[key]
        while sent and (now - sent[0]).total_seconds() >= seconds:
            sent.popleft()
        return seconds - (now - sent[0]).total_seconds() if len(sent) >= most else 0.0
