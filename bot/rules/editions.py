"""Whether an entry still says what it said: its words, and every number that they render."""

import hashlib
from collections.abc import Iterator

from bot.rules.guidance import Entry
from bot.rules.library import Library
from bot.rules.placeholders import placeholders


def fingerprint(entry: Entry, library: Library) -> str:
    """A hash of all that a reader sees as guidance: title, sections, and the timescales behind them.

    When an entry is checked again, or the duty team's number changes, it is still the same.
    """
    return hashlib.sha256("\n".join(_said(entry, library)).encode()).hexdigest()


def _said(entry: Entry, library: Library) -> Iterator[str]:
    yield entry.title
    clocks = set(entry.header.clocks)
    for name, written in entry.sections.items():
        yield name
        yield from written
        clocks.update(mark.name for line in written for mark in placeholders(line))
    for clock in sorted(clocks):
        row = library.book.find(clock)
        if row is not None:
            yield f"{row.id} {row.starts} {row.by_when} {row.limits} {library.local.get(clock)}"
