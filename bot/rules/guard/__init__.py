"""The name guard: says which kinds of personal detail a text holds, and never what they are."""

import re
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np

from bot.rules.guard.context import ContextModel
from bot.rules.guard.names import NameFinder
from bot.rules.guard.patterns import shapes

MOST_CHARACTERS = 4096
KINDS = (
    "name", "nhs-number", "national-insurance-number", "date-of-birth",
    "phone", "postcode", "address", "email",
)  # fmt: skip


_COMMAND = re.compile(r"^/(\w+)(?:@\w+)?")
"""A command, perhaps said to one bot by its name: read as the word that it is."""


@cache
def _model() -> NameFinder:
    kept = np.load(BytesIO(files("bot.rules.guard").joinpath("model.npz").read_bytes()))
    lines = bytes(kept["vocabulary"]).decode().split("\n")
    vocabulary = {line[:-1]: int(line[-1]) for line in lines}
    return NameFinder(vocabulary, kept["weights"].astype(np.float32), ContextModel.shipped())


@cache
def _phrases() -> re.Pattern[str]:
    """Laws, cases, institutions and sayings that bear a name."""
    lines = files("bot.rules.guard").joinpath("phrases.txt").read_text("utf-8").splitlines()
    return re.compile(rf"\b(?:{'|'.join(lines)})(?!\w)", re.IGNORECASE)


def personal(text: str, allowed: Collection[str] = ()) -> tuple[str, ...]:
    """The kinds of personal detail in a text, none twice; empty where there is none.

    allowed: words in lower case that may stand here although they are names (colleagues' names).
    """
    text = _COMMAND.sub(r"\1", text[:MOST_CHARACTERS])
    words = _phrases().sub(" the law ", text.replace("’", "'"))
    found = ["name"] if _model().holds_name(words, allowed) else []
    return tuple(found + list(dict.fromkeys(shapes(text))))
