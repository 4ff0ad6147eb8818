"""The log of API calls, refusals marked."""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.simulator.description import Upload
from bot.simulator.events import Events
from bot.simulator.model import Json

_KEPT = 5000
_SHOWN = 300


class CallLog:
    """The newest calls; numbers go on for ever."""

    def __init__(self, clock: Callable[[], datetime], events: Events) -> None:
        self._clock = clock
        self._events = events
        self._calls: deque[Json] = deque(maxlen=_KEPT)
        self._number = 0

    def note(self, method: str, given: dict[str, Any], answer: Json, milliseconds: float) -> None:
        """Records a call; a poll that brought nothing is no news."""
        if method == "getUpdates" and answer.get("ok") and not answer.get("result"):
            return
        self._number += 1
        call = {
            "number": self._number,
            "at": self._clock().isoformat(timespec="milliseconds"),
            "method": method,
            "chat_id": given.get("chat_id"),
            "given": {name: _short(value) for name, value in given.items()},
            "ok": bool(answer.get("ok")),
            "error_code": answer.get("error_code"),
            "description": answer.get("description"),
            "milliseconds": round(milliseconds, 2),
        }
        self._calls.append(call)
        self._events.publish("call", call=call)

    def since(self, number: int) -> list[Json]:
        """Calls after this number, the oldest first."""
        return [call for call in self._calls if call["number"] > number]


def _short(value: Any) -> str:
    if isinstance(value, Upload):
        return f"<file {value.name}, {len(value.content)} bytes>"
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
