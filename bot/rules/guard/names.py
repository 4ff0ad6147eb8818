"""Likely personal names: a linear model over lists of names, the trade's words and the words around."""

import re
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from bot.rules.guard.context import ContextModel

SIZE = 2**18
USUAL = 2
UNLISTED_DOUBT = 1.5
ALONE, TOGETHER = -0.5, -1.2
"""From which score on a word is a name: the linear model's alone, and both models' together."""
FACTS = 29
_SAID_ALONE, _SHORT = 2, 3
_PART = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+|[^\s\w]", re.IGNORECASE)
_SPACED = re.compile(r"(?<![a-z])(?:[a-z][ .\-]){2,}[a-z](?![a-z])", re.IGNORECASE)
_ALIKE, _DIGITS = 3, 3
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mister", "dr", "master"})


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


class KnownNames(Mapping[str, Known]):
    """Names and what is known of each: a hundred thousand words, kept as the bytes of their lines.

    A line is a word and three digits; the lines of words that begin alike stand together.
    """

    def __init__(self, lines: bytes) -> None:
        alike = groupby(lines.split(b"\n"), lambda line: line[:-_DIGITS][:_ALIKE])
        self._lines = {letters: b"\n".join((b"", *same, b"")) for letters, same in alike}

    def __getitem__(self, word: str) -> Known:
        found = self.get(word)
        if found is None:
            raise KeyError(word)
        return found

    def get(self, word: str, default: None = None) -> Known | None:  # type: ignore[override]
        """What is known of a word; None where it is no name, as most are not."""
        line = word.encode()
        same = self._lines.get(line[:_ALIKE])
        if same is None or not word.isalpha():
            return None
        start = b"\n" + line
        at = same.find(start)
        while at >= 0:
            end = at + len(start)
            digits = same[end : end + _DIGITS]
            if digits.isdigit():  # else it is a longer word
                return _known(digits)
            at = same.find(start, end)
        return None

    def __iter__(self) -> Iterator[str]:
        lines = (line for same in self._lines.values() for line in same[1:-1].split(b"\n"))
        return (line[:-_DIGITS].decode() for line in lines)

    def __len__(self) -> int:
        return sum(same.count(b"\n") - 1 for same in self._lines.values())


@cache
def _known(digits: bytes) -> Known:
    first, last, dictionary = map(int, digits.decode())
    return Known(first, last, dictionary)


@cache
def known_names() -> KnownNames:
    """The packaged list: names given in the United Kingdom and surnames and first names of censuses."""
    packed = np.load(BytesIO(files("bot.rules.guard").joinpath("names.npz").read_bytes()))
    return KnownNames(packed["names"].tobytes())


def parts(text: str) -> list[str]:
    """A text's words, numbers and marks, accents off; letters alone in a row ("t y l e r") are joined."""
    plain = unicodedata.normalize("NFKD", text).replace("’", "'").replace("`", "'")
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    plain = _SPACED.sub(lambda found: re.sub(r"[ .\-]", "", found[0]), plain)
    return _PART.findall(plain)


def token(shown: str) -> Token | None:
    """The word that a part is; None for a number or a mark."""
    if not shown[0].isalpha():
        return None
    word = shown.lower()
    possessive = word.endswith("'s")
    return Token(shown, (word[:-2] if possessive else word).replace("'", ""), possessive)


def tokens(text: str) -> list[Token]:
    """The words of a text."""
    return [found for part in parts(text) if (found := token(part)) is not None]


