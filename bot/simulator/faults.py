"""Faults on purpose: outages, slowness, lost connections and 429, the same each time for the same seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.simulator.model import Json
from bot.simulator.refusals import bad_request

KINDS = ("outage", "slow", "drop-before", "drop-after", "too-many")
_TYPES: dict[str, type | tuple[type, ...]] = {
    "kind": str,
    "method": str,
    "chat_id": int,
    "contains": str,
    "count": int,
    "seconds": (int, float),
    "chance": (int, float),
    "seed": int,
}


@dataclass(slots=True)
class Fault:
    """What goes wrong, for which calls and how often."""

    kind: str
    method: str | None = None
    chat_id: int | None = None
    contains: str | None = None
    count: int | None = None
    seconds: float = 1.0
    chance: float = 1.0
    seed: int = 0
    number: int = 0
    _dice: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def strikes(self, method: str, given: dict[str, Any]) -> bool:
        """Whether this call meets the fault; counts it if so."""
        if not self._concerns(method, given) or self._dice.random() >= self.chance:
            return False
        if self.count is not None:
            self.count -= 1
        return True

    @property
    def spent(self) -> bool:
        """Whether it has struck as often as was wanted."""
        return self.count is not None and self.count <= 0

    def _concerns(self, method: str, given: dict[str, Any]) -> bool:
        words = f"{given.get('text', '')} {given.get('caption', '')}"
        return (
            (self.method is None or self.method.lower() == method.lower())
            and (self.chat_id is None or str(given.get("chat_id")) == str(self.chat_id))
            and (self.contains is None or self.contains in words)
        )

    def as_json(self) -> Json:
        """For the control interface."""
        return {"number": self.number, **{name: getattr(self, name) for name in _TYPES}}


class Faults:
    """The faults that are set, in order; the first that strikes counts, and one that is spent goes."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self._set: list[Fault] = []
        self._numbers = count(1)
        self._changed = changed

    def add(self, wanted: Json) -> Fault:
        """Sets a fault; raises a Refusal when it is not understood."""
        given = {name: value for name, value in wanted.items() if value is not None}
        wrong = [name for name, value in given.items() if not _fits(name, value)]
        if wrong or given.get("kind") not in KINDS:
            raise bad_request(f"a fault has a kind ({', '.join(KINDS)}) and may have {', '.join(_TYPES)}")
        if given.get("count", 1) < 1 or given.get("seconds", 0) < 0 or not 0 < given.get("chance", 1) <= 1:
            raise bad_request(
                "a fault's count is 1 or more, its seconds 0 or more, its chance above 0 up to 1"
            )
        fault = Fault(**given, number=next(self._numbers))
        self._set.append(fault)
        self._changed()
        return fault

    def remove(self, number: int) -> None:
        """Takes one away, if it is still there."""
        self._set = [fault for fault in self._set if fault.number != number]
        self._changed()

    def clear(self) -> None:
        """Takes all away."""
        self._set.clear()
        self._changed()

    def for_call(self, method: str, given: dict[str, Any]) -> Fault | None:
        """The fault that this call meets."""
        met = next((fault for fault in self._set if fault.strikes(method, given)), None)
        if met is not None and met.count is not None:
            self._set = [fault for fault in self._set if not fault.spent]
            self._changed()
        return met

    def as_json(self) -> list[Json]:
        """The faults still to come."""
        return [fault.as_json() for fault in self._set]


def _fits(name: str, value: Any) -> bool:
    return isinstance(value, _TYPES.get(name, ())) and not isinstance(value, bool)
