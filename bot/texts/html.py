"""Telegram's HTML: the one place that escapes."""

import re
from html import escape, unescape

MOST_CHARACTERS = 4096


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


def shortened(html: str, most: int = MOST_CHARACTERS) -> str:
    """Whole lines from the top, so that the message fits; says so where something is left out."""
    if len(plain(html)) <= most:
        return html
    kept: list[str] = []
    room = most - 40
    for line in html.split("\n"):
        room -= len(plain(line)) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, "… (the rest doesn't fit here)"])
