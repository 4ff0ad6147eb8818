"""What a timescale is: one rule about time, with its source, as a frozen value."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Literal

Unit = Literal["hours", "working-days", "days", "weeks", "months", "years", "school-days"]
Counting = Literal["within", "beginning", "clear"]
"""within: the trigger day is day 0. beginning: it is day 1. clear: counting back, both end days left out."""
Direction = Literal["after", "before"]
Skip = Literal["sundays", "bank-holidays", "christmas-day", "good-friday"]
Repeats = Literal["no", "from-last", "per-event"]
Verified = Literal["primary", "secondary", "local", "memory"]
Status = Literal["in force", "enacted, not in force", "pilot", "superseded"]
Actor = Literal[
    "council", "police", "court", "school", "health", "provider", "carer", "family", "coroner", "other"
]

_STRICT = {"extra": "forbid"}


class Force(StrEnum):
    """How binding the source is, strongest first."""

    STATUTE = "statute"
    REGULATIONS = "regulations"
    COURT_RULES = "rules of court"
    PRACTICE_DIRECTION = "practice direction"
    COURT_ORDER = "court order"
    STATUTORY_GUIDANCE = "statutory guidance"
    NATIONAL_STANDARD = "national minimum standard"
    INSPECTION_FRAMEWORK = "inspection framework"
    PRACTICE_GUIDANCE = "practice guidance"
    GOOD_PRACTICE = "good practice"
    INDICATOR = "performance indicator"
    LOCAL = "local procedure"


@dataclass(frozen=True, kw_only=True)
class Runs:
    """When a limit runs as a clock on a case, where more is needed than its row's one trigger.

    starts: each of these events starts it (a later one ends the clock before). after: all of these
    must have happened. until: each of these ends it, and what `after` asks must happen anew.
    from_month, to_month: only for starts in these months after the last of `after`.
    """

    __pydantic_config__ = _STRICT

    starts: tuple[str, ...]
    after: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    from_month: int = 0
    to_month: int | None = None


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One length of time and how it is counted.

    key names the part when a timescale has several ("record", "reply"). earliest is the first amount
    of a window (the case management hearing: day 12 to day 18). at is a clock time on the day
    (court directions: 4pm). less_than: the amount itself is already too long. least: the earliest
    day on which something may be done, or the shortest that something lasts: no deadline.
    """

    __pydantic_config__ = _STRICT

    amount: int
    unit: Unit
    key: str = ""
    what: str = ""
    counting: Counting = "within"
    direction: Direction = "after"
    starts: str = ""
    earliest: int | None = None
    at: time | None = None
    less_than: bool = False
    least: bool = False
    skips: tuple[Skip, ...] = ()
    runs: Runs | None = None
    noon_after_holiday: bool = False
    """If the last day is a Sunday or bank holiday, noon on the next day that is neither."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """What one named council does: shown as an example, never a default."""

    __pydantic_config__ = _STRICT

    place: str
    limit: Limit


@dataclass(frozen=True, kw_only=True)
class Timescale:
    """One row of the fact sheets: what must happen by when, from what, and how sure we are."""

    __pydantic_config__ = _STRICT

    id: str
    title: str
    duty: str
    starts: str
    """Reads after "from" or "before": "the strategy discussion that began section 47"."""
    by_when: str = ""
    """The rule in words, where one plain number doesn't say it; amounts as {amount} or {amount#key}."""
    limits: tuple[Limit, ...] = ()
    examples: tuple[Example, ...] = ()
    actor: Actor = "council"
    aliases: tuple[str, ...] = ()
    other_triggers: tuple[str, ...] = ()
    """Further events that start it, each in its own right."""
    other_starts: tuple[str, ...] = ()
    """Other starting points that sources give; the earliest speaks."""
    trigger: str = ""
    """The pathway event that starts it; empty when no event of a case does."""
    occurrence: Literal["each", "first", "began-s47"] = "each"
    repeats: Repeats = "no"
    ended_by: tuple[str, ...] = ()
    cancelled_by: tuple[str, ...] = ()
    sealed_end_of: str = ""
    """The event whose end, as the sealed order says it, stands in the place of any sum by this row."""
    stricter_than: tuple[str, ...] = ()
    """Rows that this one overrides where both apply."""
    force: Force
    status: Status = "in force"
    source: str
    url: str = ""
    verified: Verified
    verified_note: str = ""
    edition_unchecked: bool = False
    """True: read in the 2023 edition of Working Together; the 2026 edition is not checked yet."""
    checked_on: date
    note: str = ""

    @property
    def local(self) -> bool:
        """True when only the council's own rule can give a number."""
        return not self.limits and self.force is Force.LOCAL

    @property
    def limit(self) -> Limit | None:
        """The limit that speaks first, or None when the source gives no number."""
        return self.limits[0] if self.limits else None


@dataclass(frozen=True)
class TimescaleBook:
    """All timescales by id; an alias finds the same row."""

    rows: tuple[Timescale, ...]
    amounts: frozenset[tuple[int, Unit]] = field(init=False, repr=False, compare=False)
    """Every amount that some row or example has."""
    _by_id: dict[str, Timescale] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {name: row for row in self.rows for name in (row.id, *row.aliases)}
        object.__setattr__(self, "_by_id", by_id)
        limits = [limit for row in self.rows for limit in row.limits]
        limits += [example.limit for row in self.rows for example in row.examples]
        object.__setattr__(self, "amounts", frozenset((limit.amount, limit.unit) for limit in limits))

    def find(self, id_or_alias: str) -> Timescale | None:
        """The row with this id or alias, or None."""
        return self._by_id.get(id_or_alias)

    def ids(self) -> tuple[str, ...]:
        """Every id and alias, sorted."""
        return tuple(sorted(self._by_id))
