"""Due dates: worked examples with their weekdays, clock changes, and an independent oracle."""

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.bank_holidays import england, kept, of_the_library
from bot.rules.calendar import HolidaysUnknown
from bot.rules.deadlines import NeedsCalendarOfSchool, due_date
from bot.rules.timescales import Limit
from tests.days import day
from tests.rules import oracle
from tests.rules.official import OFFICIAL

LONDON = ZoneInfo("Europe/London")
CALENDAR = england()


def due(amount: int, unit: str, start: date | datetime, **how: object) -> object:
    return due_date(Limit(amount=amount, unit=unit, **how), start, CALENDAR, LONDON).due  # type: ignore[arg-type]  # a table of cases


@pytest.mark.parametrize(
    ("amount", "unit", "start", "how", "expected"),
    [
        (15, "working-days", "Tue 2026-11-03", {}, "Tue 2026-11-24"),
        (20, "working-days", "Tue 2026-11-24", {}, "Tue 2026-12-22"),
        (10, "working-days", "Mon 2026-12-14", {}, "Wed 2026-12-30"),
        (20, "working-days", "Mon 2026-12-14", {}, "Thu 2027-01-14"),
        (70, "working-days", "Tue 2026-11-24", {}, "Fri 2027-03-05"),
        (1, "working-days", "Thu 2026-04-02", {}, "Tue 2026-04-07"),
        (1, "working-days", "Sat 2026-11-28", {}, "Mon 2026-11-30"),
        (10, "working-days", "Thu 2027-12-23", {}, "Tue 2028-01-11"),
        (12, "working-days", "Tue 2026-11-24", {"counting": "beginning"}, "Wed 2026-12-09"),
        (18, "working-days", "Tue 2026-11-24", {"counting": "beginning"}, "Thu 2026-12-17"),
        (12, "working-days", "Sun 2026-11-22", {"counting": "beginning"}, "Tue 2026-12-08"),
        (26, "weeks", "Tue 2026-11-24", {"counting": "beginning"}, "Mon 2027-05-24"),
        (16, "weeks", "Tue 2026-11-24", {}, "Tue 2027-03-16"),
        (3, "months", "Mon 2026-11-30", {}, "Sun 2027-02-28"),
        (3, "months", "Tue 2027-11-30", {}, "Tue 2028-02-29"),
        (6, "months", "Mon 2026-08-31", {"counting": "beginning"}, "Sun 2027-02-28"),
        (1, "years", "Sun 2026-03-01", {"counting": "beginning"}, "Sun 2027-02-28"),
        (1, "months", "Thu 2026-09-03", {"counting": "beginning"}, "Fri 2026-10-02"),
        (1, "months", "Thu 2026-09-03", {"counting": "beginning", "less_than": True}, "Thu 2026-10-01"),
        (18, "years", "Sun 2004-02-29", {}, "Mon 2022-02-28"),
        (2, "working-days", "Wed 2026-12-09", {"direction": "before"}, "Mon 2026-12-07"),
        (2, "working-days", "Wed 2026-12-09", {"direction": "before", "counting": "clear"}, "Fri 2026-12-04"),
        (1, "working-days", "Tue 2026-12-29", {"direction": "before"}, "Thu 2026-12-24"),
        (6, "weeks", "Fri 2027-01-15", {"direction": "before"}, "Fri 2026-12-04"),
        (1, "months", "Wed 2027-03-31", {"direction": "before"}, "Sun 2027-02-28"),
    ],
)
def test_the_last_lawful_day(
    amount: int, unit: str, start: str, how: dict[str, object], expected: str
) -> None:
    assert due(amount, unit, day(start), **how) == day(expected)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-10-24T14:00+01:00", "2026-10-27T13:00+00:00"),  # clocks go back on Sun 25 Oct
        ("2027-03-27T14:00+00:00", "2027-03-30T15:00+01:00"),  # clocks go forward on Sun 28 Mar
    ],
)
def test_hours_are_real_time_through_clock_changes(start: str, expected: str) -> None:
    found = due(72, "hours", datetime.fromisoformat(start))
    assert isinstance(found, datetime)
    assert found == datetime.fromisoformat(expected)
    assert found.utcoffset() == datetime.fromisoformat(expected).utcoffset()


def test_hours_that_leave_days_out_stand_still_on_them() -> None:
    # Thursday evening; Friday to Monday are Christmas Day, Boxing Day (a bank holiday also on a
    # Saturday: Banking and Financial Dealings Act 1971, Schedule 1), Sunday and the substitute day.
    start = datetime(2026, 12, 24, 18, tzinfo=LONDON)
    found = due(48, "hours", start, skips=("sundays", "bank-holidays"))
    assert found == datetime(2026, 12, 30, 18, tzinfo=LONDON)


def test_a_sunday_or_holiday_eighth_day_runs_to_noon_on_the_next_open_day() -> None:
    found = due(8, "days", day("Fri 2026-12-18"), counting="beginning", noon_after_holiday=True)
    # The eighth day is Fri 25 December; 26, 27 and 28 are no open days either.
    assert found == datetime(2026, 12, 29, 12, tzinfo=LONDON)


