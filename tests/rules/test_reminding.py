"""When the bot may speak up: tables with their weekdays, and properties over all working patterns."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.bank_holidays import england
from bot.content.faults import BrokenContent
from bot.content.ladder import load_ladder
from bot.rules.errors import Refusal
from bot.rules.preferences import parse_away, parse_days, parse_digest, parse_quiet
from bot.rules.reminding import (
    Times,
    chased_from,
    day_rungs,
    digest_moment,
    hours_rungs,
    speaks_late,
    working_days_late,
)
from tests.days import day

LONDON = ZoneInfo("Europe/London")
CALENDAR = england()
LADDER = load_ladder()
WEEK = frozenset(range(5))


def times(days: frozenset[int] = WEEK, *away: tuple[date, date], quiet: tuple[int, int] = (18, 8)) -> Times:
    return Times(days, time(quiet[0]), time(quiet[1]), away)


def at(text: str) -> datetime:
    """ "Tue 2026-11-24 14:00" in London."""
    weekday, iso, clock = text.split()
    return datetime.combine(day(f"{weekday} {iso}"), time.fromisoformat(clock), LONDON)


def spoken(do_by: str, whose: Times, last: str = "") -> list[tuple[str, str]]:
    rungs = day_rungs(LADDER, "core-group-first", day(do_by), day(last or do_by), whose, CALENDAR, LONDON)
    return [(rung.stage, f"{rung.moment:%a %d %b %H:%M}") for rung in rungs]


@pytest.mark.parametrize(
    ("do_by", "last", "whose", "expected"),
    [
        ("Wed 2026-11-25", "", times(), [("before", "Tue 24 Nov 14:00"), ("day", "Wed 25 Nov 09:00")]),
        ("Mon 2026-11-30", "", times(), [("before", "Fri 27 Nov 14:00"), ("day", "Mon 30 Nov 09:00")]),
        ("Tue 2026-12-29", "", times(), [("before", "Thu 24 Dec 14:00"), ("day", "Tue 29 Dec 09:00")]),
        # Monday to Wednesday only: Friday's clock speaks on Wednesday, and never on the Friday
        ("Fri 2026-11-27", "", times(frozenset({0, 1, 2})), [("before", "Wed 25 Nov 14:00")]),
        # away from Wednesday: it speaks on the Tuesday before
        (
            "Fri 2026-11-27",
            "",
            times(WEEK, (date(2026, 11, 25), date(2026, 12, 4))),
            [("before", "Tue 24 Nov 14:00")],
        ),
        # a last day on a Sunday is done by the Friday; the Sunday itself stays quiet
        (
            "Fri 2026-11-27",
            "Sun 2026-11-29",
            times(),
            [("before", "Thu 26 Nov 14:00"), ("day", "Fri 27 Nov 09:00")],
        ),
        # quiet until ten: the morning's reminder waits for the end of the quiet hours
        (
            "Wed 2026-11-25",
            "",
            times(quiet=(18, 10)),
            [("before", "Tue 24 Nov 14:00"), ("day", "Wed 25 Nov 10:00")],
        ),
    ],
)
def test_on_which_days_a_clock_speaks(
    do_by: str, last: str, whose: Times, expected: list[tuple[str, str]]
) -> None:
    assert spoken(do_by, whose, last) == expected


@pytest.mark.parametrize(
    ("due", "today", "late"),
    [
        ("Fri 2026-11-27", "Fri 2026-11-27", 0),
        ("Fri 2026-11-27", "Sun 2026-11-29", 0),
        ("Fri 2026-11-27", "Mon 2026-11-30", 1),
        ("Fri 2026-11-27", "Wed 2026-12-02", 3),
        ("Thu 2026-12-24", "Tue 2026-12-29", 1),
    ],
)
def test_how_late_in_working_days(due: str, today: str, late: int) -> None:
    assert working_days_late(day(due), day(today), CALENDAR) == late


def test_the_ladder_after_the_last_day_and_its_end() -> None:
    speaking = [late for late in range(60) if speaks_late(LADDER.overdue, late)]
    assert speaking == [1, 3, 8, 13, 18, 23, 28, 33, 38]


def test_a_visit_that_is_arranged_pushes_the_chase_back() -> None:
    due, arranged = day("Mon 2026-11-23"), day("Thu 2026-11-26")
    assert chased_from(due, None) == due
    assert chased_from(due, arranged) == arranged
    assert chased_from(arranged, due) == arranged


@pytest.mark.parametrize(
    ("moment", "whose", "expected"),
    [
        ("Tue 2026-11-24 10:00", times(), "Tue 24 Nov 10:00"),
        ("Tue 2026-11-24 18:00", times(), "Wed 25 Nov 08:00"),
        ("Tue 2026-11-24 07:59", times(), "Tue 24 Nov 08:00"),
        ("Fri 2026-11-27 19:00", times(), "Mon 30 Nov 08:00"),
        ("Thu 2026-12-24 20:00", times(), "Tue 29 Dec 08:00"),
        ("Wed 2026-11-25 20:00", times(frozenset({0, 1, 2})), "Mon 30 Nov 08:00"),
        ("Tue 2026-11-24 12:00", times(WEEK, (date(2026, 11, 24), date(2026, 12, 4))), "Mon 07 Dec 08:00"),
        ("Tue 2026-11-24 03:00", times(quiet=(0, 0)), "Tue 24 Nov 03:00"),
        ("Sun 2026-03-29 01:30", times(frozenset(range(7))), "Sun 29 Mar 08:00"),  # the clocks go forward
        ("Sun 2026-10-25 01:30", times(frozenset(range(7))), "Sun 25 Oct 08:00"),  # and back
    ],
)
def test_the_next_moment_at_which_a_person_may_be_spoken_to(moment: str, whose: Times, expected: str) -> None:
    assert f"{whose.next_hearing(at(moment), CALENDAR, LONDON):%a %d %b %H:%M}" == expected


def test_nothing_that_goes_to_many_comes_before_nine() -> None:
    moment = times().next_hearing(at("Tue 2026-11-24 08:10"), CALENDAR, LONDON, LADDER.bulk_from)
    assert moment == at("Tue 2026-11-24 09:00")


def test_a_clock_in_hours_speaks_at_any_hour_as_urgent() -> None:
    due = at("Sun 2026-11-29 03:00")
    rungs = hours_rungs(LADDER, due)
    assert [(due - rung.moment).total_seconds() / 3600 for rung in rungs] == [24, 4, 1]
    assert {rung.urgency for rung in rungs} == {"urgent"}


def test_everybody_has_their_own_seconds_within_the_spread() -> None:
    moments = [digest_moment(LADDER, date(2026, 11, 24), 510, n, LONDON) for n in range(1, 601)]
    assert len(set(moments)) == 600
    first = at("Tue 2026-11-24 08:30")
    assert all(first <= moment < first + timedelta(seconds=600) for moment in moments)
    assert moments[4] == digest_moment(LADDER, date(2026, 11, 24), 510, 5, LONDON)


_DAYS = st.frozensets(st.integers(0, 6), min_size=1)
_HOURS = st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda pair: (pair[1] - pair[0]) % 24 <= 20)
_DATES = st.dates(date(2026, 2, 1), date(2027, 11, 30))


@given(_DAYS, _HOURS, _DATES, st.integers(0, 24 * 60 - 1))
def test_never_in_quiet_hours_and_never_on_a_day_off(
    days: frozenset[int], quiet: tuple[int, int], on: date, minute: int
) -> None:
    whose = times(days, quiet=quiet)
    moment = datetime.combine(on, time(*divmod(minute, 60)), LONDON)
    found = whose.next_hearing(moment, CALENDAR, LONDON)
    local = found.astimezone(LONDON)
    assert found >= moment
    assert local.weekday() in days
    assert CALENDAR.holiday(local.date()) is None
    assert not whose.is_quiet(local.time())


@given(_DAYS, _HOURS, _DATES)
def test_each_clock_speaks_before_or_on_its_day_and_only_on_the_persons_own_days(
    days: frozenset[int], quiet: tuple[int, int], do_by: date
) -> None:
    whose = times(days, quiet=quiet)
    rungs = day_rungs(LADDER, "core-group-first", do_by, do_by, whose, CALENDAR, LONDON)
    assert rungs[0].moment.date() < do_by
    for rung in rungs:
        assert rung.moment.date() <= do_by
        assert whose.may_hear(rung.moment, CALENDAR, LONDON)


@pytest.mark.parametrize("bad", ["25:99", "late", "23:30", "", "8:60"])
def test_a_bad_digest_time_gets_one_sentence(bad: str) -> None:
    with pytest.raises(Refusal, match="like 08:30") as refused:
        parse_digest(bad)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("typed", "minute"), [("8:30", 510), ("0915", 555), ("9am", 540), ("10", 600)])
def test_times_as_people_type_them(typed: str, minute: int) -> None:
    assert parse_digest(typed) == minute


@pytest.mark.parametrize(
    ("typed", "quiet"),
    [
        ("18:00-08:00", (1080, 480)),
        ("7pm to 7am", (1140, 420)),
        ("none", (0, 0)),
        ("1800 – 0800", (1080, 480)),
    ],
)
def test_quiet_hours_as_people_type_them(typed: str, quiet: tuple[int, int]) -> None:
    assert parse_quiet(typed) == quiet


@pytest.mark.parametrize("bad", ["25:99-08:00", "18:00", "08:00-07:00", "evenings"])
def test_bad_quiet_hours_get_one_sentence(bad: str) -> None:
    with pytest.raises(Refusal):
        parse_quiet(bad)


def test_working_days_as_people_type_them() -> None:
    assert parse_days("Mon Tue Wed") == parse_days("mon-wed") == 0b111
    with pytest.raises(Refusal, match="no weekday"):
        parse_days("Mon Blursday")


def test_leave_as_people_type_it() -> None:
    today = day("Tue 2026-11-24")
    assert parse_away("until 12 Dec", today) == (today, day("Sat 2026-12-12"))
    assert parse_away("from 7 Dec to 12/12", today) == (day("Mon 2026-12-07"), day("Sat 2026-12-12"))
    for bad in ("until 2 Nov 2026", "12 Dec until 7 Dec", "until whenever", "until 1 Jan 2030"):
        with pytest.raises(Refusal):
            parse_away(bad, today)


def test_a_council_replaces_what_it_likes(tmp_path: Path) -> None:

    (tmp_path / "reminding.toml").write_text("before_at = 13:45:00\n[overdue]\nsteps = [2]\n")
    own = load_ladder(tmp_path)
    assert (own.before_at, own.overdue.steps, own.overdue.every) == (time(13, 45), (2,), 5)
    (tmp_path / "reminding.toml").write_text("before_at = 13:45:00\nquiet_form = 19:00:00\n")
    with pytest.raises(BrokenContent, match="quiet_form"):
        load_ladder(tmp_path)
