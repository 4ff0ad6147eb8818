"""A team's figures: what is late and what drifts, added up case by case; and whether it gets better."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date

from bot.rules.deadlines import add_months
from bot.rules.drift import PLAN_MONTHS, PRE_PROCEEDINGS_WEEKS, CaseFacts
from bot.rules.visits import not_alone_in_a_row

DUE_SOON_DAYS = 7
"""How many days ahead "due this week" looks."""
IN_A_ROW = 2
"""So many visits running at which the child was not seen alone are a sign (focused visit, F13)."""


@dataclass(frozen=True)
class Figures:
    """Counts over some cases and people. plans_N: on a plan over N months, those over more included."""

    cases: int = 0
    overdue: int = 0
    due_soon: int = 0
    visits_late: int = 0
    not_alone: int = 0
    unacknowledged: int = 0
    actions_late: int = 0
    plans_9: int = 0
    plans_12: int = 0
    plans_15: int = 0
    plans_18: int = 0
    plans_24: int = 0
    pre_12: int = 0
    pre_16: int = 0
    many_workers: int = 0
    conferences_lost: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """Both together."""
        mine, theirs = asdict(self), asdict(other)
        return Figures(**{name: mine[name] + theirs[name] for name in mine})

    def as_json(self) -> dict[str, int]:
        """A form that the database keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, int]) -> "Figures":
        """What as_json gave, perhaps under an earlier version: a count that it lacked is 0."""
        return cls(**{field.name: int(kept.get(field.name, 0)) for field in fields(cls)})


def added(parts: Sequence[Figures]) -> Figures:
    """All together; zeros for none."""
    total = Figures()
    for part in parts:
        total += part
    return total


def figures_of(facts: CaseFacts, today: date) -> Figures:
    """What one case counts for."""
    months = {
        f"plans_{mark}": int(
            facts.plan_since is not None and add_months(facts.plan_since, mark, beginning=False) <= today
        )
        for mark in PLAN_MONTHS
    }
    weeks = {
        f"pre_{mark}": int(facts.pre_proceedings_weeks is not None and facts.pre_proceedings_weeks > mark)
        for mark in PRE_PROCEEDINGS_WEEKS
    }
    return Figures(
        cases=1,
        overdue=len(facts.days_late),
        due_soon=facts.due_soon,
        visits_late=facts.visits_late,
        not_alone=int(not_alone_in_a_row(facts.visits) >= IN_A_ROW),
        many_workers=int(facts.workers_in_a_year > 2),
        conferences_lost=int(facts.conference_lost),
        **months,
        **weeks,
    )


TRENDING: Mapping[str, str] = {
    "overdue": "overdue",
    "visits_late": "visits late",
    "not_alone": "not seen alone",
    "plans_15": "plans over 15 months",
}
"""The few figures that the trend speaks of, each better the lower it is."""


@dataclass(frozen=True)
class Week:
    """The figures at one week's summary; monday names the week."""

    monday: date
    figures: Figures


@dataclass(frozen=True)
class Change:
    """How one figure moved from the first week kept to the last."""

    what: str
    before: int
    now: int

    @property
    def verdict(self) -> str:
        """better, worse or the same."""
        if self.now == self.before:
            return "the same"
        return "better" if self.now < self.before else "worse"


def changes(weeks: Sequence[Week]) -> list[Change]:
    """How each trending figure moved; nothing until there are two weeks to compare."""
    if len(weeks) < 2:
        return []
    first, last = weeks[0].figures.as_json(), weeks[-1].figures.as_json()
    return [Change(words, first[name], last[name]) for name, words in TRENDING.items()]
