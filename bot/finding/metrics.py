"""The figures by which finding is judged (the rules are those of data/evaluation)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.finding.corpus import Line
from bot.finding.result import Finding

MOST_OFFERED = 4
COLUMNS = (
    "hit@1",
    "hit@3",
    "MRR@10",
    "outright",
    "wrong",
    "refused wrongly",
    "none near",
    "none far",
    "urgent",
    "false alarm",
    "choices",
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One line with what was found for it."""

    line: Line
    found: Finding

    @property
    def place(self) -> int | None:
        """The place of the first right entry among the candidates, from 1."""
        ranked = self.found.candidates
        return next((at for at, slug in enumerate(ranked, 1) if slug in self.line.entries), None)

    @property
    def shown_wrongly(self) -> bool:
        """An entry is shown as the answer, and it is not a right one."""
        return self.found.status in ("answer", "urgent") and self.found.entry not in self.line.entries

    @property
    def outright(self) -> bool:
        """The right entry is shown as the answer."""
        return self.found.entry is not None and self.found.entry in self.line.entries

    @property
    def offers_choices(self) -> bool:
        """At least two of the few entries offered are right ones."""
        offered = set(self.found.candidates[:MOST_OFFERED]) & set(self.line.entries)
        return self.found.status == "choices" and len(offered) >= 2


def share(values: Sequence[float]) -> float:
    """The mean, or not a number where there is nothing to judge."""
    return float(np.mean(values)) if values else float("nan")


def figures(judged: Sequence[Judged], far: frozenset[str] = frozenset()) -> dict[str, float]:
    """All figures of one run. `far` names the questions that are far from the subject."""
    of = {kind: [j for j in judged if j.line.kind == kind] for kind in {j.line.kind for j in judged}}
    answerable, urgent = of.get("answerable", []), of.get("urgent", [])
    none = [j for j in judged if not j.line.entries]
    near = [j for j in none if j.line.kind != "far" and j.line.question not in far]
    distant = [j for j in none if j.line.kind == "far" or j.line.question in far]
    ranked = [j.place for j in answerable + urgent]
    clear = [j for j in judged if j.line.kind != "ambiguous"]
    return {
        "hit@1": share([place == 1 for place in ranked]),
        "hit@3": share([place is not None and place <= 3 for place in ranked]),
        "MRR@10": share([1 / place if place else 0.0 for place in ranked]),
        "outright": share([j.outright for j in answerable]),
        "wrong": share([j.shown_wrongly for j in clear]),
        "refused wrongly": share([j.found.status == "none" for j in answerable]),
        "none near": share([j.found.status == "none" for j in near]),
        "none far": share([j.found.status == "none" for j in distant]),
        "urgent": share([j.found.status == "urgent" for j in urgent]),
        "false alarm": share([j.found.status == "urgent" for j in answerable + none]),
        "choices": share([j.offers_choices for j in of.get("ambiguous", [])]),
    }


def interval(values: Sequence[float], seed: int, times: int = 1000) -> tuple[float, float]:
    """The middle 95 % of the mean under resampling."""
    if not values:
        return float("nan"), float("nan")
    drawn = np.random.default_rng(seed).choice(np.asarray(values, float), (times, len(values)))
    low, high = np.percentile(drawn.mean(axis=1), (2.5, 97.5))
    return float(low), float(high)
