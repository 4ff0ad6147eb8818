"""A baseline for comparison: BM25 over titles and questions, as search is usually done."""

import math
from collections import Counter
from collections.abc import Iterable

from bot.finding.result import EntryText, Finding
from bot.finding.text import meanings, plain, stem, words

_SATURATION = 1.2
_LENGTH = 0.75


def _terms(text: str) -> list[str]:
    found = words(plain(text))
    return [stem(word) for word in (*found, *meanings(found))]


class Bm25:
    """Ranks entries by shared words; never refuses."""

    def __init__(self, entries: Iterable[EntryText]) -> None:
        self._texts = {
            entry.slug: Counter(_terms(" ".join((entry.title, *entry.questions, entry.body))))
            for entry in entries
        }
        self._spread = Counter(term for counts in self._texts.values() for term in counts)
        self._sizes = {slug: sum(counts.values()) for slug, counts in self._texts.items()}
        self._mean = sum(self._sizes.values()) / max(1, len(self._sizes))

    def find(self, question: str) -> Finding:
        """The best ranked entry is always shown."""
        asked = _terms(question)
        scored = {slug: self._score(slug, asked) for slug in self._texts}
        ranked = sorted((slug for slug, score in scored.items() if score > 0), key=lambda slug: -scored[slug])
        if not ranked:
            return Finding("none")
        return Finding("answer", ranked[0], tuple(ranked[:10]), scored[ranked[0]])

    def _score(self, slug: str, asked: list[str]) -> float:
        counts, total = self._texts[slug], 0.0
        for term in asked:
            if term in counts:
                among = len(self._texts) - self._spread[term] + 0.5
                rarity = math.log(1 + among / (self._spread[term] + 0.5))
                drag = _SATURATION * (1 - _LENGTH + _LENGTH * self._sizes[slug] / self._mean)
                total += rarity * counts[term] * (_SATURATION + 1) / (counts[term] + drag)
        return total
