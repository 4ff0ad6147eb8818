"""Working days in England: Monday to Friday less bank holidays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


class HolidaysUnknown(Exception):
    """The bank holidays of a year are not known, so a working day there can't be counted."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"The bank holidays of {year} aren't known yet, so no working day there can be counted."
        )
        self.year = year


@dataclass(frozen=True)
class WorkCalendar:
    """Bank holidays by date with their names, for the years first_year to last_year inclusive.

    Every method raises HolidaysUnknown rather than guess about a year outside that range, unless
    unknown_are_working: then weekdays there count. That is for choosing when to speak, never for a due date.
    """

    holidays: Mapping[date, str]
    first_year: int
    last_year: int
    unknown_are_working: bool = False

    def for_speaking(self) -> "WorkCalendar":
        """The same, but never without an answer: a reminder on a bank holiday is better than none."""
        return replace(self, unknown_are_working=True)

    def holiday(self, day: date) -> str | None:
        """The name of the bank holiday on `day`, or None."""
        if not self.first_year <= day.year <= self.last_year and not self.unknown_are_working:
            raise HolidaysUnknown(day.year)
        return self.holidays.get(day)

    def is_working_day(self, day: date) -> bool:
        """Neither Saturday, Sunday nor a bank holiday in England."""
        return self.holiday(day) is None and day.weekday() < 5

    def forward(self, day: date, working_days: int) -> date:
        """The working day that is `working_days` after `day` (`day` itself is day 0)."""
        return self._walk(day, working_days, ONE_DAY)

    def back(self, day: date, working_days: int) -> date:
        """The working day that is `working_days` before `day` (`day` itself is day 0)."""
        return self._walk(day, working_days, -ONE_DAY)

    def _walk(self, day: date, steps: int, step: timedelta) -> date:
        while steps:
            day += step
            steps -= self.is_working_day(day)
        return day

    def on_or_before(self, day: date) -> date:
        """The last working day on or before `day`."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def on_or_after(self, day: date) -> date:
        """The first working day on or after `day`."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def weekday_holidays(self, first: date, last: date) -> Iterator[tuple[date, str]]:
        """Bank holidays on weekdays from `first` to `last` inclusive: those that move a count."""
        day = first
        while day <= last:
            name = self.holiday(day)
            if name is not None and day.weekday() < 5:
                yield day, name
            day += ONE_DAY
