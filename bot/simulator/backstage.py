"""What a demonstration lends to the simulator, which knows nothing of the bot itself."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.simulator.scenes import Scene


@dataclass(frozen=True, slots=True)
class Backstage:
    """Everything may be left out; the page then does without."""

    scenes: Sequence[Scene] = ()
    next_moment: Callable[[], Awaitable[datetime | None]] | None = None
    """When the bot will next speak up unasked, or None when nothing is planned."""
    settle: Callable[[], Awaitable[object]] | None = None
    """Lets the bot do at once what the clock has made due; returns when it has."""
    props: Mapping[str, Callable[[str], Awaitable[str]]] = field(default_factory=dict)
    """Words that only the demonstration can give: {code:worker} in a scene asks props["code"]("worker")."""
