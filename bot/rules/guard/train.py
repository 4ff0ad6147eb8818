"""Trains the name guard: lines that people ask, with made-up names put in.

python -m bot.rules.guard.train; with --measured it learns nothing from the questions held back.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.rules.guard.names import (
    SIZE,
    USUAL,
    Known,
    Token,
    known_names,
    place,
    slips_of,
    token_features,
    tokens,
)

SEED = 9
ORDINARY_SLIPS = 0.03
"""The share of ordinary words that learn with a slip in them."""
PEOPLE_WORDS = frozenset(
    [
        "mum",
        "mom",
        "dad",
        "mother",
        "father",
        "child",
        "baby",
        "boy",
        "girl",
        "teenager",
        "toddler",
        "parent",
        "brother",
        "sister",
        "nan",
        "gran",
        "grandma",
        "grandad",
        "uncle",
        "aunt",
        "auntie",
        "stepdad",
        "stepfather",
        "lad",
        "yp",
        "sibling",
        "newborn",
        "carer",
        "partner",
        "boyfriend",
    ]
)
_HELD_BACK = ("hand10", "hand11", "hand14", "hand6", "hand13")
"""Files that are only measured on, never learnt from."""
_PLACES = ("moved to {p}", "family from {p}, what now", "{p} forms, who fills them in", "{p}", "is {p} on it")
_HERE = files("bot.rules.guard")
Line = tuple[list[Token], list[bool]]


def questions(*, held_back: bool = False, everything: bool = False) -> list[str]:
    """The packaged questions: those to learn from, those held back, or (for the shipped model) all."""
    found: list[str] = []
    for file in sorted(files("bot.finding").joinpath("data/phrasings").iterdir(), key=lambda one: one.name):
        name = file.name.removesuffix(".jsonl").removesuffix("-other")
        if file.name.endswith(".jsonl") and (everything or (name in _HELD_BACK) == held_back):
            found += [json.loads(line)["question"] for line in file.read_text("utf-8").splitlines() if line]
    return found


def ordinary() -> list[str]:
    """Lines without any name, of which many hold words that are names elsewhere."""
    places = _HERE.joinpath("places.txt").read_text("utf-8").split()
    told = [frame.format(p=place) for place in places for frame in _PLACES]
    return [*_HERE.joinpath("ordinary.txt").read_text("utf-8").splitlines(), *told]


def vocabulary_counts(lines: Iterable[str]) -> Counter[str]:
    """In how many lines each word occurs."""
    return Counter(word for line in lines for word in {token.word for token in tokens(line)})


def bucket(count: int) -> int:
    """0 never, 1 once, then 2, 3 (6 or more) and 4 (40 or more)."""
    return sum(count >= least for least in (1, 2, 6, 40))


def slip(word: str, chance: random.Random) -> str:
    """A longer word as a thumb types it: a letter left out, doubled, or two the other way round."""
    if len(word) <= 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return chance.choice((word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], swapped))


def slipped(token: Token, chance: random.Random) -> Token:
    """An ordinary word, now and then with a slip: not every unknown word is a name."""
    if chance.random() >= ORDINARY_SLIPS:
        return token
    return Token(slip(token.shown, chance), slip(token.word, chance), token.possessive)


class Namer:
    """Makes names of every origin in the hands that people type them in."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        known = known_names()
        self._firsts = [[n for n, k in known.items() if k.first == f and len(n) > 2] for f in (1, 2, 3, 4)]
        self._lasts = [[n for n, k in known.items() if k.last == f and len(n) > 2] for f in (1, 2, 3, 4)]

        self._words_too = [n for n, k in known.items() if k.first >= 2 and k.dictionary == 2 and len(n) > 2]

    def _one(self, lists: list[list[str]], weights: tuple[int, ...]) -> str:
        name = self._chance.choice(self._chance.choices(lists, weights)[0])
        return slip(name, self._chance) if self._chance.random() < 0.1 else name

    def name(self, *, surname_only: bool) -> str:
        """A first name, a full name, a name with an initial, or a surname; in some hand."""
        first, last = self._one(self._firsts, (2, 4, 5, 6)), self._one(self._lasts, (2, 3, 3, 2))
        if self._chance.random() < 0.14:
            first = self._chance.choice(self._words_too)  # grace, mark, summer: words and names
        kind = self._chance.random()
        made = last if surname_only else first
        if not surname_only and kind < 0.3:
            made = f"{first} {last}"
        elif not surname_only and kind < 0.4:
            made = f"{first} {last[0]}"
        hand = self._chance.random()
        return made.title() if hand < 0.4 else made.upper() if hand < 0.43 else made


