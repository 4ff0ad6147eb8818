"""A table of small whole numbers, most of them nought: only the others are kept."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Weights:
    """marks: a bit for each place that isn't nought; values: what stands there; starts: each row's first."""

    marks: NDArray[np.uint8]
    values: NDArray[np.int8]
    starts: NDArray[np.intp]
    width: int

    @classmethod
    def kept(cls, marks: NDArray[np.uint8], values: NDArray[np.int8], width: int) -> "Weights":
        """Out of what packed() has made."""
        counts = np.bitwise_count(marks).sum(axis=1, dtype=np.intp)
        return cls(marks, values, np.concatenate(([0], np.cumsum(counts))), width)

    def rows(self, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """These rows of the table, whole."""
        held = np.unpackbits(self.marks[rows], axis=1, count=self.width).view(np.bool_)
        first = self.starts[rows]
        lengths = self.starts[rows + 1] - first
        before = np.cumsum(lengths) - lengths  # of the values picked, how many stand before each row's
        picked = np.arange(lengths.sum()) + np.repeat(first - before, lengths)
        found = np.zeros(held.shape, np.float32)
        found[held] = self.values[picked]
        return found


def packed(table: NDArray[np.int8]) -> tuple[NDArray[np.uint8], NDArray[np.int8]]:
    """A whole table's marks and values."""
    held = table != 0
    return np.packbits(held, axis=1), table[held]
