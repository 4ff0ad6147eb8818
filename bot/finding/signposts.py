"""For a refused question: which known kind it is, so that the person is sent to the right place."""

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    raw = tomllib.loads((files("bot.finding") / "data" / "signposts.toml").read_text("utf-8"))
    return tuple((kind, re.compile("|".join(table["patterns"]))) for kind, table in raw.items())


def signpost(text: str) -> str | None:
    """The kind of a plain text, or None when not sure."""
    return next((kind for kind, pattern in _kinds() if pattern.search(text)), None)
