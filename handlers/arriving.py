"""What an update must be like before anything looks into it: shallow enough, its numbers of a sane size."""

from typing import Any, TypeGuard

from telegram import Update

DEEPEST = 64
"""Levels of nesting; the Bot API's own objects nest some ten deep."""
_LEAST, _MOST = -(2**63), 2**63 - 1


def well_formed(received: object) -> TypeGuard[dict[str, Any]]:
    """Whether this is an object with an update_id, at most DEEPEST deep, all its integers of 64 bits."""
    if not isinstance(received, dict):
        return False
    number: object = received.get("update_id")
    return type(number) is int and _sane(received)


def _sane(received: dict[str, Any]) -> bool:
    """Level by level, without recursion: what came may be deeper than the stack."""
    level: list[object] = [received]
    for _ in range(DEEPEST):
        if any(isinstance(one, int) and not _fits(one) for one in level):
            return False
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return True
    return False


def _fits(number: int) -> bool:
    return _LEAST <= number <= _MOST


def _inside(one: object) -> list[object]:
    if isinstance(one, dict):
        return list(one.values())
    return list(one) if isinstance(one, list) else []


def usable(update: Update) -> bool:
    """Whether what the handlers look at is of the kind that the library promises and does not check."""
    user, chat, message = update.effective_user, update.effective_chat, update.effective_message
    query, inline = update.callback_query, update.inline_query
    numbers = (user.id if user else 0, chat.id if chat else 0, message.message_id if message else 0)
    words = (
        user.first_name if user else "",
        getattr(message, "text", None),
        getattr(message, "caption", None),
        query.data if query else None,
        inline.query if inline else None,
    )
    return all(type(number) is int for number in numbers) and all(
        word is None or isinstance(word, str) for word in words
    )