class NameFinder:
    """Says whether a text holds a name. vocabulary: how usual a word is in the trade (0-4)."""

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        weights: NDArray[np.float32],
        context: ContextModel | None = None,
    ) -> None:
        self._vocabulary = vocabulary
        self._weights = weights
        self._context = context
        self._weighed: dict[str, float] = {}
        self._names = known_names()
        self._slips = slips_of(word for word, usual in vocabulary.items() if usual >= USUAL)

    def holds_name(self, text: str, allowed: Collection[str] = ()) -> bool:
        """Whether a word not among `allowed` (lower case) is likely enough to be a person's name."""
        read = parts(text)
        found = [token(part) for part in read]
        words = [one for one in found if one is not None]
        if not words:
            return False
        if len(words) <= _SAID_ALONE and any(
            self._nothing_else(one) for one in words if one.word not in allowed
        ):
            return True
        kinds = kinds_of(words, self._vocabulary, self._names, self._slips)
        scores = self._linear(words, kinds)
        least = ALONE
        if self._context is not None:
            places = [at for at, one in enumerate(found) if one is not None]
            scores = self._context.weighed(read, places, facts_of(words, kinds), scores)
            least = TOGETHER
        return any(
            score >= least for one, score in zip(words, scores, strict=True) if one.word not in allowed
        )

    def _nothing_else(self, one: Token) -> bool:
        """Whether a word is a usual name and no other word: said alone, nothing around it can tell."""
        known = self._names.get(one.word)
        if known is None or known.dictionary or one.word in self._vocabulary or len(one.word) <= _SHORT:
            return False
        return max(known.first, known.last) >= USUAL

    def _linear(self, words: list[Token], kinds: list[str]) -> list[float]:
        """The linear model's log-odds that each word is a name; one on no list of names must score more."""
        around = list(features_around(words, kinds, self._vocabulary))
        starts = np.cumsum([0, *map(len, around[:-1])])
        sums = np.add.reduceat(self._weights[np.concatenate(around)], starts)
        return [
            float(near) + self._alone(one.word) - self._doubt(one.word)
            for one, near in zip(words, sums, strict=True)
        ]

    def _alone(self, word: str) -> float:
        """What a word's letters weigh; kept for the trade's words, never for what else somebody types."""
        known = self._weighed.get(word)
        if known is None:
            known = float(self._weights[features_alone(word)].sum())
            if word in self._vocabulary:
                self._weighed[word] = known
        return known

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


def kinds_of(
    words: Iterable[Token],
    vocabulary: Mapping[str, int],
    names: Mapping[str, Known],
    slips: Collection[str] = frozenset(),
) -> list[str]:
    """What is known of each word by itself, in short: see _kind."""
    return [_kind(one.word, vocabulary, names, slips) for one in words]


def token_features(
    words: list[Token], kinds: list[str], vocabulary: Mapping[str, int]
) -> Iterator[list[int]]:
    """The places in the weights that each word switches on."""
    for one, around in zip(words, features_around(words, kinds, vocabulary), strict=True):
        yield around + features_alone(one.word)


def features_alone(word: str) -> list[int]:
    """What a word switches on by its letters."""
    return [place("bias"), place(f"w{word}"), *(place(f"g{gram}") for gram in _grams(word))]


def features_around(
    words: list[Token], kinds: list[str], vocabulary: Mapping[str, int]
) -> Iterator[list[int]]:
    """What each word switches on by its kind and by the words beside it."""
    shouting = _shouting(words)
    for at, token in enumerate(words):
        before = [words[i].word if i >= 0 else "^" for i in (at - 1, at - 2)]
        after = [words[i].word if i < len(words) else "$" for i in (at + 1, at + 2)]
        kind = kinds[at]
        beside = kinds[at - 1] if at else "^", kinds[at + 1] if at + 1 < len(words) else "$"
        usual = [word if vocabulary.get(word, 0) >= 2 or word in "^$" else "?" for word in (*before, *after)]
        capital = _capital(token, at, shouting)
        parts = [
            f"k{kind}",
            f"kc{kind}{capital}",
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
        ]
        yield [place(part) for part in parts]


def facts_of(words: list[Token], kinds: list[str]) -> NDArray[np.float32]:
    """What is known of each word by itself, as a row of noughts and ones."""
    shouting = _shouting(words)
    rows, columns = [], []
    for at, (one, kind) in enumerate(zip(words, kinds, strict=True)):
        first, last, usual, plain, long = map(int, kind[:5])
        capital = "fcCS".index(_capital(one, at, shouting))
        on = [first, 5 + last, 10 + usual, 15 + plain, 18 + long, 22 + capital]
        on += [
            26 + extra for extra, so in enumerate((kind[5:] == "s", kind[5:] == "~", one.possessive)) if so
        ]
        columns += on
        rows += [at] * len(on)
    found = np.zeros((len(words), FACTS), np.float32)
    found[rows, columns] = 1
    return found


def _shouting(words: list[Token]) -> bool:
    return sum(one.shown[0].isupper() for one in words) > len(words) * 0.6


def _capital(token: Token, at: int, shouting: bool) -> str:
    """S in a shouted text, f the first word, C with a capital, c without."""
    return "S" if shouting else "C" if token.shown[0].isupper() and at else "c" if at else "f"


def _kind(
    word: str, vocabulary: Mapping[str, int], names: Mapping[str, Known], slips: Collection[str]
) -> str:
    """Digits: as a first name, as a surname, in the trade, as a plain word, letters (3: or more).

    Behind them "s" for a listed name with an s, "~" for what looks like a slip of a usual word.
    """
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
