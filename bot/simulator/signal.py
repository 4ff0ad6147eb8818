"""Lets coroutines wait until something has changed."""

import asyncio
from collections.abc import Callable


class Signal:
    """notify() wakes everybody; until() goes on when its condition holds."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Wakes whoever waits."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """True as soon as the condition holds, False when the time is up."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not ready():
            left = end - loop.time()
            if left <= 0:
                return False
            future: asyncio.Future[None] = loop.create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait((future,), timeout=left)
            finally:
                self._waiting.discard(future)
        return True
