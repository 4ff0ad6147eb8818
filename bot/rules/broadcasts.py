"""What an announcement needs: whom, which class, the words, and for an act its purpose, measure and date."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.rules.errors import Refusal
from bot.rules.measuring import units
from bot.rules.supervision import check_words

CLASSES: Mapping[str, str] = {
    "information": "Information: nothing to tap",
    "read": "Read: each taps “I've read it”",
    "act": "Act: an action for each",
}
FIELDS: Mapping[str, str] = {
    "to": "who: names, “team”, a role, or “everyone”",
    "class": "information, read or act",
    "text": "the message",
}
ACT_FIELDS: Mapping[str, str] = {
    "why": "the purpose",
    "measure": "what will be different",
    "by": "the date",
}
_CLASS_WORDS: Mapping[str, str] = {
    "info": "information",
    "inform": "information",
    "acknowledge": "read",
    "action": "act",
}
_OTHER_WORDS: Mapping[str, str] = {"for": "to", "message": "text", "when": "at", "purpose": "why"}
LONGEST_TEXT = 2500
"""As Telegram counts (bot.rules.measuring): with a purpose and a measure it stays one message."""
LONGEST_CAPTION = 1024
"""Telegram's limit for the words under a picture or file."""
MOST_FILE_BYTES = 10 * 1024 * 1024
"""Telegram's limit for pictures; kept for files too, so that they open on a phone."""
FILE_ENDINGS = (".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".txt", ".png", ".jpg", ".jpeg")
ACTS_A_WEEK = 3
WEEK = timedelta(days=7)
GENTLY = timedelta(seconds=5)
"""The least time between two changes of the counting message."""


@dataclass(frozen=True)
class Attachment:
    """A file that Telegram holds already. kind: photo or document."""

    kind: str
    file_id: str
    name: str = ""


@dataclass(frozen=True)
class Counts:
    """What became of an announcement, in people; each is in one of delivered … left."""

    people: int
    delivered: int = 0
    waiting: int = 0
    blocked: int = 0
    unknown: int = 0
    left: int = 0
    acknowledged: int = 0
    done: int = 0


def parse_announcement(text: str) -> dict[str, str]:
    """The "to:", "class:", "text:" … lines of one message; the text keeps its own lines."""
    names = "|".join(sorted({*FIELDS, *ACT_FIELDS, *_OTHER_WORDS, "at"}, key=len, reverse=True))
    pieces = re.split(rf"^[ \t]*({names})[ \t]*:[ \t]*", text, flags=re.I | re.M)
    fields: dict[str, str] = {}
    for name, value in zip(pieces[1::2], pieces[2::2], strict=True):
        key = _OTHER_WORDS.get(name.lower(), name.lower())
        tidy = tidied(value) if key == "text" else " ".join(value.split())
        if tidy:
            fields[key] = tidy
    return fields


def missing(fields: Mapping[str, str]) -> list[str]:
    """Each part that is still needed, with what it is."""
    needed = {**FIELDS, **(ACT_FIELDS if fields.get("class", "").casefold() in ("act", "action") else {})}
    return [f"{name}: ({what})" for name, what in needed.items() if not fields.get(name)]


def tidied(text: str) -> str:
    """The text with its own lines, no more than one of them empty in a row."""
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def check_class(typed: str) -> str:
    """information, read or act; raises Refusal."""
    words = typed.strip().casefold()
    found = _CLASS_WORDS.get(words, words)
    if found not in CLASSES:
        raise Refusal("Is it information, read (they acknowledge) or act (an action each)?")
    return found


def check_text(typed: str) -> str:
    """The message, tidied; raises Refusal where it is empty or too long for a phone."""
    text = tidied(typed)
    if len(text) < 3:
        raise Refusal("What should it say? A few words more, please.")
    if units(text) > LONGEST_TEXT:
        raise Refusal(f"That is {units(text)} characters; up to {LONGEST_TEXT} can be read on a phone.")
    return text


def check_file(kind: str, name: str, size: int) -> None:
    """Raises Refusal for a file of another type, or one that is too large."""
    if kind == "document" and not name.casefold().endswith(FILE_ENDINGS):
        raise Refusal("I can attach a picture, PDF, Word, Excel, PowerPoint, OpenDocument or text file.")
    if size > MOST_FILE_BYTES:
        raise Refusal("That file is over 10 MB. Send a smaller one, or tap No file.")


def check_act_words(typed: str) -> str:
    """The purpose or measure of an act; raises Refusal where there is hardly any."""
    words = check_words(typed)
    if len(words) < 3:
        raise Refusal("A few words more, please, so that everyone knows what is meant.")
    return words
