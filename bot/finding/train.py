"""Trains the model from data/ and writes model.npz: python -m bot.finding.train."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.finding.calibrating import calibration
from bot.finding.corpus import BODY, data_hash, left_out_opinions, snapshot_guidance, training_lines
from bot.finding.features import GROUP_WEIGHTS
from bot.finding.prepared import REFUSED, Arrays, Prepared, Raw, Scored, class_names, prepare
from bot.finding.weights import packed

SEED = 20261124
RAREST = 2  # a feature seen once says nothing about an unseen question
COST = 1.0
BODY_WEIGHT = 0.4  # sentences of the guidance are not how people ask
# Left out together so that training stays under a quarter of an hour; of the hands on part C three stay in.
FOLDS = (
    ("hand1", "hand7"),
    ("hand2", "hand8"),
    ("hand3", "hand9", "hand16"),
    ("hand4", "hand10", "hand17"),
    ("hand5", "guidance"),
    ("hand6", "hand11", "hand12", "hand13", "hand14", "hand15", "hand18"),
    ("hand19", "hand20", "hand21", "hand22"),
    ("hand23", "hand24", "hand25", "hand26", "hand27"),
    ("hand28", "hand29", "hand30", "hand31", "hand32", "hand33"),
    ("hand35", "hand36", "hand37"),
)
PATH = Path(__file__).with_name("model.npz")


def _group(rows: Sequence[Prepared], group: int) -> tuple[NDArray[np.uint32], NDArray[np.float16]]:
    seen: Counter[int] = Counter()
    for row in rows:
        seen.update(row.counts[group].keys())
    hashes = sorted(key for key, times in seen.items() if times >= RAREST)
    rarity = [np.log(len(rows) / seen[key]) for key in hashes]
    return np.array(hashes, np.uint32), np.array(rarity, np.float16)


def matrix(rows: Sequence[Prepared], arrays: Arrays) -> sp.csr_matrix:
    """The features as the model sees them at run time."""
    blocks = []
    for group, name in enumerate(("word", "piece")):
        place = {int(key): at for at, key in enumerate(arrays[f"{name}_hashes"])}
        rarity = arrays[f"{name}_rarity"].astype(np.float32)
        starts, columns, values = [0], [], []
        for row in rows:
            known = [(place[key], times) for key, times in row.counts[group].items() if key in place]
            raw = np.array([(1 + np.log(times)) * rarity[at] for at, times in known], np.float32)
            length = float(np.sqrt(raw @ raw)) or 1.0
            columns += [at for at, _ in known]
            values += list(raw * (GROUP_WEIGHTS[group] / length))
            starts.append(len(columns))
        blocks.append(sp.csr_matrix((values, columns, starts), shape=(len(rows), len(place))))
    return sp.hstack(blocks).tocsr().astype(np.float32)


def _targets(rows: Sequence[Prepared], names: list[str]) -> tuple[list[int], list[int], list[float]]:
    """A line with several right entries is learnt once for each, with a share of its weight."""
    place = {name: at for at, name in enumerate(names)}
    picked, classes, weights = [], [], []
    for at, row in enumerate(rows):
        right = row.line.entries or (REFUSED[row.line.kind],)
        whole = BODY_WEIGHT if row.line.kind == BODY else 1.0
        for slug in right:
            picked.append(at)
            classes.append(place[slug])
            weights.append(whole / len(right))
    return picked, classes, weights


def fit(rows: Sequence[Prepared], names: list[str]) -> Arrays:
    """Fit classes and danger on these rows."""
    arrays: Arrays = {}
    for group, name in enumerate(("word", "piece")):
        arrays[f"{name}_hashes"], arrays[f"{name}_rarity"] = _group(rows, group)
    seen = matrix(rows, arrays)
    picked, classes, weights = _targets(rows, names)
    main = LinearSVC(C=COST, tol=1e-3, random_state=SEED).fit(seen[picked], classes, weights)
    full = np.full((len(names), seen.shape[1]), 0.0)
    bias = np.full(len(names), -1.0)
    full[main.classes_], bias[main.classes_] = main.coef_, main.intercept_
    urgent = [row.line.kind == "urgent" for row in rows]
    danger = LogisticRegression(C=30, class_weight={False: 1, True: 5}, max_iter=200).fit(seen, urgent)
    scale = np.abs(full).max(axis=1) / 127
    scale[scale == 0] = 1.0
    arrays |= {
        "weights": np.round(full / scale[:, None]).astype(np.int8).T.copy(),
        "scale": scale.astype(np.float32),
        "bias": bias.astype(np.float32),
        "danger": danger.coef_[0].astype(np.float16),
        "danger_bias": danger.intercept_.astype(np.float32),
    }
    return arrays


def scores(rows: Sequence[Prepared], arrays: Arrays) -> tuple[Raw, Raw]:
    """Class scores and danger of many rows at once."""
    seen = matrix(rows, arrays)
    weights = arrays["weights"].astype(np.float32) * arrays["scale"]
    danger = seen @ arrays["danger"].astype(np.float32) + arrays["danger_bias"]
    return np.asarray(seen @ weights + arrays["bias"], np.float32), np.asarray(danger, np.float32)


def fold(hand: str) -> str:
    """The hands that are left out together with this one; none is left out with the guidance's sentences."""
    return next(("+".join(hands) for hands in FOLDS if hand in hands), "")


