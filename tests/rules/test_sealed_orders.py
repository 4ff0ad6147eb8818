"""The end on a sealed order beats any sum (the fact sheets' rule 8)."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.content.bank_holidays import england
from bot.content.loading import load_library
from bot.rules.deadlines import Moment
from bot.rules.pathway import CaseClock, Happened, case_clocks
from tests.days import day

BOOK = load_library().book
LONDON = ZoneInfo("Europe/London")
EPO = Happened(1, "emergency-protection-order-made", day("Tue 2026-11-24"))
ICO = Happened(2, "interim-care-order-made", day("Fri 2026-11-27"))


def clocks(*events: Happened) -> dict[str, list[CaseClock]]:
    """By rule, those about how long orders run."""
    found: dict[str, list[CaseClock]] = {}
    for clock in case_clocks(events, BOOK, {}, england(), LONDON):
        if clock.timescale.sealed_end_of:
            found.setdefault(clock.timescale.id, []).append(clock)
    return found


def test_without_the_order_the_law_is_counted() -> None:
    (clock,) = clocks(EPO)["epo-length"]
    assert (clock.due.due, clock.due.sealed) == (day("Tue 2026-12-01"), False)


@pytest.mark.parametrize(
    ("ends", "last_day", "do_by"),
    [
        (day("Fri 2026-11-27"), "Fri 2026-11-27", "Fri 2026-11-27"),
        (day("Sun 2026-11-29"), "Sun 2026-11-29", "Fri 2026-11-27"),
        (day("Mon 2026-12-07"), "Mon 2026-12-07", "Mon 2026-12-07"),
        (datetime(2026, 11, 27, 12, tzinfo=UTC), "Fri 2026-11-27", "Fri 2026-11-27"),
    ],
)
def test_the_sealed_end_stands_in_the_place_of_the_sum(ends: Moment, last_day: str, do_by: str) -> None:
    (clock,) = clocks(replace(EPO, ends=ends))["epo-length"]
    assert clock.due.sealed
    assert clock.due.due == ends
    assert clock.due.last_day == day(last_day)
    assert clock.due.do_by is not None
    assert (clock.due.do_by.date() if isinstance(clock.due.do_by, datetime) else clock.due.do_by) == day(
        do_by
    )


def test_a_moment_after_midnight_in_summer_falls_on_the_days_of_the_office() -> None:
    ends = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    (clock,) = clocks(replace(EPO, day=day("Wed 2026-06-24"), ends=ends))["epo-length"]
    assert clock.due.last_day == day("Wed 2026-07-01")


def test_an_order_not_sealed_yet_is_still_counted_beside_a_later_one_that_is() -> None:
    later = replace(EPO, id=5, day=day("Thu 2026-11-26"), ends=day("Mon 2026-11-30"))
    found = clocks(EPO, later)["epo-length"]
    assert {(clock.start.id, clock.due.sealed) for clock in found} == {(1, False), (5, True)}


def test_an_interim_care_order_has_only_its_own_end() -> None:
    assert "ct-ico-duration" not in clocks(ICO), "no law gives it a length"
    first = replace(ICO, ends=day("Fri 2027-01-29"))
    (clock,) = clocks(first)["ct-ico-duration"]
    assert (clock.due.due, clock.state) == (day("Fri 2027-01-29"), "open")
    renewed = Happened(3, "interim-care-order-made", day("Fri 2027-01-22"), ends=day("Fri 2027-03-26"))
    before, now = sorted(clocks(first, renewed)["ct-ico-duration"], key=lambda clock: clock.start.id)
    assert (before.state, now.state, now.due.due) == ("ended", "open", day("Fri 2027-03-26"))
    (over,) = clocks(first, Happened(4, "care-order-made", day("Mon 2027-01-25")))["ct-ico-duration"]
    assert over.state == "ended"


def test_a_supervision_order_ends_as_it_says() -> None:
    made = Happened(1, "supervision-order-made", day("Tue 2026-11-24"), ends=day("Mon 2027-05-24"))
    (clock,) = clocks(made)["ct-supervision-order-end"]
    assert clock.due.due == day("Mon 2027-05-24")
