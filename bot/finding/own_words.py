"""Entries that a council has added: the model has not learnt them, so their own questions are compared."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.finding.result import EntryText
from bot.finding.text import meanings, plain, stem, words

SURE = 0.62  # so alike is shown as the answer
LIKELY = 0.42  # so alike is offered first
_TOO_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by can could did do does for from get had has have how i if in is it its me"
        " must my need of on or our should so that the their them then there they this to up us was we what"
        " when where which who will with would you your",
    )
)
Vector = dict[str, float]


def _terms(text: str) -> list[str]:
    found = words(plain(text))
    return [stem(word) for word in (*found, *meanings(found)) if word not in _TOO_COMMON]


class OwnWords:
    """Compares a question with the titles and questions of entries that no model knows."""

    def __init__(self, entries: Sequence[EntryText], known: Iterable[str]) -> None:
        learnt = frozenset(known)
        if all(entry.slug in learnt for entry in entries):
            entries = ()  # nothing is ever compared
        asked = [(entry.slug, _terms(text)) for entry in entries for text in (entry.title, *entry.questions)]
        self._spread = Counter(term for _, terms in asked for term in set(terms))
        self._among = len(asked)
        self._own = [(slug, self._vector(terms)) for slug, terms in asked if slug not in learnt]

    def _vector(self, terms: Sequence[str]) -> Vector:
        raw = {term: math.log((1 + self._among) / (1 + self._spread[term])) + 1 for term in set(terms)}
        length = math.sqrt(sum(value * value for value in raw.values()))
        return {term: value / length for term, value in raw.items()}

    def nearest(self, question: str) -> tuple[str, float] | None:
        """The council's own entry most like the question and how alike they are, from 0 to 1."""
        if not self._own:
            return None
        asked = self._vector(_terms(question))
        alike = [
            (sum(value * own.get(term, 0.0) for term, value in asked.items()), slug)
            for slug, own in self._own
        ]
        likeness, slug = max(alike)
        return (slug, likeness) if likeness >= LIKELY else None


def _alike(asked: Vector, own: Vector) -> float:
    return sum(value * own.get(term, 0.0) for term, value in asked.items())
