"""What follows from what happened: clocks open, close and fall away."""

from zoneinfo import ZoneInfo

import pytest

from bot.content.bank_holidays import england
from bot.content.timescale_files import load_timescales
from bot.rules.pathway import CaseClock, Happened, case_clocks
from bot.rules.timescales import Limit
from tests.days import day

BOOK = load_timescales()
CALENDAR, LONDON = england(), ZoneInfo("Europe/London")
LOCAL = {"cp-visit": Limit(amount=10, unit="working-days")}


def clocks(*events: str, local: dict[str, Limit] | None = None) -> dict[str, CaseClock]:
    """The latest clock of each timescale, for events written as "Tue 2026-11-03 icpc-held no-plan"."""
    history = []
    for number, text in enumerate(events, 1):
        weekday, iso, kind, *detail = text.split()
        history.append(Happened(number, kind, day(f"{weekday} {iso}"), detail=" ".join(detail)))
    found = case_clocks(history, BOOK, LOCAL if local is None else local, CALENDAR, LONDON)
    return {clock.timescale.id: clock for clock in sorted(found, key=lambda clock: clock.start.id)}


def test_a_conference_is_due_15_working_days_from_the_strategy_discussion() -> None:
    found = clocks("Tue 2026-11-03 strategy-discussion-held")["icpc"]
    assert (found.due.due, found.state) == (day("Tue 2026-11-24"), "open")


@pytest.mark.parametrize(
    "events",
    [
        ("Tue 2026-11-03 strategy-discussion-held", "Tue 2026-11-10 strategy-discussion-held"),
        ("Tue 2026-11-03 strategy-discussion-held", "Tue 2026-11-03 s47-started",
         "Tue 2026-11-10 strategy-discussion-held"),
        ("Tue 2026-11-03 strategy-discussion-held", "Thu 2026-11-05 s47-started"),
        ("Mon 2026-11-02 strategy-discussion-held no-s47", "Tue 2026-11-03 strategy-discussion-held",
         "Tue 2026-11-03 s47-started"),
        ("Tue 2026-11-03 s47-started",),
        ("Tue 2026-11-03 strategy-discussion-held", "Mon 2026-11-16 s47-outcome",
         "Tue 2026-11-17 strategy-discussion-held"),
    ],
)  # fmt: skip
def test_a_later_strategy_discussion_never_restarts_the_conference_clock(events: tuple[str, ...]) -> None:
    assert clocks(*events)["icpc"].due.due == day("Tue 2026-11-24")


def test_without_section_47_no_conference_clock_runs() -> None:
    assert "icpc" not in clocks("Tue 2026-11-03 strategy-discussion-held no-s47")


def test_a_decision_that_no_conference_is_needed_ends_the_clock_and_a_new_enquiry_starts_another() -> None:
    ended = clocks("Tue 2026-11-03 strategy-discussion-held", "Mon 2026-11-16 s47-outcome no-conference")
    assert ended["icpc"].state == "ended"
    again = clocks(
        "Tue 2026-11-03 strategy-discussion-held",
        "Mon 2026-11-16 s47-outcome no-conference",
        "Tue 2026-11-17 strategy-discussion-held",
    )
    assert (again["icpc"].state, again["icpc"].due.due) == ("open", day("Tue 2026-12-08"))


def test_a_conference_meets_its_clock_and_opens_core_group_and_review() -> None:
    found = clocks("Tue 2026-11-03 strategy-discussion-held", "Thu 2026-11-19 icpc-held")
    assert (found["icpc"].state, found["icpc"].closed_on) == ("met", day("Thu 2026-11-19"))
    assert found["core-group-first"].due.due == day("Thu 2026-12-03")
    assert found["rcpc-first"].due.due == day("Fri 2027-02-19")


def test_a_conference_without_a_plan_opens_nothing() -> None:
    found = clocks("Thu 2026-11-19 icpc-held no-plan")
    assert not {"core-group-first", "rcpc-first"} & set(found)


def test_the_second_review_counts_from_the_first() -> None:
    found = clocks("Mon 2026-06-01 icpc-held", "Tue 2026-08-25 rcpc-held")
    assert found["rcpc-first"].state == "met"
    assert found["rcpc-next"].due.due == day("Thu 2027-02-25")


def test_the_end_of_a_plan_ends_its_clocks() -> None:
    found = clocks(
        "Mon 2026-06-01 icpc-held",
        "Tue 2026-08-25 rcpc-held",
        "Wed 2026-08-26 cp-visit",
        "Tue 2026-09-01 plan-ended",
    )
    assert {clock.state for clock in found.values()} <= {"met", "ended"}


def test_each_visit_starts_the_next_by_the_councils_rule_and_only_by_it() -> None:
    found = clocks("Tue 2026-11-24 cp-visit")
    assert found["cp-visit"].due.due == day("Tue 2026-12-08")
    assert "cp-visit" not in clocks("Tue 2026-11-24 cp-visit", local={})


def test_26_weeks_count_the_day_of_issue() -> None:
    assert clocks("Tue 2026-11-24 proceedings-issued")["ct-26-weeks"].due.due == day("Mon 2027-05-24")


