"""Features of a question: words, pairs of words and pieces of words, each by the hash of its spelling."""

from collections import Counter
from collections.abc import Iterable, Sequence
from zlib import crc32

from bot.finding.text import meanings, stem

GROUP_WEIGHTS = (1.0, 0.7)


def _hash(kind: str, spelling: str) -> int:
    return crc32(f"{kind}|{spelling}".encode())


def _pieces(word: str) -> list[int]:
    padded = f" {word} "
    return [
        _hash("c", padded[start : start + size])
        for size in (3, 4, 5)
        for start in range(max(1, len(padded) - size + 1))
        if start + size <= len(padded)
    ]


def word_features(stems: Sequence[str], extra: Iterable[str]) -> Counter[int]:
    """Single words, neighbours and near neighbours, and the long forms of abbreviations."""
    counts: Counter[int] = Counter()
    for place, word in enumerate(stems):
        counts[_hash("w", word)] += 1
        if place + 1 < len(stems):
            counts[_hash("b", f"{word} {stems[place + 1]}")] += 1
        if place + 2 < len(stems):
            counts[_hash("b", f"{word} * {stems[place + 2]}")] += 1
    for word in extra:
        key = _hash("w", stem(word))
        if not counts[key]:
            counts[key] = 1
    return counts


def piece_features(found: Iterable[str]) -> Counter[int]:
    """Runs of three to five letters inside each word."""
    counts: Counter[int] = Counter()
    for word, times in Counter(found).items():
        for key in _pieces(word):
            counts[key] += times
    return counts


def features(found: Sequence[str], mended: Sequence[str]) -> tuple[Counter[int], Counter[int]]:
    """The two groups of features: words as mended, pieces of words as typed."""
    return word_features([stem(word) for word in mended], meanings(mended)), piece_features(found)
