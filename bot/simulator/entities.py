"""Entities that Telegram finds by itself, and words with entities drawn as safe HTML."""

import html
import re

from bot.simulator.units import Entity, cut, length

_FOUND = (
    ("url", re.compile(r"(?i)\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w.+-])@[A-Za-z][A-Za-z0-9_]{3,31}\b")),
    ("hashtag", re.compile(r"(?<![\w&])#\w*[^\W\d]\w*")),
)
_TAGS = {
    "bold": ("<strong>", "</strong>"),
    "italic": ("<em>", "</em>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "spoiler": ('<span class="spoiler" tabindex="0">', "</span>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
    "bot_command": ('<span class="command">', "</span>"),
    "mention": ('<span class="mention">', "</span>"),
    "hashtag": ('<span class="mention">', "</span>"),
}
_SAFE_LINK = re.compile(r"(?i)(https?://|mailto:|tel:|tg:)")


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """The given entities and those that Telegram adds: commands, links, mentions, hashtags."""
    taken = [(entity["offset"], entity["offset"] + entity["length"], entity["type"]) for entity in entities]
    found: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start = length(text[: match.start()])
            stop = start + length(match.group())
            if not any(_in_the_way(start, stop, *other) for other in taken):
                found.append({"type": kind, "offset": start, "length": stop - start})
                taken.append((start, stop, kind))
    return sorted([*entities, *found], key=lambda entity: (entity["offset"], -entity["length"]))


def _in_the_way(start: int, stop: int, other_start: int, other_stop: int, kind: str) -> bool:
    if stop <= other_start or other_stop <= start:
        return False
    inside = other_start <= start and stop <= other_stop
    return not inside or kind in {"code", "pre", "text_link", "url", "email", "bot_command", "mention"}


def as_html(text: str, entities: list[Entity]) -> str:
    """Escaped HTML for the page; entities that cross one another are left out."""
    out: list[str] = []
    open_until: list[tuple[int, str]] = []
    position = 0

    def words_until(stop: int) -> None:
        nonlocal position
        out.append(html.escape(cut(text, position, stop)))
        position = max(position, stop)

    def close_until(start: int) -> None:
        while open_until and open_until[-1][0] <= start:
            stop, end_tag = open_until.pop()
            words_until(stop)
            out.append(end_tag)

    for entity in sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])):
        start, stop = entity["offset"], entity["offset"] + entity["length"]
        close_until(start)
        if open_until and stop > open_until[-1][0]:
            continue
        begin_tag, end_tag = _tags(entity, cut(text, start, stop))
        words_until(start)
        out.append(begin_tag)
        open_until.append((stop, end_tag))
    close_until(length(text))
    words_until(length(text))
    return "".join(out)


def _tags(entity: Entity, words: str) -> tuple[str, str]:
    link = {"text_link": entity.get("url", ""), "url": words, "email": f"mailto:{words}"}.get(entity["type"])
    if link is not None and _SAFE_LINK.match(link):
        return f'<a href="{html.escape(link)}" target="_blank" rel="noopener noreferrer">', "</a>"
    return _TAGS.get(entity["type"], ("", ""))
