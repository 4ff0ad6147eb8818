"""What a guidance entry is: curated text with its sources, as a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.rules.timescales import Force, Status, Verified

Audience = Literal["worker", "manager", "practice-lead"]

GROUPS: Mapping[str, str] = {
    "worry": "A worry about a child",
    "danger": "In danger now",
    "strategy": "Strategy discussion",
    "enquiry": "Section 47 enquiry",
    "conference": "Child protection conference",
    "plan": "On a child protection plan",
    "review": "Reviews, drift and ending a plan",
    "in-need": "Child in need and family help",
    "circumstances": "Particular circumstances",
    "risk": "Particular risks",
    "oversight": "Supervision, audit, handover",
    "pre-proceedings": "Pre-proceedings (PLO)",
    "court": "Care proceedings",
    "orders": "Orders",
    "care": "Looked-after children",
    "permanence": "Permanence and adoption",
    "leaving-care": "Leaving care and 16 to 17",
    "carers": "Carers and fostering",
    "liberty": "Secure, liberty, remand",
    "rights": "Rights, records, complaints",
}
"""The browse tree's groups in pathway order, with their headings."""

SECTIONS: Mapping[str, str] = {
    "Short answer": "Short answer",
    "Steps": "Steps",
    "Who": "Who does what",
    "Record": "What to record",
    "Often goes wrong": "What often goes wrong",
    "If": "If …",
}
"""Section headings of an entry file, with what a person sees."""

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """One document that an entry cites as [ref]."""

    __pydantic_config__ = _STRICT

    ref: str
    document: str
    edition: str = ""
    place: str = ""
    url: str = ""
    force: Force
    verified: Verified
    newer_unchecked: str = ""
    """A newer edition that has not been checked yet, as "2026 edition"."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class EntryHeader:
    """The typed front matter of an entry file."""

    __pydantic_config__ = _STRICT

    id: str
    title: str
    group: str
    order: int
    audience: tuple[Audience, ...]
    related: tuple[str, ...]
    clocks: tuple[str, ...]
    questions: tuple[str, ...]
    sources: tuple[Source, ...]
    force: Force
    status: Status
    verified: Verified
    checked_on: date
    next_check: date


@dataclass(frozen=True)
class Entry:
    """One entry: its header, and its sections' lines in the order of the file."""

    header: EntryHeader
    sections: Mapping[str, tuple[str, ...]]

    @property
    def id(self) -> str:
        """The slug."""
        return self.header.id

    @property
    def title(self) -> str:
        """The heading a person sees."""
        return self.header.title


@dataclass(frozen=True)
class Guidance:
    """All entries by slug, in the order of the browse tree."""

    entries: tuple[Entry, ...]
    _by_id: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {entry.id: entry for entry in self.entries})

    def find(self, slug: str) -> Entry | None:
        """The entry with this slug, or None."""
        return self._by_id.get(slug)

    def for_clock(self, timescale_id: str) -> Entry | None:
        """The entry that names this timescale nearest the front of its clocks, or None."""
        naming = [entry for entry in self.entries if timescale_id in entry.header.clocks]
        return min(naming, key=lambda entry: entry.header.clocks.index(timescale_id), default=None)
