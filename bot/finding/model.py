"""The trained model: linear, over words and pieces of words, kept as small whole numbers."""

from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.finding.decision import Calibration
from bot.finding.features import GROUP_WEIGHTS, features
from bot.finding.weights import Weights

Floats = NDArray[np.float32]
MODEL = files("bot.finding") / "model.npz"
_SHORTEST_MENDED = 5
_MOST_MENDED = 12


@dataclass(frozen=True, slots=True)
class Group:
    """One group of features: the hashes it knows, in order, and how rare each is."""

    hashes: NDArray[np.uint32]
    rarity: Floats
    weight: float

    def vector(self, counts: Counter[int]) -> tuple[NDArray[np.intp], Floats]:
        """Rows and values (as long as its weight) of the features that this group knows."""
        keys = np.fromiter(counts.keys(), np.uint32, len(counts))
        times = np.fromiter(counts.values(), np.float32, len(counts))
        rows = np.minimum(np.searchsorted(self.hashes, keys), len(self.hashes) - 1)
        known = self.hashes[rows] == keys
        rows = rows[known]
        values = (1 + np.log(times[known])) * self.rarity[rows]
        length = float(np.sqrt(np.dot(values, values)))
        return rows, cast(Floats, values * (self.weight / length) if length else values)


@dataclass(frozen=True, slots=True)
class Scores:
    """Raw scores of one text: one a class, and that of danger."""

    classes: Floats
    danger: float


def _calibration(data: dict[str, Any], kind: str) -> Calibration:
    sure, refuse, alarm, shape = (
        data[f"{kind}_{name}"].astype(np.float64) for name in ("sure", "refuse", "alarm", "shape")
    )
    return Calibration(sure, refuse, alarm, *(float(value) for value in shape))


class Model:
    """Scores words. Classes are slugs, and kinds of question that must be refused (they begin with '-')."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.classes: tuple[str, ...] = tuple(str(name) for name in data["classes"])
        self.data_hash = str(data["data_hash"])
        self.alone = _calibration(data, "alone")
        self.together = _calibration(data, "together")
        self._groups = tuple(
            Group(data[f"{name}_hashes"], data[f"{name}_rarity"].astype(np.float32), weight)
            for name, weight in zip(("word", "piece"), GROUP_WEIGHTS, strict=True)
        )
        self._words = Weights.kept(data["word_marks"], data["word_values"], len(self.classes))
        self._pieces: NDArray[np.int8] = data["piece_weights"]
        self._scale = data["scale"].astype(np.float32)
        self._bias = data["bias"].astype(np.float32)
        self._danger = data["danger"].astype(np.float32)
        self._danger_bias = float(np.ravel(data["danger_bias"])[0])
        self._spellings = str(data["spellings"]).split()
        self._known = frozenset(self._spellings)

    @classmethod
    def shipped(cls) -> "Model":
        """The model file of the package."""
        with MODEL.open("rb") as file, np.load(file, allow_pickle=False) as data:
            return cls({name: data[name] for name in data.files})

    def mend(self, found: list[str]) -> list[str]:
        """The words, with those never seen replaced by the one known word that they nearly are."""
        left = _MOST_MENDED
        mended: list[str] = []
        for word in found:
            if left and len(word) >= _SHORTEST_MENDED and word.isalpha() and word not in self._known:
                left -= 1
                near = process.extractOne(
                    word,
                    self._spellings,
                    scorer=OSA.distance,
                    score_cutoff=1 if len(word) < 8 else 2,
                )
                mended.append(near[0] if near else word)
            else:
                mended.append(word)
        return mended

    def score(self, found: list[str], mended: list[str]) -> Scores:
        """Score one list of words, as typed and as mended."""
        word_counts, piece_counts = features(found, mended)
        classes = self._bias.copy()
        danger = self._danger_bias
        start = 0
        tables = (self._words.rows, self._piece_rows)
        for group, counts, table in zip(self._groups, (word_counts, piece_counts), tables, strict=True):
            rows, values = group.vector(counts)
            if len(rows):
                classes += (values @ table(rows)) * self._scale
                danger += float(values @ self._danger[rows + start])
            start += len(group.hashes)
        return Scores(classes, danger)

    def _piece_rows(self, rows: NDArray[np.intp]) -> Floats:
        return self._pieces[rows].astype(np.float32)
