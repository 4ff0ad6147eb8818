"""Kinds of question that are refused, so that the person is sent to the right place."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Signpost:
    """A known kind of refused question. `always`: refused even where an entry seems to fit."""

    kind: str
    always: bool


@cache
def _kinds() -> tuple[tuple[Signpost, re.Pattern[str]], ...]:
    raw = tomllib.loads((files("bot.finding") / "data" / "signposts.toml").read_text("utf-8"))
    return tuple(
        (Signpost(kind, table.get("always", False)), re.compile("|".join(table["patterns"])))
        for kind, table in raw.items()
    )


def signpost(text: str) -> Signpost | None:
    """The kind of a plain text, or None when not sure."""
    return next((post for post, pattern in _kinds() if pattern.search(text)), None)