def test_looked_after_reviews_follow_one_another() -> None:
    found = clocks("Tue 2026-11-24 became-looked-after")
    assert found["lac-review-first"].due.due == day("Tue 2026-12-22")
    found = clocks("Tue 2026-11-24 became-looked-after", "Mon 2026-12-21 lac-review-held")
    assert found["lac-review-first"].state == "met"
    assert found["lac-review-second"].due.due == day("Sun 2027-03-21")


def test_closing_the_case_ends_everything() -> None:
    found = clocks("Tue 2026-11-24 became-looked-after", "Wed 2026-11-25 case-closed")
    assert {clock.state for clock in found.values()} == {"ended"}


def test_remembered_rules_and_law_not_in_force_never_run_by_themselves() -> None:
    never = {row.id for row in BOOK.rows if row.verified == "memory" or row.status != "in force"}
    everything = [f"Tue 2026-11-24 {row.trigger}" for row in BOOK.rows if row.trigger]
    assert never
    assert not never & set(clocks(*dict.fromkeys(everything), local={}))


def every_open(*events: str) -> dict[str, list[str]]:
    """Each open clock's due days, by timescale."""
    history = []
    for number, text in enumerate(events, 1):
        weekday, iso, kind, *detail = text.split()
        history.append(Happened(number, kind, day(f"{weekday} {iso}"), detail=" ".join(detail)))
    found: dict[str, list[str]] = {}
    for clock in case_clocks(history, BOOK, LOCAL, CALENDAR, LONDON):
        if clock.state == "open":
            found.setdefault(clock.timescale.id, []).append(f"{clock.due.last_day:%a %Y-%m-%d}")
    return found


PLACED = (
    "Mon 2026-11-02 became-looked-after",
    "Mon 2026-11-02 placement-started",
    "Mon 2026-11-02 reg24-approved",
)


def test_a_connected_persons_placement_is_visited_weekly_until_the_first_review() -> None:
    assert every_open(*PLACED)["lac-visit-connected-temp"] == ["Mon 2026-11-09"]
    seen = every_open(*PLACED, "Thu 2026-11-05 lac-visit")
    assert seen["lac-visit-connected-temp"] == ["Thu 2026-11-12"]
    reviewed = every_open(*PLACED, "Thu 2026-11-05 lac-visit", "Thu 2026-11-26 lac-review-held")
    assert reviewed["lac-visit-connected-temp"] == ["Thu 2026-12-24"]


def test_where_two_rules_overlap_the_stricter_speaks_and_names_the_other() -> None:
    seen = every_open(*PLACED, "Thu 2026-11-05 lac-visit")
    assert "lac-visit-year-one" not in seen
    history = [
        Happened(1, "became-looked-after", day("Mon 2026-11-02")),
        Happened(2, "placement-started", day("Mon 2026-11-02")),
        Happened(3, "reg24-approved", day("Mon 2026-11-02")),
        Happened(4, "lac-visit", day("Thu 2026-11-05")),
    ]
    found = case_clocks(history, BOOK, LOCAL, CALENDAR, LONDON)
    weekly = next(c for c in found if c.timescale.id == "lac-visit-connected-temp" and c.state == "open")
    assert BOOK.find("lac-visit-year-one").title in weekly.instead_of  # type: ignore[union-attr]  # it is there


def test_a_move_to_another_placement_ends_the_weekly_visits() -> None:
    moved = every_open(*PLACED, "Thu 2026-11-05 lac-visit", "Mon 2026-11-09 placement-started")
    assert "lac-visit-connected-temp" not in moved
    assert moved["lac-visit-first"] == ["Mon 2026-11-16"]


def test_privately_fostered_children_are_visited_less_often_after_a_year() -> None:
    first = every_open("Mon 2026-01-05 private-fostering-notified")
    assert first["pf-visit-year1"] == ["Mon 2026-02-16"]
    later = every_open("Mon 2026-01-05 private-fostering-notified", "Tue 2027-01-05 private-fostering-visit")
    assert "pf-visit-year1" not in later
    assert later["pf-visit-year2"] == ["Tue 2027-03-30"]


def test_after_the_first_looked_after_review_only_the_stricter_clock_runs() -> None:
    found = every_open("Tue 2026-11-24 became-looked-after", "Mon 2026-12-21 lac-review-held")
    assert found["lac-review-second"] == ["Sun 2027-03-21"]
    assert "lac-review-subsequent" not in found
    third = every_open(
        "Tue 2026-11-24 became-looked-after",
        "Mon 2026-12-21 lac-review-held",
        "Mon 2027-03-15 lac-review-held",
    )
    assert third["lac-review-subsequent"] == ["Wed 2027-09-15"]


def test_the_first_visit_of_a_plan_counts_from_its_conference() -> None:
    assert every_open("Tue 2026-11-24 icpc-held")["cp-visit"] == ["Tue 2026-12-08"]


def test_hearings_count_back() -> None:
    found = every_open("Tue 2026-11-24 proceedings-issued", "Wed 2026-12-09 case-management-hearing")
    assert found["ct-sdo-case-summary"] == ["Mon 2026-12-07"]
    assert found["ct-26-weeks"] == ["Mon 2027-05-24"]
