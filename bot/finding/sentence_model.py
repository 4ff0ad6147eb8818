"""The second opinion: a small sentence model (int8 ONNX) that reads the message as a whole.

It is optional. Where onnxruntime or tokenizers is missing, or the file is not there, the linear model speaks
alone, with thresholds of its own.
"""

import json
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.encoder import session, word_pieces
from bot.finding.text import meanings, plain, words

Floats = NDArray[np.float32]
MODEL = files("bot.finding") / "sentence.onnx"
MOST_TOKENS = 64
_MOST_LETTERS = 400
_FROM_THE_START = 24  # of a longer message the start and the end: people put the question first or last


def sentence_input(question: str) -> str:
    """The text as the model reads it: plain, with the long forms of its abbreviations after it."""
    text = plain(question)
    if len(text) > 2 * _MOST_LETTERS:  # far more than the tokens that are read
        text = f"{text[:_MOST_LETTERS]} {text[-_MOST_LETTERS:]}"
    long_forms = dict.fromkeys(meanings(words(text)))
    return f"{text} ; {' '.join(long_forms)}" if long_forms else text


def shortened(tokens: list[int], most: int = MOST_TOKENS) -> list[int]:
    """At most so many tokens: the first few, and the rest from the end."""
    if len(tokens) <= most:
        return tokens
    return tokens[:_FROM_THE_START] + tokens[len(tokens) - (most - _FROM_THE_START) :]


class SentenceModel:
    """Scores a message. `classes` are in the order of its scores, and the same as the linear model's."""

    def __init__(self, running: Any, tokenizer: Any) -> None:
        self._session = running
        self._tokenizer = tokenizer
        facts = running.get_modelmeta().custom_metadata_map
        self.classes: tuple[str, ...] = tuple(json.loads(facts["classes"]))
        self.data_hash: str = facts["data_hash"]

    @classmethod
    def shipped(cls) -> "SentenceModel | None":
        """The model of the package, or None where it can't run."""
        tokenizer, running = word_pieces(), session(MODEL)
        return None if tokenizer is None or running is None else cls(running, tokenizer)

    def score(self, question: str) -> tuple[Floats, float]:
        """Raw scores of the classes, and that of danger."""
        tokens = shortened(self._tokenizer.encode(sentence_input(question)).ids)
        ids = np.array([tokens], np.int64)
        classes, danger = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})
        return classes[0].astype(np.float32), float(danger[0])
