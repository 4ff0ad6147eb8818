"""A timescale and a start in, the date out: for anybody who asks, whether or not a case is behind it."""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from bot.rules.calendar import WorkCalendar
from bot.rules.deadlines import DueDate, Moment, NeedsCalendarOfSchool, due_date
from bot.rules.pathway import LocalLimits
from bot.rules.timescales import Limit, Timescale

Basis = Literal["national", "council", "example", "none"]


@dataclass(frozen=True)
class Part:
    """One dated limit of a timescale. key is empty where it has only one."""

    key: str
    what: str
    due: DueDate


@dataclass(frozen=True)
class Calculation:
    """basis: whose number it is; example means another council's, shown only because none is set here.

    parts is empty where there is no number to count with; why says so then.
    """

    row: Timescale
    basis: Basis
    parts: tuple[Part, ...]
    why: str = ""

    @property
    def due(self) -> DueDate | None:
        """The limit that speaks first, or None."""
        return self.parts[0].due if self.parts else None


def calculate(
    row: Timescale, local: LocalLimits, start: Moment, calendar: WorkCalendar, zone: ZoneInfo
) -> Calculation:
    """Every date that follows; raises HolidaysUnknown where working days can't be counted."""
    basis, limits = _limits(row, local)
    if not limits:
        return Calculation(row, "none", (), "There is no number to count with.")
    try:
        parts = tuple(Part(limit.key, limit.what, due_date(limit, start, calendar, zone)) for limit in limits)
    except NeedsCalendarOfSchool:
        return Calculation(row, "none", (), "School days depend on the school's own term dates.")
    return Calculation(row, basis, parts)


def _limits(row: Timescale, local: LocalLimits) -> tuple[Basis, tuple[Limit, ...]]:
    own = local.get(row.id)
    if own is not None:
        return "council", (own,)
    if row.limits:
        return "national", (row.limits[0], *(limit for limit in row.limits[1:] if not limit.starts))
    return "example", tuple(example.limit for example in row.examples[:1])
