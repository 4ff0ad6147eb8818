"""Visits: why a child was not seen alone, and the signs of drift that visits show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Seen = Literal["alone", "seen", "not-seen"]

WHY_NOT_ALONE: Mapping[str, str] = {
    "baby": "A baby or too young",
    "child": "Child didn't want to",
    "parent": "Parent refused or stayed",
    "third": "Someone else was there",
    "help": "Needs an interpreter or other help",
    "time": "No time or place for it",
}
"""Reasons offered as buttons; never free text, which could carry a name."""


@dataclass(frozen=True)
class PastVisit:
    """One visit as the signs see it."""

    day: date
    seen: Seen


@dataclass(frozen=True)
class Sign:
    """A sign of drift on one case. weight: how strongly it pulls the case up the drift list."""

    id: str
    words: str
    weight: int


def not_alone_in_a_row(newest_first: Sequence[PastVisit]) -> int:
    """How many visits since the child was last seen alone."""
    return next((n for n, visit in enumerate(newest_first) if visit.seen == "alone"), len(newest_first))


def visit_signs(newest_first: Sequence[PastVisit], *, disabled: bool, overdue_periods: int) -> list[Sign]:
    """What the visits of a case warn of.

    overdue_periods: how many whole visit intervals have passed since the visit clock ran out.
    Source: focused visit, finding F13.
    """
    signs = []
    streak = not_alone_in_a_row(newest_first)
    if streak >= 2:
        signs.append(Sign("not-alone", f"{streak} visits in a row not seen alone", 2 + streak))
    if disabled and newest_first and newest_first[0].seen == "not-seen":
        signs.append(Sign("disabled-not-seen", "a disabled child was not seen at the last visit", 5))
    if overdue_periods >= 1:
        signs.append(Sign("visit-twice-overdue", "a visit is overdue twice over", 6))
    return signs
