"""Chances and thresholds, found on hands that were left out of training."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.finding.danger import danger_signals
from bot.finding.decision import chances, likely, rank
from bot.finding.prepared import Arrays, Prepared, Raw, Scored
from bot.finding.text import plain

SHARPNESS = 7.0
SHARE = 0.5  # the sentence model's share of the word
REFUSED_FROM = 0.5
ALARM_FROM = {
    "alone": 0.35,
    "together": 0.15,
}  # a miss costs more than a false alarm; lower, worries ring too
# Of lines of left-out hands, of which a second reader has named what else would do (docs/finding.md).
MOST_WRONG = 0.01


def calibrate(
    rows: Sequence[Prepared], raw: Raw, second: Raw | None, names: list[str], share: float
) -> tuple[Arrays, float]:
    """Weights of "sure" and "refuse" and the threshold to show, from scores of hands that were left out."""
    shown = np.array([not name.startswith("-") for name in names])
    signals, right, refused = [], [], []
    for at, row in enumerate(rows):
        shares = chances(raw[at], None if second is None else second[at], SHARPNESS, share)
        ranking = rank(shares, shown)
        signals.append(ranking.signals(len(row.found)))
        first = names[ranking.places[0]]
        right.append(row.line.kind != "ambiguous" and first in row.line.entries)
        refused.append(not row.line.entries)
    known = np.array(signals)
    fitted = [
        LogisticRegression(C=10, fit_intercept=False, max_iter=500).fit(known, goal).coef_[0]
        for goal in (right, refused)
    ]
    sure = np.array([likely(fitted[0], signal) for signal in known])
    order = np.argsort(-sure)
    wrong = np.cumsum(~np.array(right)[order])
    last = int(np.flatnonzero(wrong <= MOST_WRONG * len(order)).max())
    return {"sure": fitted[0], "refuse": fitted[1]}, float(sure[order][last])


def calibrate_danger(rows: Sequence[Prepared], danger: Raw, second: Raw | None) -> Arrays:
    """How the learnt danger and the signs weigh together; only hands that hold danger count."""
    urgent = np.array([row.line.kind == "urgent" for row in rows])
    hands = {row.line.hand for row in rows if row.line.kind == "urgent"}
    told = np.array([row.line.hand in hands for row in rows])
    known = np.array(
        [
            danger_signals(
                plain(row.line.question), float(danger[at]), None if second is None else float(second[at])
            )
            for at, row in enumerate(rows)
        ]
    )
    fitted = LogisticRegression(C=1, class_weight={False: 1, True: 3}, fit_intercept=False, max_iter=2000)
    fitted.fit(known[told], urgent[told])
    return {"alarm": fitted.coef_[0]}


def calibration(
    kind: str, rows: Sequence[Prepared], linear: Scored, second: Scored | None, names: list[str]
) -> Arrays:
    """All that a Calibration holds, as arrays named after its kind."""
    share = SHARE if second else 0.0
    found, shown_from = calibrate(rows, linear[0], second[0] if second else None, names, share)
    alarm = calibrate_danger(rows, linear[1], second[1] if second else None)
    shape = np.array([SHARPNESS, share, shown_from, REFUSED_FROM, ALARM_FROM[kind]])
    return {f"{kind}_{name}": values for name, values in (found | alarm | {"shape": shape}).items()}
