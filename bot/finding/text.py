"""Turns what a person typed into plain lower-case words: forms, shorthand and abbreviations made one."""

import html
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LONGEST = 4_000
_LONGEST_PHRASE = 5
_TAG = re.compile(r"<[^<>]{0,200}>")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_SECTION = re.compile(r"\bs(?:\.|ec\.?|ect\.?|ection)?\s?(\d{1,3}[a-z]{0,2})\b")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_CLOCK = re.compile(r"\b\d{1,2}(?:[:.]\d{2})?\s?[ap]m\b|\b\d{1,2}:\d{2}\b")
_DATE = re.compile(r"\b\d{1,4}[/-]\d{1,2}(?:[/-]\d{1,4})?\b")
_COUNTED = re.compile(r"(?<![a-z0-9])(\d+)([a-z]{2,})")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"(?<=[.!?…;])\s+|\n+|\s+[-–—]\s+|(?<=\w)\.{2,}\s*")
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("ly", ""), ("s", ""))
_KEPT = frozenset(
    {"need", "bed", "red", "his", "this", "was", "has", "does", "is", "us", "as", "yes", "less"}
)


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """The tables of data/abbreviations.toml."""

    shorthand: dict[str, str]
    meanings: dict[str, str]
    phrases: dict[tuple[str, ...], str]
    beginnings: frozenset[str]
    """The words that a phrase begins with."""


@cache
def abbreviations() -> Abbreviations:
    """Read the tables once."""
    raw = tomllib.loads((files("bot.finding") / "data" / "abbreviations.toml").read_text("utf-8"))
    phrases = {tuple(typed.split()): meant for typed, meant in raw["phrases"].items()}
    beginnings = frozenset(typed[0] for typed in phrases)
    return Abbreviations(raw["shorthand"], raw["meanings"], phrases, beginnings)


def plain(text: str) -> str:
    """Lower case, one kind of apostrophe and space, no markup, links, or invisible signs; at most LONGEST."""
    text = unicodedata.normalize("NFKC", html.unescape(text[:LONGEST]))
    text = _LINK.sub(" ", _TAG.sub(" ", text)).lower()
    if not text.isascii():  # which has no invisible signs
        text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return _APOSTROPHE.sub("", text)


def sentences(text: str) -> list[str]:
    """The sentences of a plain text, in order, without the empty ones."""
    return [part for part in (piece.strip() for piece in _SENTENCE.split(text)) if part]


def words(text: str) -> list[str]:
    """The words of a plain text with shorthand written out and long names made short."""
    text = _CLOCK.sub(" clocktime ", text)
    text = _DATE.sub(" calendardate ", text)
    text = _COUNTED.sub(r"\1 \2", _SECTION.sub(r"s\1", text))
    table = abbreviations().shorthand
    found: list[str] = []
    for word in _WORD.findall(text):
        found.extend(table[word].split() if word in table else (word,))
    return _joined(found)


def _joined(found: list[str]) -> list[str]:
    """The words with every known phrase, the longest first, written in its one way."""
    table = abbreviations()
    phrases, beginnings = table.phrases, table.beginnings
    joined: list[str] = []
    place = 0
    while place < len(found):
        for size in range(_LONGEST_PHRASE, 1, -1) if found[place] in beginnings else ():
            meant = phrases.get(tuple(found[place : place + size]))
            if meant is not None:
                joined.extend(meant.split())
                place += size
                break
        else:
            joined.append(found[place])
            place += 1
    return joined


def meanings(found: Sequence[str]) -> list[str]:
    """The long forms of the abbreviations among these words."""
    table = abbreviations().meanings
    return [part for word in found if word in table for part in table[word].split()]


def stem(word: str) -> str:
    """A word without its commonest endings."""
    if len(word) < 4 or word in _KEPT:
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: len(word) - len(ending)] + instead
    return word
