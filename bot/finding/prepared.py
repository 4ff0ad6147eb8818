"""Lines with their words and features: what training and judging start from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.finding.corpus import Line
from bot.finding.features import features
from bot.finding.text import plain, words

REFUSED = {"near": "-near", "far": "-far"}
Counts = tuple[Counter[int], Counter[int]]
Arrays = dict[str, NDArray[Any]]
Raw = NDArray[np.float32]
Scored = tuple[Raw, Raw]
"""Class scores and danger, a row each."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A line with its words and features."""

    line: Line
    found: list[str]
    counts: Counts


def prepare(lines: Sequence[Line]) -> list[Prepared]:
    """Read the words of every line once."""
    found = [words(plain(line.question)) for line in lines]
    return [Prepared(line, f, features(f, f)) for line, f in zip(lines, found, strict=True)]


def class_names(rows: Sequence[Prepared]) -> list[str]:
    """Every slug that some line may have, then the kinds that are refused."""
    slugs = {slug for row in rows for slug in row.line.entries}
    return [*sorted(slugs), *sorted(REFUSED.values())]
