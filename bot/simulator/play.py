"""A scene under way: what has been played, what comes next."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.simulator.model import Json
from bot.simulator.refusals import Refusal
from bot.simulator.scenes import Scene, Step

_PROP = re.compile(r"\{([a-z]+)(?::([^{}]+))?\}")
Props = Mapping[str, Callable[[str], Awaitable[str]]]


@dataclass(slots=True)
class Play:
    """A scene under way."""

    scene: Scene
    number: int
    """The how-manieth play since the start; {n} in the scene, so that references differ."""
    troubles: list[str] = field(default_factory=list)
    """One for each step played: empty when it went as told."""

    @property
    def next_step(self) -> Step | None:
        """What comes now."""
        at = len(self.troubles)
        return self.scene.steps[at] if at < len(self.scene.steps) else None

    def as_json(self) -> Json:
        """For the page: what was, what comes."""
        return {
            "id": self.scene.id,
            "title": self.scene.title,
            "over": self.next_step is None,
            "steps": [
                {
                    "number": number,
                    "tell": step.tell,
                    "who": step.who or next(iter(step.sees), ""),
                    "learn": step.learn if number <= len(self.troubles) else "",
                    "state": self._state(number),
                    "trouble": self.troubles[number - 1] if number <= len(self.troubles) else "",
                }
                for number, step in enumerate(self.scene.steps, 1)
            ],
        }

    def _state(self, number: int) -> str:
        if number > len(self.troubles):
            return "next" if number == len(self.troubles) + 1 else "later"
        return "failed" if self.troubles[number - 1] else "done"

    async def filled(self, words: str, today: date, props: Props) -> str:
        """The words with {n} as the play's number, {day:-11} as a date, the rest from the demonstration."""
        filled, at = "", 0
        for prop in _PROP.finditer(words):
            filled += words[at : prop.start()] + await self._prop(prop[1], prop[2] or "", today, props)
            at = prop.end()
        return filled + words[at:]

    async def _prop(self, name: str, about: str, today: date, props: Props) -> str:
        if name == "n":
            return f"{self.number:02d}"
        if name == "day":
            return f"{today + timedelta(days=int(about)):%d/%m/%Y}"
        if name not in props:
            raise Refusal(409, f"nobody has given {{{name}}} to this scene")
        return await props[name](about)
