"""From raw scores to a decision: how sure, whether to refuse, what to offer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights and thresholds found on hands left out of training.

    sharpness turns the linear model's scores into chances; second is the second opinion's share of the word.
    """

    sure: Values
    refuse: Values
    alarm: Values
    sharpness: float
    second: float
    shown_from: float
    refused_from: float
    alarm_from: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Chances of the entries that may be shown, best first, and of there being none."""

    places: NDArray[np.intp]
    chances: Values
    none: float
    best_is_shown: bool

    def signals(self, length: int) -> Values:
        """What the calibration looks at: the best, its lead, the chance of none, and the length."""
        first = float(self.chances[0]) if len(self.chances) else 0.0
        second = float(self.chances[1]) if len(self.chances) > 1 else 0.0
        logs = np.log(np.array([first, second, self.none]) + _SMALLEST)
        size = np.log2(min(length, 64) + 1.0)
        return np.array([1.0, logs[0], logs[0] - logs[1], logs[2], size, max(0.0, 3.0 - size)])


def _logs(scores: NDArray[np.float32], sharpness: float) -> Values:
    raised = (scores - scores.max()).astype(np.float64) * sharpness
    shared: Values = raised - np.log(np.exp(raised).sum())
    return shared


def chances(
    linear: NDArray[np.float32], second: NDArray[np.float32] | None, sharpness: float, share: float
) -> Values:
    """Scores as shares of one: the linear model's alone, or weighed with those of the second opinion."""
    logs = _logs(linear, sharpness)
    if second is not None:
        logs = (1 - share) * logs + share * _logs(second, 1.0)
    raised = np.exp(logs - logs.max())
    shared: Values = raised / raised.sum()
    return shared


def rank(shares: Values, shown: NDArray[np.bool_]) -> Ranking:
    """Rank what may be shown; everything else counts as none."""
    order = np.argsort(-shares, kind="stable")
    places = order[shown[order]]
    allowed = shares[places]
    return Ranking(places, allowed, float(1.0 - allowed.sum()), bool(shown[order[0]]))


def likely(weights: Values, signals: Values) -> float:
    """A calibrated chance."""
    return float(1.0 / (1.0 + np.exp(-np.clip(weights @ signals, -30, 30))))
