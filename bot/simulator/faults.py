"""Faults on purpose: outages, slowness, lost connections and 429, the same each time for the same seed."""

import random
from dataclasses import dataclass, field
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
    _dice: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def strikes(self, method: str, given: dict[str, Any]) -> bool:
        """Whether this call meets the fault; counts it if so."""
        if self.count == 0 or not self._concerns(method, given):
            return False
        if self._dice.random() >= self.chance:
            return False
        if self.count is not None:
            self.count -= 1
        return True

    def _concerns(self, method: str, given: dict[str, Any]) -> bool:
        words = f"{given.get('text', '')} {given.get('caption', '')}"
        return (
            (self.method is None or self.method.lower() == method.lower())
            and (self.chat_id is None or str(given.get("chat_id")) == str(self.chat_id))
            and (self.contains is None or self.contains in words)
        )

    def as_json(self) -> Json:
        """For the control interface."""
        return {name: getattr(self, name) for name in _TYPES}


class Faults:
    """The faults that are set, in order; the first that strikes counts."""

    def __init__(self) -> None:
        self.set: list[Fault] = []

    def add(self, wanted: Json) -> Fault:
        """Sets a fault; raises a Refusal when it is not understood."""
        given = {name: value for name, value in wanted.items() if value is not None}
        wrong = [name for name, value in given.items() if not isinstance(value, _TYPES.get(name, ()))]
        if wrong or given.get("kind") not in KINDS:
            raise bad_request(f"a fault has a kind ({', '.join(KINDS)}) and may have {', '.join(_TYPES)}")
        fault = Fault(**given)
        self.set.append(fault)
        return fault

    def for_call(self, method: str, given: dict[str, Any]) -> Fault | None:
        """The fault that this call meets."""
        return next((fault for fault in self.set if fault.strikes(method, given)), None)
