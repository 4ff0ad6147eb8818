"""What goes into finding an entry and what comes out."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["answer", "choices", "none", "urgent"]
SmallTalk = Literal["greeting", "thanks", "distress", "swearing"]


@dataclass(frozen=True, slots=True)
class EntryText:
    """The words of one shipped guidance entry."""

    slug: str
    title: str
    questions: tuple[str, ...] = ()
    body: str = ""
    abbreviations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a question found. `candidates` is the ranking before any threshold, best first.

    `danger` is the chance that it tells of danger now, also where it is too low for `urgent`.
    """

    status: Status
    entry: str | None = None
    candidates: tuple[str, ...] = ()
    score: float = 0.0
    signpost: str | None = None
    small_talk: SmallTalk | None = None
    danger: float = 0.0
