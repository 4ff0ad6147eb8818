"""Short messages that only make sense after an answer, as "who chairs it?" or "what if they refuse?"."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from bot.finding.text import plain

FollowUp = Literal["next", "who", "if", "record", "when", "sources", "steps"]
MOST_WORDS = 9
_START = r"(?:(?:and|so|ok|okay|right|but|then|great|thanks|thank you|cheers|cool|yes|yeah)[\s,.!]+)*"
_END = r"[\s?.!]*"


@cache
def _kinds() -> tuple[tuple[FollowUp, re.Pattern[str]], ...]:
    raw = tomllib.loads((files("bot.finding") / "data" / "follow_ups.toml").read_text("utf-8"))
    joined = {kind: "|".join(patterns) for kind, patterns in raw["patterns"].items()}
    return tuple(
        (cast(FollowUp, kind), re.compile(f"{_START}(?:{pattern.replace('BACK', raw['back'])}){_END}"))
        for kind, pattern in joined.items()
    )


def follow_up(text: str) -> FollowUp | None:
    """What a message asks of the entry shown before it; None for a question of its own."""
    said = plain(text).strip()
    if not said or len(said.split()) > MOST_WORDS:
        return None
    return next((kind for kind, pattern in _kinds() if pattern.fullmatch(said)), None)