def test_do_by_is_the_working_day_before_and_the_last_day_is_not_moved() -> None:
    found = due_date(Limit(amount=3, unit="months"), day("Mon 2026-11-30"), CALENDAR, LONDON)
    assert (found.due, found.do_by) == (day("Sun 2027-02-28"), day("Fri 2027-02-26"))


def test_a_clock_time_stands_on_the_day() -> None:
    limit = Limit(amount=2, unit="working-days", direction="before", at=time(16))
    found = due_date(limit, day("Wed 2026-12-09"), CALENDAR, LONDON)
    assert found.due == datetime(2026, 12, 7, 16, tzinfo=LONDON)


def test_years_without_known_holidays_are_refused() -> None:
    with pytest.raises(HolidaysUnknown, match="2029"):
        due(15, "working-days", day("Fri 2028-12-22"))


def test_calendar_days_beyond_the_known_years_have_no_do_by() -> None:
    found = due_date(Limit(amount=75, unit="years"), day("Tue 2026-11-24"), CALENDAR, LONDON)
    assert (found.due, found.do_by) == (date(2101, 11, 24), None)


def test_school_days_are_not_guessed() -> None:
    with pytest.raises(NeedsCalendarOfSchool):
        due(10, "school-days", day("Tue 2026-11-24"))


def test_the_library_agrees_with_the_official_list() -> None:
    years = range(2024, 2029)
    weekdays = {d for d in CALENDAR.holidays if d.year in years and d.weekday() < 5}
    assert weekdays == OFFICIAL


def test_the_kept_file_is_what_the_library_says() -> None:
    assert kept() == of_the_library(), "write it anew: python -m bot.content.bank_holidays"
    assert dict(CALENDAR.holidays) == of_the_library()


DAYS = st.dates(date(2024, 6, 1), date(2028, 6, 1))


@given(DAYS, st.integers(1, 90), st.booleans())
@settings(max_examples=500, deadline=None)
def test_working_days_agree_with_the_oracle(start: date, amount: int, back: bool) -> None:
    found = due(amount, "working-days", start, direction="before" if back else "after")
    assert found == (oracle.back(start, amount) if back else oracle.forward(start, amount, beginning=False))


@given(DAYS, st.integers(1, 90))
@settings(max_examples=300, deadline=None)
def test_beginning_with_is_within_counted_from_the_day_before(start: date, amount: int) -> None:
    before = start - timedelta(days=1)
    for unit in ("working-days", "days"):
        assert due(amount, unit, start, counting="beginning") == due(amount, unit, before)


@given(DAYS, st.integers(1, 40))
@settings(max_examples=300, deadline=None)
def test_months_never_run_past_the_month(start: date, months: int) -> None:
    found = due(months, "months", start)
    assert isinstance(found, date)
    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == months
    assert found.day == start.day or (found + timedelta(days=1)).day == 1


@given(DAYS, st.integers(1, 60), st.sampled_from(["working-days", "days", "weeks", "months"]))
@settings(max_examples=300, deadline=None)
def test_do_by_is_a_working_day_on_or_before_the_last_day(start: date, amount: int, unit: str) -> None:
    found = due_date(Limit(amount=amount, unit=unit), start, england(last_year=2034), LONDON)  # type: ignore[arg-type]  # sampled units
    assert isinstance(found.do_by, date)
    assert found.do_by <= found.last_day
    assert england(last_year=2034).is_working_day(found.do_by) or found.do_by == found.due


def test_a_hundred_thousand_random_cases_agree_with_the_oracle() -> None:
    dice = random.Random(20261124)
    span = (date(2028, 3, 1) - date(2024, 6, 1)).days
    for _ in range(100_000):
        start = date(2024, 6, 1) + timedelta(days=dice.randrange(span))
        unit, counting = dice.choice(UNITS), dice.choice(("within", "beginning", "back", "clear"))
        amount = dice.randint(1, 90 if unit in ("working-days", "days") else 9)
        if counting in ("back", "clear"):
            found = due(
                amount,
                unit,
                start,
                direction="before",
                counting="clear" if counting == "clear" else "within",
            )
        else:
            found = due(amount, unit, start, counting=counting)
        assert found == _reckoned(unit, counting, amount, start), (unit, counting, amount, start)


UNITS = ("working-days", "days", "weeks", "months")


def _reckoned(unit: str, counting: str, amount: int, start: date) -> date:
    beginning = counting == "beginning"
    if counting in ("back", "clear"):
        extra = counting == "clear"
        if unit == "working-days":
            return oracle.back(start, amount + extra)
        if unit == "months":
            return oracle.months(start, -amount, beginning=False)
        return start - timedelta(days=amount * (7 if unit == "weeks" else 1) + extra)
    if unit == "working-days":
        return oracle.forward(start, amount, beginning=beginning)
    if unit == "months":
        return oracle.months(start, amount, beginning=beginning)
    return start + timedelta(days=amount * (7 if unit == "weeks" else 1) - beginning)
