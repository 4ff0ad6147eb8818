"""What the name guard learns from: the packaged questions, lines written for it, and what is made of them."""

import json
import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from bot.rules.guard.names import Token, known_names, parts, token, tokens
from bot.rules.guard.naming import END, HERE, NAME, Namer, slip

_PEOPLE = (
    "mum mom dad mother father child baby boy girl teenager toddler parent brother sister nan gran grandma "
    "grandad uncle aunt auntie stepdad stepfather lad yp sibling newborn carer partner boyfriend girlfriend "
    "grandmother grandfather son daughter cousin husband wife twins stepmum"
)
PEOPLE_WORDS = frozenset(_PEOPLE.split())
_HELD_BACK = ("hand10", "hand11", "hand14", "hand6", "hand13")
"""Files that are only measured on, never learnt from."""
_PLACES = ("moved to {p}", "family from {p}, what now", "{p} forms, who fills them in", "{p}", "is {p} on it")
_ROWS, _KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "asdfghjkl"), (3, 4, 5, 6, 7, 8)
_SLOT = re.compile(r"\{(\w+)\}")
_LONGER = re.compile(r"[A-Za-z]{5,}")
_NAMING = re.compile(
    r"\b(?:call\w*|nam\w+|surname|mrs?|ms|miss|dr|known|aka|alias|spel\w*|baby|unborn|dear)\b"
)


def questions(*, held_back: bool = False, everything: bool = False) -> list[str]:
    """The packaged questions: those to learn from, those held back, or (for the shipped model) all."""
    found: list[str] = []
    for file in sorted(files("bot.finding").joinpath("data/phrasings").iterdir(), key=lambda one: one.name):
        name = file.name.removesuffix(".jsonl").removesuffix("-other")
        if file.name.endswith(".jsonl") and (everything or (name in _HELD_BACK) == held_back):
            found += [json.loads(line)["question"] for line in file.read_text("utf-8").splitlines() if line]
    return found


def read(name: str) -> list[str]:
    """The lines of a file beside this one; empty ones and # left out."""
    lines = HERE.joinpath(name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def ordinary() -> list[str]:
    """Lines without any name, of which many hold words that are names elsewhere."""
    return [*read("ordinary.txt"), *read("likely.txt"), *places()]


def places() -> list[str]:
    """Places, languages, organisations: each by itself and in a line."""
    words = HERE.joinpath("places.txt").read_text("utf-8").split()
    return [frame.format(p=place) for place in words for frame in _PLACES]


@cache
def fillers() -> dict[str, list[str]]:
    """What may stand in the slots of templates.txt."""
    raw = tomllib.loads(HERE.joinpath("fillers.toml").read_text("utf-8"))
    found = {slot: words.split(",") if "," in words else words.split() for slot, words in raw.items()}
    found["plain"] = [
        name for name, known in known_names().items()
        if known.dictionary == 2 and (known.first or known.last) and len(name) > 2
    ]  # fmt: skip
    return found


def vocabulary_counts(lines: Iterable[str]) -> Counter[str]:
    """In how many lines each word occurs."""
    return Counter(word for line in lines for word in {one.word for one in tokens(line)})


def typed(line: str, chance: random.Random) -> str:
    """The line in some hand: as it is, small, shouted, with capitals here and there, with slips."""
    rate = chance.choice((0, 0, 0, 0.02, 0.04, 0.15))
    if rate:
        line = _LONGER.sub(lambda one: slip(one[0], chance) if chance.random() < rate else one[0], line)
    hand = chance.random()
    if hand < 0.25:
        return line.lower()
    if hand < 0.31:
        return line.upper()
    if hand < 0.36:  # Written As If Important
        return _LONGER.sub(lambda one: one[0].capitalize() if chance.random() < 0.5 else one[0], line)
    return line[:1].upper() + line[1:] if hand < 0.6 else line


def answered(line: str) -> tuple[list[str], list[Token], list[int], list[bool]]:
    """A marked line's parts, its words, where among the parts they stand, and which are names."""
    shown: list[str] = []
    words: list[Token] = []
    places: list[int] = []
    answers: list[bool] = []
    inside = False
    for part in parts(line):
        if part in (NAME, END):
            inside = part == NAME
            continue
        found = token(part)
        if found is not None:
            words.append(found)
            places.append(len(shown))
            answers.append(inside)
        shown.append(part)
    return shown, words, places, answers


def filled(template: str, chance: random.Random, namer: Namer) -> str:
    """A template without a name, its slots filled; {last} and {first} are eponyms'."""

    def word(slot: re.Match[str]) -> str:
        if slot[1] in ("first", "last"):
            name = namer.one(last=slot[1] == "last")
            return name.title() if chance.random() < 0.5 else name
        if slot[1] == "abbr":
            letters = "".join(
                chance.choice("abcdefghiklmnoprstuw") for _ in range(chance.choice((2, 3, 3, 3, 4, 4, 5)))
            )
            return letters.upper() if chance.random() < 0.5 else letters
        if slot[1] == "keys":
            return "".join(chance.choice(chance.choice(_ROWS)) for _ in range(chance.choice(_KEYS)))
        return chance.choice(fillers()[slot[1]]).strip()

    return _SLOT.sub(word, template)


def joined(lines: list[str], chance: random.Random) -> str:
    """Several lines as one message."""
    message = lines[0]
    for line in lines[1:]:
        message += chance.choice((". ", ". ", ", ", " ", "\n", "? ", " - ", " and ")) + line
    return message


def without_names(frames: Iterable[str]) -> list[str]:
    """Frames as templates without a name: what people do, other words do too."""
    return [frame.replace("{n}", "{role}") for frame in frames if not _NAMING.search(frame.lower())]


def bucket(count: int) -> int:
    """0 never, 1 once, then 2, 3 (6 or more) and 4 (40 or more)."""
    return sum(count >= least for least in (1, 2, 6, 40))


def with_name(question: str, chance: random.Random) -> str | None:
    """A question with one of its people's words made a place for a name; None where it has none."""
    found = question.split()
    places = [i for i, part in enumerate(found) if part.lower().strip("?,.") in PEOPLE_WORDS]
    if not places:
        return None
    at = chance.choice(places)
    before = at - 1 if at and found[at - 1].lower() in ("the", "a", "my", "our", "her", "his", "this") else at
    mark = found[at][len(found[at].rstrip("?,.")) :]
    return " ".join([*found[:before], "{n}" + mark, *found[at + 1 :]])


def around(question: str, chance: random.Random) -> str:
    """A question without people's words, with a name before or after it."""
    before = ("{n}: ", "re {n} - ", "{n} ", "{n}. ", "for {n}, ", "this is about {n}. ", "{n}'s case. ")
    after = (" - {n}", " its for {n}", " (this is {n})", ". {n}", " re {n}", " for {n}", "? asking for {n}")
    return chance.choice(before) + question if chance.random() < 0.6 else question + chance.choice(after)
