"""The second opinion: a small neural model (int8 ONNX) that reads each word in its sentence.

It is optional. Where onnxruntime or tokenizers is missing, or the file is not there, the linear model speaks
alone, with a threshold of its own.
"""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.encoder import session, word_pieces

MODEL = files("bot.rules.guard") / "context.onnx"
_LINEAR_SHARE = 0.5
Floats = NDArray[np.float32]
_START, _END = 101, 102
_WINDOW = 120
"""So many word pieces are read at once. Of a longer text only what stands around a likely word is read."""
_AROUND = 16
_LIKELY = -4.0
_MOST_LINEAR = 8.0
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
        ids, rows = pieces_of(self._tokenizer, parts, places)
        likely = [row is not None and linear[row] > _LIKELY for row in rows]
        scores = np.full(len(places), _UNREAD, np.float32)
        for start, end in stretches(likely):
            said = self._said(ids[start:end], rows[start:end], facts)
            for at in reversed(range(start, end)):  # a word's first piece speaks
                row = rows[at]
                if row is not None:
                    scores[row] = said[at - start]
        return list(scores + _LINEAR_SHARE * np.clip(linear, -_MOST_LINEAR, _MOST_LINEAR))

    def _said(self, ids: list[int], rows: Sequence[int | None], facts: Floats) -> Floats:
        """A score for each piece of a stretch."""
        pieces = np.array([[_START, *ids, _END]], np.int64)
        known = np.zeros((1, pieces.shape[1], facts.shape[1]), np.float32)
        of_words = [at for at, row in enumerate(rows, 1) if row is not None]
        known[0, of_words] = facts[[row for row in rows if row is not None]]
        given = {"ids": pieces, "mask": np.ones_like(pieces), "facts": known}
        said: Floats = self._session.run(None, given)[0][0, 1:-1]
        return said


def pieces_of(tokenizer: Any, parts: list[str], places: list[int]) -> tuple[list[int], list[int | None]]:
    """The word pieces of a text, and to which of its words (None: a number or a mark) each belongs."""
    encoded = tokenizer.encode(parts, is_pretokenized=True, add_special_tokens=False)
    words = {place: row for row, place in enumerate(places)}
    return encoded.ids, [words.get(part) for part in encoded.word_ids]


def stretches(likely: list[bool]) -> Iterator[tuple[int, int]]:
    """What is to be read: all of a usual text; of a long one, the pieces around each likely one."""
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
