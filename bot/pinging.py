"""A dead man's switch: tells an address outside, about once a minute, that the work is being done.

Whoever watches that address raises the alarm when the pings stay away.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import httpx
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.pulse import Pulse
from storage.database import Database
from storage.reconciling import counts

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=1)
LATE = timedelta(minutes=10)
_LOOK_EVERY = 5.0
_PATIENCE = 10.0


class Pinger:
    """Pings after a healthy tick, at most once a minute; only the process that leads does."""

    def __init__(self, address: str, database: Database, pulse: Pulse, client: httpx.AsyncClient) -> None:
        self._address, self._database, self._pulse, self._client = address, database, pulse, client
        self._pinged_at: datetime | None = None
        self._tick_told: datetime | None = None

    async def look(self, now: datetime) -> bool:
        """Pings where it is time and all is well; True where the ping arrived."""
        ticked = self._pulse.planned_at
        if not self._pulse.leading or ticked is None or ticked == self._tick_told:
            return False
        if self._pinged_at is not None and now - self._pinged_at < EVERY:
            return False
        try:
            async with self._database.transaction() as session:
                late = (await counts(session, now - LATE)).late
            if late:
                return False
            self._pinged_at, self._tick_told = now, ticked
            return (await self._client.get(self._address)).is_success
        except (SQLAlchemyError, OSError, httpx.HTTPError) as error:
            log.warning("no ping: %s", type(error).__name__)
            return False


@asynccontextmanager
async def pinging(address: str, database: Database, pulse: Pulse, clock: Clock) -> AsyncIterator[None]:
    """Pings until the block is left; does nothing without an address."""
    if not address:
        yield
        return
    async with httpx.AsyncClient(timeout=_PATIENCE) as client:
        task = asyncio.create_task(_keep_looking(Pinger(address, database, pulse, client), clock))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _keep_looking(pinger: Pinger, clock: Clock) -> None:
    while True:
        await pinger.look(clock())
        await asyncio.sleep(_LOOK_EVERY)
