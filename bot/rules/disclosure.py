"""Counts that may be given to anybody: small ones are not, nor what they could be worked out from."""

from collections.abc import Mapping
from dataclasses import dataclass

SMALLEST = 5
FEW = f"<{SMALLEST}"
"""Stands for every count under five, nought as well: a nought next to it would tell of the others."""


@dataclass(frozen=True)
class Group:
    """Counts that belong together. total: only where it gives no small count away. kept_from: see note."""

    name: str
    counts: Mapping[str, int | str]
    total: int | str | None
    note: str = ""
    """What is missing from it, if anything."""


def disclosed(name: str, counts: Mapping[str, int], note: str = "") -> Group:
    """The group as it may be given; a total is left out as soon as one of several counts is small."""
    given: dict[str, int | str] = {
        what: count if count >= SMALLEST else FEW for what, count in counts.items()
    }
    hides = FEW in given.values()
    total = None if hides or len(given) < 2 else sum(counts.values())
    return Group(name, given, total, note)
