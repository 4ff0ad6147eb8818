"""What the page hears of: new and changed messages, answers, calls, the clock."""

import asyncio
from typing import Any

Event = dict[str, Any]
_BEHIND_AT_MOST = 2000


class Events:
    """Every open page has its own queue; None ends it."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Event | None]] = set()

    def publish(self, kind: str, **about: Any) -> None:
        """Tells every listener; one that has fallen far behind is cut off and reads everything anew."""
        for queue in list(self._listeners):
            if queue.qsize() >= _BEHIND_AT_MOST:
                self.leave(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait({"kind": kind, **about})

    @property
    def heard(self) -> bool:
        """Whether anybody listens; drawing a message for nobody would be wasted."""
        return bool(self._listeners)

    def listen(self) -> asyncio.Queue[Event | None]:
        """A new listener's queue."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._listeners.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[Event | None]) -> None:
        """Stops listening."""
        self._listeners.discard(queue)

    def close(self) -> None:
        """Ends every stream."""
        for queue in self._listeners:
            queue.put_nowait(None)
        self._listeners.clear()
