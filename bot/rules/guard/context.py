"""The second opinion: a small neural model (int8 ONNX) that reads each word in its sentence.

It is optional. Where onnxruntime or tokenizers is missing, or the file is not there, the linear model speaks
alone, with a threshold of its own.
"""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.encoder import session, word_pieces

MODEL = files("bot.rules.guard") / "context.onnx"
_LINEAR_SHARE = 0.4
Floats = NDArray[np.float32]
_START, _END = 101, 102
_MOST_PIECES = 150
_WINDOW = 80
"""So many words and marks are read at once; of a longer text only what stands around a likely word."""
_AROUND = 12
_LIKELY = -3.5
_MOST_LINEAR = 3.0
_UNREAD = -20.0


class ContextModel:
    """Scores the words of a text, each by what stands around it."""

    def __init__(self, running: Any, tokenizer: Any) -> None:
        self._session = running
        self._tokenizer = tokenizer

    @classmethod
    def shipped(cls) -> "ContextModel | None":
        """The model of the package, or None where it can't run."""
        tokenizer, running = word_pieces(), session(MODEL)
        return None if tokenizer is None or running is None else cls(running, tokenizer)

    def weighed(self, parts: list[str], places: list[int], facts: Floats, linear: list[float]) -> list[float]:
        """The log-odds that each word is a name, both models' together.

        places: where among the parts the words stand; facts and linear: a row and a score for each word.
        """
        rows: list[int | None] = [None] * len(parts)
        for row, place in enumerate(places):
            rows[place] = row
        likely = [row is not None and linear[row] > _LIKELY for row in rows]
        scores = np.full(len(places), _UNREAD, np.float32)
        for start, end in stretches(likely):
            self._read(parts[start:end], rows[start:end], facts, scores)
        return list(scores + _LINEAR_SHARE * np.clip(linear, -_MOST_LINEAR, _MOST_LINEAR))

    def _read(self, parts: list[str], rows: list[int | None], facts: Floats, scores: Floats) -> None:
        """Puts a stretch's scores in their places; one of too many pieces is read in halves."""
        ids, of = pieces_of(self._tokenizer, parts)
        if len(ids) > _MOST_PIECES and len(parts) > 1:
            middle = len(parts) // 2
            self._read(parts[:middle], rows[:middle], facts, scores)
            self._read(parts[middle:], rows[middle:], facts, scores)
            return
        pieces = np.array([[_START, *ids[:_MOST_PIECES], _END]], np.int64)
        known = np.zeros((1, pieces.shape[1], facts.shape[1]), np.float32)
        of_words = [
            (at, row) for at, part in enumerate(of[:_MOST_PIECES], 1) if (row := rows[part]) is not None
        ]
        known[0, [at for at, _ in of_words]] = facts[[row for _, row in of_words]]
        given = {"ids": pieces, "mask": np.ones_like(pieces), "facts": known}
        said = self._session.run(None, given)[0][0]
        for at, row in reversed(of_words):  # a word's first piece speaks
            scores[row] = said[at]


def pieces_of(tokenizer: Any, parts: list[str]) -> tuple[list[int], list[int]]:
    """The word pieces of a text, and of which part each is."""
    encoded = tokenizer.encode(parts, is_pretokenized=True, add_special_tokens=False)
    return encoded.ids, encoded.word_ids


def stretches(likely: list[bool]) -> Iterator[tuple[int, int]]:
    """What is to be read: all of a usual text; of a long one, what is around each likely word."""
    if len(likely) <= _WINDOW:
        yield 0, len(likely)
        return
    start = end = 0
    for at in (at for at, one in enumerate(likely) if one):
        if at + _AROUND > start + _WINDOW or at - _AROUND > end:
            if end:
                yield start, end
            start = max(0, at - _AROUND)
        end = min(len(likely), at + _AROUND)
    if end:
        yield start, end
