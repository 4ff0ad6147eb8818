"""Placeholders in guidance text: {clock:icpc}, {amount:lac-review-decisions#record}, {entry:icpc}."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["clock", "amount", "start", "entry", "contact", "plain", "unverified", "not-in-force"]
KINDS: tuple[Kind, ...] = (
    "clock", "amount", "start", "entry", "contact", "plain", "unverified", "not-in-force",
)  # fmt: skip
_PATTERN = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Placeholder:
    """kind and, after the colon, name and the optional part behind #."""

    kind: str
    name: str = ""
    part: str = ""


def placeholders(text: str) -> Iterator[Placeholder]:
    """Every placeholder in `text`, known or not, in order."""
    for found in _PATTERN.finditer(text):
        yield _parse(found[1])


def fill(text: str, render: Callable[[Placeholder], str]) -> str:
    """`text` with each placeholder replaced by what `render` returns for it."""
    return _PATTERN.sub(lambda found: render(_parse(found[1])), text)


def without(text: str) -> str:
    """`text` with every placeholder taken out."""
    return _PATTERN.sub("", text)


def _parse(inside: str) -> Placeholder:
    kind, colon, rest = inside.partition(":")
    if not colon:
        kind, _, part = inside.partition("#")
        return Placeholder(kind.strip(), part=part.strip())
    if kind == "plain":
        return Placeholder("plain", rest.strip())
    name, _, part = rest.partition("#")
    return Placeholder(kind.strip(), name.strip(), part.strip())
