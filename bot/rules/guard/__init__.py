"""The name guard: says which kinds of personal detail a text holds, and never what they are."""

import re
from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np

from bot.rules.guard.context import ContextModel
from bot.rules.guard.names import NameFinder
from bot.rules.guard.patterns import shapes

KINDS = (
    "name", "nhs-number", "national-insurance-number", "date-of-birth",
    "phone", "postcode", "address", "email",
)  # fmt: skip


_PIECE, _OVERLAP = 4096, 100
"""Letters that are read at once: a usual message whole; few texts are longer."""
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
    """The kinds of personal detail in a text of any length, none twice; empty where there is none.

    allowed: words in lower case that may stand here although they are names (colleagues' names).
    """
    pieces = cut_up(_COMMAND.sub(r"\1", text))
    return tuple(dict.fromkeys(kind for piece in pieces for kind in _kinds_in(piece, allowed)))


def cut_up(text: str) -> Iterator[str]:
    """The text in pieces that overlap, cut between words, so that nothing hides where it is cut."""
    at = 0
    while at + _PIECE < len(text):
        end = at + _PIECE
        cut = max(text.rfind(gap, at + _OVERLAP + 1, end) for gap in " \n")
        cut = cut if cut > 0 else end
        yield text[at:cut]
        at = max(text.rfind(gap, at, cut - _OVERLAP) for gap in " \n") + 1 or cut - _OVERLAP
    yield text[at:]


def _kinds_in(text: str, allowed: Collection[str]) -> Iterator[str]:
    words = _phrases().sub(" the law ", text.replace("’", "'"))
    if _model().holds_name(words, allowed):
        yield "name"
    yield from shapes(text)
