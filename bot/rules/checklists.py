"""Lists to tick: what stands on them, and which items are ticked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Checklist:
    """One list. per: whose ticks they are."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 -- read by pydantic, not a field

    title: str
    entry: str
    per: Literal["case", "person"]
    items: tuple[str, ...]


Checklists = Mapping[str, Checklist]


@dataclass(frozen=True)
class GlossaryTerm:
    """What an abbreviation means, and the entry that says more, if any."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 -- read by pydantic, not a field

    means: str
    entry: str = ""


Glossary = Mapping[str, GlossaryTerm]


def item_key(words: str) -> str:
    """A short name for an item that changes when its words do."""
    return hashlib.sha256(words.encode()).hexdigest()[:10]


def find_term(glossary: Glossary, typed: str) -> tuple[str, GlossaryTerm] | None:
    """The abbreviation as typed in any case, with or without dots; None where it isn't known."""
    wanted = typed.strip().replace(".", "").replace(" ", "").casefold()
    return next(((term, found) for term, found in glossary.items() if term.casefold() == wanted), None)
