"""Makes names of every origin in the hands that people type them in, and puts them into frames.

A name in a line stands between NAME and END: each word's answer is known whatever is done to the text.
"""

import random
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files

from bot.rules.guard.names import known_names, tokens

NAME, END = "\ue000", "\ue001"
HERE = files("bot.rules.guard")
_OF_A_FAMILY = re.compile(r"(?:'?s)? (?:family|children|kids|twins|lot)\b")
_POSSESSIVE = re.compile(r"'s\b|s\b(?= )")
_TITLES = ("mr", "mrs", "ms", "miss", "mister", "dr")
_OF_THE_TRADE = 60
"""In so many lines a word is of the trade, whatever lists of names say."""
_NEVER = frozenset({"miss", "female"})
_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("er", "a"), ("tion", "shun"), ("ow", "o"), ("ee", "e"), ("oo", "u"),
    ("ight", "ite"), ("th", "f"), ("ing", "in"), ("s", "z"), ("c", "k"), ("ea", "e"), ("ie", "ei"),
    ("ai", "ay"), ("y", "i"), ("i", "y"), ("gh", ""), ("ll", "l"), ("ss", "s"), ("rr", "r"), ("mm", "m"),
    ("tt", "t"), ("le", "el"), ("ou", "u"), ("rrow", "ro"), ("ay", "a"), ("ey", "y"), ("ie", "y"),
)  # fmt: skip
_TELLING = 3
"""A word that is a name too is put only where so many other words tell that it is one."""


def slip(word: str, chance: random.Random) -> str:
    """A longer word as a thumb types it: a letter left out, doubled, another vowel, or two swapped."""
    if len(word) <= 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    swapped = before + after[0] + letter + after[1:]
    other = before + (chance.choice("aeiou") if letter in "aeiou" else letter) + after
    return chance.choice(
        (before + after, before + letter + letter + after, swapped, other, by_ear(word, chance))
    )


def by_ear(word: str, chance: random.Random) -> str:
    """A word as it sounds or as it is texted: "tomoro", "nite", "wknd"."""
    if chance.random() < 0.2:
        return word[0] + re.sub("[aeiou]", "", word[1:-1]) + word[-1]
    heard = [(spelt, sound) for spelt, sound in _SOUNDS if spelt in word[1:]]
    if not heard:
        return word
    spelt, sound = chance.choice(heard)
    return word[0] + word[1:].replace(spelt, sound, 1)


class Namer:
    """Makes names of every origin in the hands that people type them in."""

    def __init__(self, chance: random.Random, counts: Mapping[str, int]) -> None:
        self._chance = chance
        known = known_names()
        of_the_trade = {word for word, count in counts.items() if count >= _OF_THE_TRADE} | _NEVER
        self._firsts = [[n for n, k in known.items() if k.first == f and len(n) > 2] for f in (1, 2, 3, 4)]
        self._lasts = [[n for n, k in known.items() if k.last == f and len(n) > 2] for f in (1, 2, 3, 4)]
        self._words_too = [
            n for n, k in known.items()
            if k.first >= 2 and k.dictionary == 2 and len(n) > 2 and n not in of_the_trade
        ]  # fmt: skip
        people = tomllib.loads(HERE.joinpath("people.toml").read_text("utf-8"))
        self._origins = [
            (one["firsts"].split(), one["lasts"].split("," if "," in one["lasts"] else None))
            for one in people["origins"]
        ]
        self._plain, self._nicknames = people["words"].split(), people["nicknames"].split(",")

    def one(self, *, last: bool = False, words_too: bool = True) -> str:
        """A single first name or surname in small letters, right or with a slip."""
        chance = self._chance
        kind = chance.random()
        if kind < 0.3:
            name = chance.choice(chance.choice(self._origins)[int(last)]).strip().lower()
        elif kind < 0.5 and words_too and not last:
            name = chance.choice(self._plain if kind < 0.42 else self._words_too)
        else:
            lists, weights = (self._lasts, (2, 3, 3, 2)) if last else (self._firsts, (3, 4, 4, 4))
            name = chance.choice(chance.choices(lists, weights)[0])
        return slip(name, chance) if chance.random() < 0.1 else name

    def _whole(self, *, words_too: bool) -> str:
        """A person as typed: a first name, a full one, initials, a nickname, a double name."""
        chance = self._chance
        first, last = self.one(words_too=words_too), self.one(last=True)
        letter, middle = first[0], len(first) // 2
        return chance.choices(
            (
                first, f"{first} {last}", f"{first} {last[0]}", last, f"{letter} {last}",
                f"{letter}. {last}",
                f"{letter}{chance.choice('.  ')}{chance.choice('abcdefghjklmnprstw')} {last}",
                chance.choice(self._nicknames).strip(), f"{first}-{self.one()}",
                f"{first} {self.one()} {last}",
                first + last, f"{first}.{last}", f"{first} {last}-{self.one(last=True)}",
                f"{chance.choice(('big', 'wee', 'little', 'auntie', 'uncle', 'nana'))} {first}",
                chance.choice((" ", "-", ".")).join(first), f"{last}, {first}",
                f"{first}{chance.choice('sy')}",
                f"{first[:middle]} {first[middle:]}", f"{first}{chance.choice('!1x')} {last}",
            ),
            (56, 22, 6, 3, 1.5, 1, 1, 3, 2, 2, 0.7, 0.5, 2, 0.7, 1.5, 0.7, 1, 0.5, 0.2),
        )[0]  # fmt: skip

    def name(self, *, surname_only: bool = False, words_too: bool = True) -> str:
        """A person in some hand, between the marks. words_too: also names that are ordinary words."""
        made = self._whole(words_too=words_too)
        if surname_only:
            made = self.one(last=True)
            if self._chance.random() < 0.12:
                made = self._chance.choice((f"{made}-{self.one(last=True)}", f"{self.one()} {made}"))
        hand = self._chance.random()
        made = made.title() if hand < 0.4 else made.upper() if hand < 0.43 else made
        return f"{NAME}{made}{END}"

    def put_into(self, frame: str) -> str:
        """The frame with marked names in its places."""
        pieces = frame.split("{n}")
        told = len(tokens("".join(pieces))) >= _TELLING
        line = pieces[0]
        for piece in pieces[1:]:
            before = re.findall(r"[a-z]+", line.lower())
            surname = bool(before and before[-1] in _TITLES) or _OF_A_FAMILY.match(piece) is not None
            line += self.name(surname_only=surname, words_too=told)
            possessive = _POSSESSIVE.match(piece)
            if possessive is not None:  # the s belongs to the name's own word
                line = line[: -len(END)] + possessive[0] + END
            line += piece[possessive.end() if possessive else 0 :]
        return line
