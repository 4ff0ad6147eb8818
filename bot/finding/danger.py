"""Signs of danger that is happening now, and of what only sounds like it."""

import re
import tomllib
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

_SHORT = 14


@cache
def _concepts() -> dict[str, tuple[re.Pattern[str], ...]]:
    raw = tomllib.loads((files("bot.finding") / "data" / "danger.toml").read_text("utf-8"))
    return {side: tuple(re.compile(pattern) for pattern in table.values()) for side, table in raw.items()}


def danger_signs(text: str) -> NDArray[np.float64]:
    """Each concept of a plain text as 0 or 1, and how they meet."""
    hits = {
        side: [float(bool(pattern.search(text))) for pattern in patterns]
        for side, patterns in _concepts().items()
    }
    harm, now, calm = (sum(hits[side]) for side in ("harm", "now", "calm"))
    asked = float("?" in text)
    meeting = [
        min(harm, 3.0),
        min(now, 3.0),
        min(calm, 3.0),
        min(harm, 2.0) * min(now, 2.0),
        float(harm > 0 and calm == 0),
        float(harm > 0 and now > 0 and calm == 0),
        float(harm > 1 and now > 1),
        asked,
        float(len(text.split()) <= _SHORT),
        1.0,
    ]
    return np.array(hits["harm"] + hits["now"] + hits["calm"] + meeting)


def danger_signals(text: str, learnt: float, second: float | None = None) -> NDArray[np.float64]:
    """What the alarm weighs: the signs, what the words alone say, and a second opinion if there is one."""
    said = [learnt] if second is None else [learnt, second]
    return np.append(danger_signs(text), np.clip(said, -12.0, 8.0))
