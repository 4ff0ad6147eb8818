"""Telegram counts text in UTF-16 units: lengths, slices and offsets."""

from typing import Any

Entity = dict[str, Any]


def length(text: str) -> int:
    """How long Telegram says the text is."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, start: int, stop: int) -> str:
    """The part between two UTF-16 offsets."""
    return text.encode("utf-16-le")[2 * start : 2 * stop].decode("utf-16-le", "replace")


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space at both ends, as Telegram stores it; entities move along."""
    lead = length(text) - length(text.lstrip())
    stripped = text.strip()
    end = length(stripped)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        stop = min(end, entity["offset"] + entity["length"] - lead)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return stripped, kept
