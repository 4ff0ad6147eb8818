"""Due dates: a limit, a start and a calendar in; the lawful last day and its sum out."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rules.calendar import HolidaysUnknown, WorkCalendar
from bot.rules.timescales import Limit

Moment = date | datetime


@dataclass(frozen=True)
class DueDate:
    """When something is due.

    due: the last lawful day (or, for hours and clock times, an aware datetime in the office's zone);
    never moved to a working day. do_by: the last working day on or before it, None where the bank
    holidays of that year aren't known. earliest: the first day of a window. holidays: the bank
    holidays that moved the count, with their names.
    """

    start: Moment
    limit: Limit
    due: Moment
    do_by: Moment | None
    earliest: date | None = None
    holidays: tuple[tuple[date, str], ...] = ()
    sealed: bool = False
    """Read off a sealed court order, not counted; limit then says nothing."""

    @property
    def last_day(self) -> date:
        """The calendar day of `due` in the office's zone."""
        return day_of(self.due)


_NOT_COUNTED = Limit(amount=0, unit="days")


class NeedsCalendarOfSchool(Exception):
    """School days can't be counted without the school's own term dates."""


def day_of(moment: Moment) -> date:
    """The calendar day of a date or of an aware datetime in its own zone."""
    return moment.date() if isinstance(moment, datetime) else moment


def due_date(limit: Limit, start: Moment, calendar: WorkCalendar, zone: ZoneInfo) -> DueDate:
    """When `limit` runs out, counted from `start` (an aware datetime or a date in `zone`).

    Hours run in real time, through nights, weekends and clock changes. A date as the start of an
    hours limit counts from midnight: the earliest, safe reading. Raises HolidaysUnknown when
    working days reach a year without known holidays, NeedsCalendarOfSchool for school days.
    """
    if limit.unit == "hours":
        return _hours(limit, start, calendar, zone)
    day = day_of(start.astimezone(zone)) if isinstance(start, datetime) else start
    last = _last_day(limit, limit.amount, day, calendar)
    first = None if limit.earliest is None else _last_day(limit, limit.earliest, day, calendar)
    if limit.noon_after_holiday and _shut(last, calendar):
        noon = datetime.combine(_next_open(last, calendar), time(12), zone)
        return DueDate(day, limit, noon, noon)
    due: Moment = last if limit.at is None else datetime.combine(last, limit.at, zone)
    do_by = _do_by(due, day, limit, calendar)
    moved = tuple(calendar.weekday_holidays(*sorted((day, last)))) if limit.unit == "working-days" else ()
    return DueDate(day, limit, due, do_by, first, moved)


def sealed_end(ends: Moment, start: date, calendar: WorkCalendar, zone: ZoneInfo) -> DueDate:
    """When an order made on `start` ends, as the sealed order says: it beats any computed date."""
    ends = ends.astimezone(zone) if isinstance(ends, datetime) else ends
    return DueDate(start, _NOT_COUNTED, ends, _do_by(ends, start, _NOT_COUNTED, calendar), sealed=True)


def _do_by(due: Moment, start: date, limit: Limit, calendar: WorkCalendar) -> Moment | None:
    try:
        day = calendar.on_or_before(day_of(due))
    except HolidaysUnknown:
        return None
    if day == day_of(due) or (limit.direction == "after" and day < start):
        return due
    return day


def _last_day(limit: Limit, amount: int, start: date, calendar: WorkCalendar) -> date:
    if limit.unit == "school-days":
        raise NeedsCalendarOfSchool
    if limit.direction == "before":
        return _counted_back(limit, amount, start, calendar)
    last = _counted_on(limit, amount, start, calendar)
    return last - timedelta(days=1) if limit.less_than else last


def _counted_on(limit: Limit, amount: int, start: date, calendar: WorkCalendar) -> date:
    beginning = limit.counting == "beginning"
    if limit.unit == "working-days":
        if beginning:
            return calendar.forward(calendar.on_or_after(start), amount - 1)
        return calendar.forward(start, amount)
    if limit.unit in ("months", "years"):
        return add_months(start, amount * (12 if limit.unit == "years" else 1), beginning=beginning)
    days = amount * (7 if limit.unit == "weeks" else 1)
    return start + timedelta(days=days - beginning)


def _counted_back(limit: Limit, amount: int, anchor: date, calendar: WorkCalendar) -> date:
    extra = 1 if limit.counting == "clear" else 0
    if limit.unit == "working-days":
        return calendar.back(anchor, amount + extra)
    if limit.unit in ("months", "years"):
        return add_months(anchor, -amount * (12 if limit.unit == "years" else 1), beginning=False)
    days = amount * (7 if limit.unit == "weeks" else 1)
    return anchor - timedelta(days=days + extra)


def add_months(start: date, months: int, *, beginning: bool) -> date:
    """The same date `months` later, or the month's last day where that date does not exist.

    beginning: the start is day 1, so the period ends the day before the same date.
    """
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    length = monthrange(year, month + 1)[1]
    if start.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, start.day) - timedelta(days=beginning)


def _shut(day: date, calendar: WorkCalendar) -> bool:
    return day.weekday() == 6 or calendar.holiday(day) is not None


def _next_open(day: date, calendar: WorkCalendar) -> date:
    while _shut(day, calendar):
        day += timedelta(days=1)
    return day


def _hours(limit: Limit, start: Moment, calendar: WorkCalendar, zone: ZoneInfo) -> DueDate:
    begin = start if isinstance(start, datetime) else datetime.combine(start, time(0), zone)
    instant, left = begin.astimezone(UTC), timedelta(hours=limit.amount)
    if limit.direction == "before":
        end = (instant - left).astimezone(zone)
    elif limit.skips:
        end = _through_open_days(instant, left, limit, calendar, zone)
    else:
        end = (instant + left).astimezone(zone)
    return DueDate(begin.astimezone(zone), limit, end, end)


def _through_open_days(
    instant: datetime, left: timedelta, limit: Limit, calendar: WorkCalendar, zone: ZoneInfo
) -> datetime:
    while True:
        here = instant.astimezone(zone)
        midnight = datetime.combine(here.date() + timedelta(days=1), time(0), zone).astimezone(UTC)
        if not _skipped(here.date(), limit, calendar):
            if left <= midnight - instant:
                return (instant + left).astimezone(zone)
            left -= midnight - instant
        instant = midnight


def _skipped(day: date, limit: Limit, calendar: WorkCalendar) -> bool:
    name = calendar.holiday(day)
    return (
        ("sundays" in limit.skips and day.weekday() == 6)
        or ("bank-holidays" in limit.skips and name is not None)
        or ("christmas-day" in limit.skips and (day.month, day.day) == (12, 25))
        or ("good-friday" in limit.skips and name == "Good Friday")
    )
