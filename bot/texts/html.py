"""Telegram's HTML: the one place that escapes."""

import re
from collections.abc import Iterator
from html import escape, unescape

from bot.rules.measuring import units

MOST_CHARACTERS = 4096
_TAG = re.compile(r"<(/?)([a-z-]+)[^>]*>")
_TOKEN = re.compile(r"<[^>]+>|&[^;\s]{1,9};|\s+|[^\s<&]+|.")


def esc(text: str) -> str:
    """Plain text made safe inside a message."""
    return escape(text, quote=False)


def bold(text: str) -> str:
    """Plain text, escaped, in bold; nothing for nothing."""
    return f"<b>{esc(text)}</b>" if text else ""


def italic(text: str) -> str:
    """Plain text, escaped, in italics; nothing for nothing."""
    return f"<i>{esc(text)}</i>" if text else ""


def lines(*parts: str) -> str:
    """The parts that aren't empty, one a line."""
    return "\n".join(part for part in parts if part)


def marked(text: str) -> str:
    """Escapes text and turns its **bold** and _italic_ marks into tags."""
    safe = esc(text)
    safe = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", safe)
    return re.sub(r"(?<!\w)_([^_]+)_(?!\w)", r"<i>\1</i>", safe)


def plain(html: str) -> str:
    """A message's words without its tags, for the command line."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def folded(html: str, most: int = MOST_CHARACTERS) -> list[str]:
    """The message in as many parts as it needs, on line ends, and inside a line only where it is too long.

    most: in UTF-16 units without tags, as Telegram counts. A tag that is open at a fold is closed and
    opened anew.
    """
    parts = [""]
    room = most
    for piece in _pieces(html, most):
        if length(piece) <= room:
            parts[-1] += piece
            room -= length(piece)
        else:
            parts.append(piece.removeprefix("\n"))
            room = most - length(parts[-1])
    return _closed(parts)


def length(html: str) -> int:
    """How long the message is to Telegram: in UTF-16 units, without its tags."""
    return units(plain(html))


def _pieces(html: str, most: int) -> Iterator[str]:
    """Lines, each with the line end before it; words and then letters of a line that is too long."""
    for number, line in enumerate(html.split("\n")):
        end = "\n" if number else ""
        if length(line) + 1 <= most:
            yield end + line
            continue
        for word in _TOKEN.findall(line):
            if length(word) + 1 <= most:
                yield end + word
            else:
                yield end
                yield from word
            end = ""


def _closed(parts: list[str]) -> list[str]:
    whole: list[str] = []
    opened: list[str] = []
    for part in parts:
        begun = "".join(opened) + part
        opened = []
        for tag in _TAG.finditer(begun):
            if tag.group(1):
                opened.pop()
            else:
                opened.append(tag.group())
        ends = "".join(f"</{_TAG.match(tag).group(2)}>" for tag in reversed(opened))  # type: ignore[union-attr]
        whole.append(begun + ends)
    return whole
