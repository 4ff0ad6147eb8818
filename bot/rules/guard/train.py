"""Trains the name guard's linear model on messages with made-up names put in.

python -m bot.rules.guard.train; with --measured it learns nothing from the questions held back. The other
model is trained on the like messages by bot.rules.guard.train_context.
"""

import random
import sys
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.rules.guard.lines import answered, bucket
from bot.rules.guard.messages import Maker
from bot.rules.guard.names import SIZE, USUAL, kinds_of, known_names, place, slips_of, token_features
from bot.rules.guard.naming import HERE

SEED = 9
MESSAGES = 50_000
UNLISTED = 0.08
"""The share of names that learn as if no list had them."""


def examples(maker: Maker, chance: random.Random) -> Iterator[tuple[list[int], bool]]:
    """Features and answer of each word; a message without a name is left out of its own vocabulary."""
    slips = slips_of(word for word, count in maker.counts.items() if bucket(count) >= USUAL)
    names = known_names()
    for _ in range(MESSAGES):
        message, named = maker.message()
        _, words, _, answers = answered(message)
        seen = {one.word for one in words}
        vocabulary = {word: bucket(max(0, maker.counts[word] - int(not named))) for word in seen}
        known = {word: names[word] for word in seen if word in names}
        for word, is_name in zip(words, answers, strict=True):
            if is_name and chance.random() < UNLISTED:
                known.pop(word.word, None)
        kinds = kinds_of(words, vocabulary, known, slips)
        yield from zip(token_features(words, kinds, vocabulary), answers, strict=True)


def train(*, everything: bool) -> None:
    """Writes model.npz beside this file: weights and vocabulary."""
    maker = Maker(random.Random(SEED), everything=everything)
    rows = list(examples(maker, random.Random(SEED + 1)))
    lengths = [0, *np.cumsum([len(features) for features, _ in rows])]
    assert all(a <= b for a, b in pairwise(lengths))
    columns = np.concatenate([np.array(features) for features, _ in rows])
    matrix = csr_matrix((np.ones(len(columns), np.float32), columns, lengths), shape=(len(rows), SIZE))
    model = LogisticRegression(C=0.5, max_iter=120, solver="liblinear")
    model.fit(matrix, np.array([answer for _, answer in rows]))
    weights = model.coef_[0]
    kept = "\n".join(f"{word}{bucket(count)}" for word, count in sorted(maker.counts.items()) if word)
    weights[place("bias")] += model.intercept_[0]  # the feature that every word has
    np.savez_compressed(
        str(HERE.joinpath("model.npz")),
        weights=weights.astype(np.float16),
        vocabulary=np.frombuffer(kept.encode(), dtype=np.uint8),
    )


if __name__ == "__main__":
    train(everything="--measured" not in sys.argv)
