"""Keeps of a question only words that the guidance itself uses: no name can stay."""

import re
from collections.abc import Set

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
GAP = "…"


def redacted(text: str, vocabulary: Set[str], most: int = 200) -> str:
    """The question with every word outside `vocabulary` (lower case), and every digit, left out."""
    kept: list[str] = []
    for word in _WORD.findall(text[:2000]):
        safe = word.lower() in vocabulary
        if safe or not kept or kept[-1] != GAP:
            kept.append(word.lower() if safe else GAP)
    return " ".join(kept)[:most]


def vocabulary_of(texts: list[str]) -> frozenset[str]:
    """Every word, in lower case, that occurs in these texts and does not begin with a capital letter."""
    words = (word for text in texts for word in _WORD.findall(text))
    return frozenset(word for word in words if word.islower())
