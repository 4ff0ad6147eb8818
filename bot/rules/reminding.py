"""When the bot may speak up, and when a clock does: pure, from the council's ladder and a person's times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatchcase
from typing import Literal
from zoneinfo import ZoneInfo

from bot.rules.calendar import ONE_DAY, HolidaysUnknown, WorkCalendar

Urgency = Literal["urgent", "normal", "bulk"]
_STRICT = {"extra": "forbid"}
_FARTHEST = 800
"""Days looked ahead for a moment at which a person may be spoken to."""


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """The steps after a last day has passed, in working days after it."""

    __pydantic_config__ = _STRICT

    steps: tuple[int, ...]
    manager_from: int
    every: int
    ends_after: int
    progress_adds: int


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of clock by the ids of its timescales, and how many working days before it speaks."""

    __pydantic_config__ = _STRICT

    name: str
    match: tuple[str, ...]
    before: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The council's settings for what is said unasked; bot/content/reminding.toml says what each means."""

    __pydantic_config__ = _STRICT

    digest_spread_seconds: int
    bulk_from: time
    quiet_from: time
    quiet_to: time
    before_at: time
    on_the_day_at: time
    hours_before: tuple[int, ...]
    push_holds_hours: int
    bundle_minutes: int
    look_ahead_days: int
    snoozes_without_reason: int
    away_minutes: int
    edit_days: int
    overdue: Overdue
    kinds: tuple[Kind, ...]

    def before(self, timescale_id: str) -> tuple[int, ...]:
        """The working days before at which a clock of this rule speaks; the first kind that matches."""
        found = (kind for kind in self.kinds if any(fnmatchcase(timescale_id, m) for m in kind.match))
        return next((kind.before for kind in found), ())


@dataclass(frozen=True)
class Times:
    """When one person may be spoken to. days: weekdays worked, Monday is 0. away: first and last days off."""

    days: frozenset[int]
    quiet_from: time
    quiet_to: time
    away: tuple[tuple[date, date], ...] = ()

    def works_on(self, day: date, calendar: WorkCalendar) -> bool:
        """One of the person's weekdays, no bank holiday, not on leave."""
        if day.weekday() not in self.days or any(first <= day <= last for first, last in self.away):
            return False
        try:
            return calendar.holiday(day) is None
        except HolidaysUnknown:
            return True

    def is_quiet(self, at: time) -> bool:
        """Within the quiet hours, which may reach over midnight; the end itself is not quiet."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to

    def may_hear(self, moment: datetime, calendar: WorkCalendar, zone: ZoneInfo) -> bool:
        """Whether what can wait may be said at this moment."""
        local = moment.astimezone(zone)
        return self.works_on(local.date(), calendar) and not self.is_quiet(local.time())

    def next_hearing(
        self, moment: datetime, calendar: WorkCalendar, zone: ZoneInfo, earliest: time = time(0)
    ) -> datetime:
        """The first moment from this one on at which what can wait may be said, `earliest` in the day."""
        local = moment.astimezone(zone)
        first = local.date()
        for day in (first + timedelta(days=n) for n in range(_FARTHEST)):
            if not self.works_on(day, calendar):
                continue
            for at in sorted({local.time() if day == first else time(0), self.quiet_to, earliest}):
                candidate = datetime.combine(day, at, zone)
                if candidate >= moment and at >= earliest and not self.is_quiet(at):
                    return candidate
        return moment

    def working_day_before(self, day: date, count: int, calendar: WorkCalendar) -> date:
        """The person's own working day that is `count` before; the day before where there is none."""
        found = day
        for back in range(1, _FARTHEST):
            found = day - timedelta(days=back)
            count -= self.works_on(found, calendar)
            if count == 0:
                return found
        return day - ONE_DAY


@dataclass(frozen=True)
class Rung:
    """One moment at which a clock speaks."""

    stage: str
    moment: datetime
    urgency: Urgency = "normal"


def hours_rungs(ladder: Ladder, due_at: datetime) -> list[Rung]:
    """A clock in hours speaks at any time of day or week."""
    return [Rung(f"{hours}h", due_at - timedelta(hours=hours), "urgent") for hours in ladder.hours_before]


def day_rungs(
    ladder: Ladder,
    timescale_id: str,
    do_by: date,
    last: date,
    times: Times,
    calendar: WorkCalendar,
    zone: ZoneInfo,
) -> list[Rung]:
    """A clock in days speaks on the person's own working days before, on the day, and on a later last day."""
    found = [
        Rung(
            _before(n),
            _on(times.working_day_before(do_by, n, calendar), ladder.before_at, times, zone),
        )
        for n in sorted(ladder.before(timescale_id), reverse=True)
    ]
    for stage, day in (("day", do_by), ("last", last)):
        if times.works_on(day, calendar) and (stage == "day" or last != do_by):
            found.append(Rung(stage, _on(day, ladder.on_the_day_at, times, zone)))
    return found


def hours_stages(ladder: Ladder) -> list[str]:
    """The stages of a clock in hours."""
    return [f"{hours}h" for hours in ladder.hours_before]


def day_stages(ladder: Ladder, timescale_id: str, do_by: date, last: date) -> list[str]:
    """Every stage that such a clock in days may have, whatever the person's times leave out."""
    ends = ["day"] if last == do_by else ["day", "last"]
    return [*map(_before, ladder.before(timescale_id)), *ends]


def _before(working_days: int) -> str:
    return "before" if working_days == 1 else f"before{working_days}"


def _on(day: date, at: time, times: Times, zone: ZoneInfo) -> datetime:
    """That time of day, or the end of the quiet hours where it is quiet then."""
    return datetime.combine(day, times.quiet_to if times.is_quiet(at) else at, zone)


def digest_moment(ladder: Ladder, day: date, minute: int, person_id: int, zone: ZoneInfo) -> datetime:
    """The person's digest on this day: their minute of the day, and some seconds that are always theirs."""
    spread = (person_id - 1) * 7 % max(1, ladder.digest_spread_seconds)
    return datetime.combine(day, time(*divmod(minute, 60)), zone) + timedelta(seconds=spread)


def working_days_late(due: date, today: date, calendar: WorkCalendar) -> int:
    """Working days from the day after `due` to `today` inclusive; 0 where it isn't late."""
    return sum(1 for day in _days(due + ONE_DAY, today) if _is_working(day, calendar))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _is_working(day: date, calendar: WorkCalendar) -> bool:
    try:
        return calendar.is_working_day(day)
    except HolidaysUnknown:
        return day.weekday() < 5


def speaks_late(overdue: Overdue, late: int) -> bool:
    """Whether something so many working days late is a reason for a digest today."""
    if late > overdue.ends_after or late <= 0:
        return False
    after = late - max(overdue.steps, default=0)
    return late in overdue.steps or (after > 0 and after % overdue.every == 0)


def chased_from(due: date, progress: date | None) -> date:
    """The day from which lateness is chased: progress pushes it back, and never the due date."""
    return max(due, progress) if progress is not None else due
