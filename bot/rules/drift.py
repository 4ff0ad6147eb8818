"""The signs that a case drifts, from plain facts; each with a weight for the drift list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.rules.deadlines import add_months
from bot.rules.visits import PastVisit, Sign, visit_signs

PLAN_MONTHS = (24, 18, 15, 12, 9)
"""Marks at which inspectors and councils look harder (focused visit, F15)."""
PRE_PROCEEDINGS_WEEKS = (16, 12)


@dataclass(frozen=True)
class CaseFacts:
    """What is known of a case. days_late: of each overdue clock that is the council's own."""

    plan_since: date | None
    plans: int
    pre_proceedings_weeks: int | None
    workers_in_a_year: int
    days_late: Sequence[int]
    visits: Sequence[PastVisit]
    disabled: bool
    visit_periods_overdue: int
    conference_lost: bool
    due_soon: int = 0
    """How many of the council's own clocks run out in the next days (bot.rules.figures)."""
    visits_late: int = 0
    """How many visit clocks have run out."""
    missed_in_a_row: int = 0
    """How many arranged visits did not take place since the child was last seen."""


def drift_signs(facts: CaseFacts, today: date) -> list[Sign]:
    """Every sign, strongest first. Source: the focused visit's findings F5, F13, F15, F16 and F20."""
    signs = visit_signs(facts.visits, disabled=facts.disabled, overdue_periods=facts.visit_periods_overdue)
    if facts.missed_in_a_row >= 2:
        count = facts.missed_in_a_row
        signs.append(Sign("missed", f"{count} arranged visits missed in a row", 2 + count))
    if facts.plan_since is not None:
        passed = [m for m in PLAN_MONTHS if add_months(facts.plan_since, m, beginning=False) <= today]
        if passed:
            signs.append(Sign("long-plan", f"on a plan over {passed[0]} months", passed[0] // 3))
    if facts.plans > 1:
        signs.append(Sign("repeat-plan", f"plan number {facts.plans}", 2 + facts.plans))
    weeks = facts.pre_proceedings_weeks
    over = [mark for mark in PRE_PROCEEDINGS_WEEKS if weeks is not None and weeks > mark]
    if over:
        signs.append(Sign("long-pre-proceedings", f"in pre-proceedings over {over[0]} weeks", over[0] // 2))
    if facts.workers_in_a_year > 2:
        count = facts.workers_in_a_year
        signs.append(Sign("workers", f"{count} social workers in a year", count))
    if facts.days_late:
        worst, count = max(facts.days_late), len(facts.days_late)
        words = f"{count} overdue, the worst by {worst} day{'' if worst == 1 else 's'}"
        signs.append(Sign("overdue", words, min(10, count + worst // 5)))
    if facts.conference_lost:
        signs.append(Sign("conference", "the conference date has passed", 8))
    return sorted(signs, key=lambda sign: -sign.weight)