def named_line(line: str, namer: Namer, chance: random.Random) -> Line:
    """The frame's line with names put in, and which words they are."""
    words: list[Token] = []
    named: list[bool] = []
    pieces = line.split("{n}")
    for at, piece in enumerate(pieces):
        found = tokens(piece.removeprefix("'s") if at else piece)
        words += found
        named += [False] * len(found)
        if at == len(pieces) - 1:
            break
        title = bool(words) and words[-1].word in ("mrs", "mr", "miss", "ms")
        given = tokens(namer.name(surname_only=title or " family" in pieces[at + 1][:8]))
        if given and pieces[at + 1].startswith("'s"):
            given[-1] = Token(given[-1].shown, given[-1].word, True)
        words += given
        named += [True] * len(given)
    if chance.random() < 0.1:
        words = [Token(word.shown.upper(), word.word, word.possessive) for word in words]
    return words, named


def with_name(question: str, chance: random.Random) -> str | None:
    """A question with one of its people's words made a place for a name; None where it has none."""
    parts = question.split()
    places = [i for i, part in enumerate(parts) if part.lower().strip("?,.") in PEOPLE_WORDS]
    if not places:
        return None
    at = chance.choice(places)
    before = at - 1 if at and parts[at - 1].lower() in ("the", "a", "my", "our", "her", "his", "this") else at
    return " ".join([*parts[:before], "{n}", *parts[at + 1 :]])


def lines_to_learn(asked: list[str], chance: random.Random) -> tuple[list[Line], list[str]]:
    """Lines with names, and lines without any."""
    frames = _HERE.joinpath("frames.txt").read_text("utf-8").splitlines()
    namer = Namer(chance)
    made = [named_line(chance.choice(frames), namer, chance) for _ in range(14000)]
    for question in chance.sample(asked, 6000):
        frame = with_name(question, chance)
        if frame is None and chance.random() < 0.4:
            frame = chance.choice(("{n}: ", "re {n} - ", "{n} ")) + question
        if frame is not None:
            made.append(named_line(frame, namer, chance))
    return made, [*chance.sample(asked, 14000), *ordinary() * 3]


def examples(
    lines: list[Line], counts: Counter[str], names: dict[str, Known], *, own: bool, chance: random.Random
) -> Iterator[tuple[list[int], bool]]:
    """Features and answer of each word; a line is left out of its own vocabulary."""
    slips = slips_of(word for word, count in counts.items() if bucket(count) >= USUAL)
    for words, answers in lines:
        seen = {token.word for token in words}
        vocabulary = {word: bucket(counts[word] - int(own)) for word in seen}
        known = {word: names[word] for word in seen if word in names}
        for word, is_name in zip(words, answers, strict=True):
            if is_name and chance.random() < 0.08:
                known.pop(word.word, None)  # a name that no list has
        yield from zip(token_features(words, vocabulary, known, slips), answers, strict=True)


def train(*, everything: bool) -> None:
    """Writes model.npz beside this file: weights and vocabulary."""
    chance = random.Random(SEED)
    asked = questions(everything=everything)
    named, without = lines_to_learn(asked, chance)
    source = [*asked, *ordinary()]
    counts = vocabulary_counts(source)
    names = dict(known_names())
    plain: list[Line] = [
        ([slipped(word, chance) for word in words], [False] * len(words)) for words in map(tokens, without)
    ]
    rows = list(examples(named, counts, names, own=False, chance=chance))
    rows += list(examples(plain, counts, names, own=True, chance=chance))
    lengths = [0, *np.cumsum([len(features) for features, _ in rows])]
    assert all(a <= b for a, b in pairwise(lengths))
    columns = np.concatenate([np.array(features) for features, _ in rows])
    matrix = csr_matrix((np.ones(len(columns), np.float32), columns, lengths), shape=(len(rows), SIZE))
    model = LogisticRegression(C=0.5, max_iter=120, solver="liblinear")
    model.fit(matrix, np.array([answer for _, answer in rows]))
    weights = model.coef_[0]
    kept = "\n".join(f"{word}{bucket(count)}" for word, count in sorted(counts.items()) if word)
    out = str(_HERE.joinpath("model.npz"))
    weights[place("bias")] += model.intercept_[0]  # the feature that every word has
    np.savez_compressed(
        out,
        weights=weights.astype(np.float16),
        vocabulary=np.frombuffer(kept.encode(), dtype=np.uint8),
    )


if __name__ == "__main__":
    train(everything="--measured" not in sys.argv)