def left_out_models(rows: Sequence[Prepared], names: list[str]) -> dict[str, Arrays]:
    """For each fold a model that has not learnt from its hands."""
    folds = sorted({fold(row.line.hand) for row in rows if row.line.kind != BODY})
    return {left: fit([row for row in rows if fold(row.line.hand) != left], names) for left in folds}


def left_out_scores(rows: Sequence[Prepared], models: dict[str, Arrays]) -> tuple[Raw, Raw]:
    """Class scores and danger of every row from the model that has not learnt from its hand."""
    classes = np.zeros((len(rows), len(models[next(iter(models))]["bias"])), np.float32)
    danger = np.zeros(len(rows), np.float32)
    for left, arrays in models.items():
        inside = [at for at, row in enumerate(rows) if fold(row.line.hand) == left]
        classes[inside], danger[inside] = scores([rows[at] for at in inside], arrays)
    return classes, danger


def spellings(rows: Sequence[Prepared]) -> str:
    """The words seen at least three times: what a mistyped word may have meant."""
    seen = Counter(word for row in rows for word in row.found if word.isalpha() and len(word) > 3)
    return " ".join(sorted(word for word, times in seen.items() if times >= 3))


@dataclass(frozen=True, slots=True)
class Trained:
    """The shipped arrays, and what judges them: the rows and the models with hands left out."""

    arrays: Arrays
    rows: list[Prepared]
    left_out: dict[str, Arrays]


def train() -> Trained:
    """The whole model from the data."""
    learnt = prepare(training_lines())
    names = class_names(learnt)
    rows = [row for row in learnt if row.line.kind != BODY]
    models = left_out_models(learnt, names)
    linear = left_out_scores(rows, models)
    shared = calibration("alone", rows, linear, None, names)
    at, second = recorded(rows, names)
    if at:
        both = (linear[0][at], linear[1][at])
        shared |= calibration("together", [rows[place] for place in at], both, second, names)
    else:
        shared |= {name.replace("alone", "together"): values for name, values in shared.items()}
    shared |= {
        "classes": np.array(names),
        "spellings": np.array(spellings(rows)),
        "data_hash": np.array(data_hash()),
    }
    return Trained(fit(learnt, names) | shared, rows, {left: a | shared for left, a in models.items()})


def recorded(rows: Sequence[Prepared], names: list[str]) -> tuple[list[int], Scored]:
    """The rows that a sentence model scored without having learnt from their hands, and those scores."""
    kept = left_out_opinions(names)
    at = [place for place, row in enumerate(rows) if (row.line.hand, row.line.question) in kept]
    scored = [kept[rows[place].line.hand, rows[place].line.question] for place in at]
    return at, (np.array([s for s, _ in scored], np.float32), np.array([d for _, d in scored], np.float32))


def as_shipped(arrays: Arrays) -> Arrays:
    """The arrays as the file holds them and the model takes them."""
    small = dict(arrays)
    weights, words = small.pop("weights"), len(arrays["word_hashes"])
    marks, values = packed(weights[:words])
    return small | {"word_marks": marks, "word_values": values, "piece_weights": weights[words:]}


def main() -> None:
    """Take the guidance in, train, and write the file."""
    snapshot_guidance()
    np.savez_compressed(PATH, allow_pickle=False, **as_shipped(train().arrays))
    sys.stdout.write(f"{PATH.name}: {PATH.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
