"""Likely personal names: a linear model over lists of names, the trade's words and the words around."""

import re
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

SIZE = 2**18
USUAL = 2
UNLISTED_DOUBT = 1.5
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*", re.IGNORECASE)
_SPACED = re.compile(r"(?<![a-z])(?:[a-z][ .\-]){2,}[a-z](?![a-z])", re.IGNORECASE)
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mister", "dr", "master"})
_MOST_WORDS = 400


@dataclass(frozen=True)
class Known:
    """How usual a word is as a first name and as a surname (0-4), and as a plain word (0-2)."""

    first: int = 0
    last: int = 0
    dictionary: int = 0


@dataclass(frozen=True)
class Token:
    """A word as typed (accents off) and in lower case without a possessive."""

    shown: str
    word: str
    possessive: bool


@cache
def known_names() -> Mapping[str, Known]:
    """The packaged list: names given in the United Kingdom and surnames and first names of censuses."""
    raw = bytes(
        np.load(BytesIO(files("bot.rules.guard").joinpath("names.npz").read_bytes()))["names"]
    ).decode()
    return {line[:-3]: Known(int(line[-3]), int(line[-2]), int(line[-1])) for line in raw.split("\n")}


def tokens(text: str) -> list[Token]:
    """The words of a text; letters that stand alone in a row ("t y l e r") are joined."""
    plain = unicodedata.normalize("NFKD", text).replace("’", "'").replace("`", "'")
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    plain = _SPACED.sub(lambda found: re.sub(r"[ .\-]", "", found[0]), plain)
    found: list[Token] = []
    for match in _WORD.finditer(plain):
        shown = match[0]
        word = shown.lower()
        possessive = word.endswith("'s")
        word = (word[:-2] if possessive else word).replace("'", "")
        found.append(Token(shown, word, possessive))
    return found[:_MOST_WORDS]


class NameFinder:
    """Scores each word of a text. vocabulary: how usual a word is in the trade (0-4)."""

    def __init__(self, vocabulary: Mapping[str, int], weights: NDArray[np.float32]) -> None:
        self._vocabulary = vocabulary
        self._weights = weights
        self._names = known_names()
        self._slips = slips_of(word for word, usual in vocabulary.items() if usual >= USUAL)

    def scores(self, words: list[Token]) -> list[float]:
        """The log-odds that each word is a person's name."""
        return [
            float(self._weights[np.array(features)].sum())
            for features in token_features(words, self._vocabulary, self._names, self._slips)
        ]

    def likeliest(self, text: str, allowed: Collection[str] = ()) -> float:
        """The highest score of a word not among `allowed` (lower case); a word on no list must score more."""
        words = tokens(text)
        return max(
            (
                score - self._doubt(token.word)
                for token, score in zip(words, self.scores(words), strict=True)
                if token.word not in allowed
            ),
            default=-99.0,
        )

    def _doubt(self, word: str) -> float:
        known = self._names.get(word) or (self._names.get(word[:-1]) if word.endswith("s") else None)
        return 0.0 if known is not None and (known.first or known.last) else UNLISTED_DOUBT


def place(feature: str) -> int:
    """Where a feature stands in the weights."""
    return zlib.crc32(feature.encode()) % SIZE


def deletions(word: str) -> Iterator[str]:
    """The word, and what is left of it without any one letter."""
    yield word
    if len(word) > 3:
        for at in range(len(word)):
            yield word[:at] + word[at + 1 :]


def slips_of(usual: Iterable[str]) -> frozenset[str]:
    """What a slip of a usual word has in common with it (two words a slip apart share a deletion)."""
    return frozenset(left for word in usual if len(word) > 3 for left in deletions(word))


def token_features(
    words: list[Token],
    vocabulary: Mapping[str, int],
    names: Mapping[str, Known],
    slips: Collection[str] = frozenset(),
) -> Iterator[list[int]]:
    """The places in the weights that each word switches on."""
    kinds = [_kind(token.word, vocabulary, names, slips) for token in words]
    capitals = sum(token.shown[0].isupper() for token in words)
    shouting = capitals > len(words) * 0.6
    for at, token in enumerate(words):
        before = [words[i].word if i >= 0 else "^" for i in (at - 1, at - 2)]
        after = [words[i].word if i < len(words) else "$" for i in (at + 1, at + 2)]
        kind = kinds[at]
        beside = kinds[at - 1] if at else "^", kinds[at + 1] if at + 1 < len(words) else "$"
        usual = [word if vocabulary.get(word, 0) >= 2 or word in "^$" else "?" for word in (*before, *after)]
        capital = "S" if shouting else "C" if token.shown[0].isupper() and at else "c" if at else "f"
        parts = [
            "bias",
            f"k{kind}",
            f"kc{kind}{capital}",
            f"w{token.word}",
            f"p{usual[0]}|{kind[:2]}",
            f"n{usual[2]}|{kind[:2]}",
            f"P{usual[0]}",
            f"N{usual[2]}",
            f"pp{usual[1]}",
            f"nn{usual[3]}",
            f"pn{usual[0]}|{usual[2]}",
            f"kp{kind}|{beside[0]}",
            f"kn{kind}|{beside[1]}",
            f"1n{len(after[0]) == 1}|{kind[:2]}",
            f"t{before[0] in _TITLES}|{kind[2:]}",
            f"s{token.possessive}|{kind}",
            f"l{min(len(words), 6)}|{kind}",
            *(f"g{gram}" for gram in _grams(token.word)),
        ]
        yield [place(part) for part in parts]


def _kind(
    word: str, vocabulary: Mapping[str, int], names: Mapping[str, Known], slips: Collection[str]
) -> str:
    one = names.get(word)
    plural = ""
    if one is None and word.endswith("s"):  # "its fatimas birthday"
        one, plural = names.get(word[:-1]), "s"
    if one is None and not vocabulary.get(word) and any(left in slips for left in deletions(word)):
        plural = "~"
    one = one or Known()
    return f"{one.first}{one.last}{vocabulary.get(word, 0)}{one.dictionary}{min(len(word), 3)}{plural}"


def _grams(word: str) -> Iterator[str]:
    framed = f"^{word}$"
    for size in (3, 4):
        for start in range(len(framed) - size + 1):
            yield framed[start : start + size]
