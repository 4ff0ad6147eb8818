"""Makes the messages that both models of the name guard learn from: half with names, half without."""

import random

from bot.rules.guard.lines import (
    around,
    filled,
    joined,
    ordinary,
    places,
    questions,
    read,
    typed,
    vocabulary_counts,
    with_name,
    without_names,
)  # fmt: skip
from bot.rules.guard.naming import Namer

LONGER = 0.15
"""The share of messages that are several lines."""


class Maker:
    """Makes messages without end, the same for the same chance.

    everything: also from the questions held back. counts: in how many lines without a name each word occurs.
    """

    def __init__(self, chance: random.Random, *, everything: bool) -> None:
        self._chance = chance
        self._asked = questions(everything=everything)
        self._ordinary, self._places = [*read("ordinary.txt"), *read("likely.txt")], places()
        self._templates = read("templates.txt")
        self._frames = [*read("frames.txt"), *read("frames-more.txt")]
        self._roles = without_names(self._frames)
        self.counts = vocabulary_counts([*self._asked, *ordinary()])
        self._namer = Namer(chance, self.counts)

    def message(self) -> tuple[str, bool]:
        """A message with its names marked, and whether it has any."""
        chance = self._chance
        named = chance.random() < 0.5
        lines = [self._with() if named else self._without()]
        if chance.random() < LONGER:
            lines += [self._without() for _ in range(chance.choice((1, 1, 2, 3)))]
            chance.shuffle(lines)
        return typed(joined(lines, chance), chance), named

    def _with(self) -> str:
        chance = self._chance
        if chance.random() < 0.75:
            return self._namer.put_into(chance.choice(self._frames))
        question = chance.choice(self._asked)
        return self._namer.put_into(with_name(question, chance) or around(question, chance))

    def _without(self) -> str:
        chance = self._chance
        kind = chance.random()
        if kind < 0.32:
            return chance.choice(self._asked)
        if kind < 0.68:
            return chance.choice(self._ordinary if kind < 0.65 else self._places)
        return filled(chance.choice(self._roles if kind < 0.77 else self._templates), chance, self._namer)
