"""Updates of one person strictly in order, different people at the same time, nobody in another's way."""

import asyncio
import heapq
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

_AT_ONCE = 256
"""So many people's updates are worked at a time."""
_IN_HAND = 1_000_000
"""The library's own limit, in which people would wait for each other: never reached."""


class Lane:
    """One at a time; of those that wait, the lowest number goes first."""

    def __init__(self) -> None:
        self.busy = False
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = count()

    @asynccontextmanager
    async def turn(self, number: int) -> AsyncIterator[None]:
        """Waits until everything with a lower number that is here is done."""
        if self.busy:
            mine = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (number, next(self._order), mine))
            try:
                await mine
            except asyncio.CancelledError:
                if not mine.cancelled():
                    self._next()
                raise
        self.busy = True
        try:
            yield
        finally:
            self._next()

    def _next(self) -> None:
        while self._waiting:
            _, _, following = heapq.heappop(self._waiting)
            if not following.done():
                following.set_result(None)
                return
        self.busy = False


class PerPersonProcessor(BaseUpdateProcessor):
    """A lane for each person; a person who has hundreds waiting takes one place among the others."""

    def __init__(self) -> None:
        super().__init__(_IN_HAND)
        self._lanes: dict[Hashable, Lane] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)
        self.in_hand: set[int] = set()
        """The numbers of the updates that wait or are being worked."""

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def do_process_update(self, update: object, coroutine: Any) -> None:
        """Waits for the same person's earlier updates, then handles this one."""
        number, key = (update.update_id, lane_of(update)) if isinstance(update, Update) else (0, None)
        lane = self._lanes.setdefault(key, Lane())
        self.in_hand.add(number)
        try:
            async with lane.turn(number), self._places:
                await coroutine
        finally:
            self.in_hand.discard(number)
            if not lane.busy:
                self._lanes.pop(key, None)


def lane_of(update: Update) -> Hashable:
    """The person; what is typed in other chats has a lane of its own, so that it holds up nothing."""
    return account_of(update), update.inline_query is not None


def account_of(update: Update) -> int | None:
    """Whose update it is."""
    user = update.effective_user
    return user.id if user is not None else None
