"""A team's figures: what a case counts for, sums, and which way they move."""

import pytest

from bot.rules.drift import CaseFacts
from bot.rules.figures import Change, Figures, Week, added, changes, figures_of
from bot.rules.visits import PastVisit
from tests.days import day

TODAY = day("Tue 2026-11-24")
NOTHING = CaseFacts(
    plan_since=None,
    plans=0,
    pre_proceedings_weeks=None,
    workers_in_a_year=1,
    days_late=[],
    visits=[],
    disabled=False,
    visit_periods_overdue=0,
    conference_lost=False,
)


def facts(**changed: object) -> CaseFacts:
    return CaseFacts(**{**NOTHING.__dict__, **changed})


def test_a_case_with_nothing_wrong_counts_as_a_case_alone() -> None:
    assert figures_of(NOTHING, TODAY) == Figures(cases=1)


@pytest.mark.parametrize(
    ("since", "counted"),
    [
        ("Wed 2026-02-25", ()),  # nine months are up on 25 November
        ("Tue 2026-02-24", (9,)),
        ("Mon 2025-11-24", (9, 12)),
        ("Sun 2025-08-24", (9, 12, 15)),
        ("Sat 2025-05-24", (9, 12, 15, 18)),
        ("Sun 2024-11-24", (9, 12, 15, 18, 24)),
    ],
)
def test_a_plan_counts_at_every_mark_that_it_has_passed(since: str, counted: tuple[int, ...]) -> None:
    found = figures_of(facts(plan_since=day(since)), TODAY).as_json()
    assert {mark for mark in (9, 12, 15, 18, 24) if found[f"plans_{mark}"]} == set(counted)


@pytest.mark.parametrize(("weeks", "over"), [(12, (0, 0)), (13, (1, 0)), (16, (1, 0)), (17, (1, 1))])
def test_pre_proceedings_count_when_over_the_mark(weeks: int, over: tuple[int, int]) -> None:
    found = figures_of(facts(pre_proceedings_weeks=weeks), TODAY)
    assert (found.pre_12, found.pre_16) == over


def test_late_clocks_visits_workers_and_conferences_count() -> None:
    seen = [PastVisit(TODAY, "seen"), PastVisit(TODAY, "not-seen"), PastVisit(TODAY, "alone")]
    found = figures_of(
        facts(
            days_late=[1, 4],
            due_soon=2,
            visits_late=1,
            visits=seen,
            workers_in_a_year=3,
            conference_lost=True,
        ),
        TODAY,
    )
    assert found == Figures(
        cases=1, overdue=2, due_soon=2, visits_late=1, not_alone=1, many_workers=1, conferences_lost=1
    )


def test_one_visit_not_alone_is_no_sign_yet_and_two_workers_are_not_many() -> None:
    found = figures_of(facts(visits=[PastVisit(TODAY, "seen")], workers_in_a_year=2), TODAY)
    assert found == Figures(cases=1)


def test_figures_add_up_and_survive_being_kept() -> None:
    both = added([Figures(cases=1, overdue=2), Figures(cases=3, plans_9=1)])
    assert both == Figures(cases=4, overdue=2, plans_9=1)
    assert Figures.from_json(both.as_json()) == both
    assert Figures.from_json({"cases": 2, "a count of a later version": 9}) == Figures(cases=2)
    assert added([]) == Figures()


def test_the_trend_compares_the_first_week_with_the_last() -> None:
    weeks = [
        Week(day("Mon 2026-11-09"), Figures(overdue=9, visits_late=1, not_alone=2)),
        Week(day("Mon 2026-11-16"), Figures(overdue=20, visits_late=9, not_alone=9)),
        Week(day("Mon 2026-11-23"), Figures(overdue=4, visits_late=3, not_alone=2)),
    ]
    found = changes(weeks)
    assert found[0] == Change("overdue", 9, 4)
    assert [change.verdict for change in found] == ["better", "worse", "the same", "the same"]
    assert changes(weeks[:1]) == []
