"""How long each kind of row is kept: one table, read by the settings, the purge, the notice and doctor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

KindName = Literal[
    "questions",
    "shown",
    "notices",
    "inbox",
    "floods",
    "dialogues",
    "references",
    "sent",
    "web_keys",
    "closed_cases",
    "audit",
]


@dataclass(frozen=True)
class Kind:
    """One kind of row. what: in plain words. after: from when its days count. default, floor: days.

    keeps: 0 days mean that it is kept, because the council must be able to answer for it.
    why: why it can't be shorter than the floor.
    """

    what: str
    after: str
    default: int
    floor: int
    why: str
    keeps: bool = False


KINDS: Mapping[KindName, Kind] = {
    "questions": Kind(
        "questions, without who asked", "they were asked", 365, 31, "the practice lead reads a month of them"
    ),
    "shown": Kind(
        "which guidance was opened, by ids", "it was opened", 90, 1, "a follow-up needs the one opened last"
    ),
    "notices": Kind(
        "notes that an entry has changed", "it changed", 60, 14, "a digest after leave still brings them"
    ),
    "inbox": Kind(
        "messages received, emptied once answered", "they came", 2, 2, "Telegram may repeat them for a day"
    ),
    "floods": Kind("that somebody sent too much at once", "it stopped", 2, 1, "it is told once a flood"),
    "dialogues": Kind("half-finished dialogues", "they ran out", 7, 1, "until then that is explained"),
    "references": Kind(
        "case references in old messages in chats", "they were sent", 30, 14, "until then one is ticked off"
    ),
    "sent": Kind("that a reminder was sent", "it was sent", 180, 60, "it would be sent again"),
    "web_keys": Kind("web links and calendar addresses", "they ended", 30, 1, "they are still compared"),
    "closed_cases": Kind(
        "cases with their events and visits", "they were closed", 0, 400, "a year's figures need them", True
    ),
    "audit": Kind("who did what, by ids", "it was done", 0, 366, "a year's reviews need it", True),
}


def fault_of(name: KindName, days: int) -> str:
    """Why so many days can't be set for this kind; empty where they can."""
    kind = KINDS[name]
    if days >= kind.floor or (days == 0 and kind.keeps):
        return ""
    kept = ", or 0 to keep it" if kind.keeps else ""
    return f"at least {kind.floor} days{kept}: {kind.why}"


@dataclass(frozen=True)
class Retention:
    """The days of each kind; 0: kept."""

    days: Mapping[KindName, int] = field(
        default_factory=lambda: {name: kind.default for name, kind in KINDS.items()}
    )

    def cut_off(self, name: KindName, now: datetime) -> datetime | None:
        """What is older than this moment goes; None where it is kept."""
        return now - timedelta(days=self.days[name]) if self.days[name] else None

    def lasts(self, name: KindName) -> str:
        """365 days; kept."""
        days = self.days[name]
        return f"{days} day{'' if days == 1 else 's'}" if days else "kept"
