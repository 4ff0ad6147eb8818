"""What the buttons' data is read with."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.conversations.engine import Talk
from bot.rules.errors import Stale
from bot.texts.reply import Reply

Press = Callable[[Talk, list[str]], Awaitable[list[Reply]]]
"""Takes what stands behind the verb; raises Stale for what can't be read or has moved on."""


_UNREADABLE = "That button can't be read. Start again, please."
_HIGHEST_ID = 2**31 - 1


class Parts(list[str]):
    """What stands behind the verb, part by part; a part that isn't there is a Stale button, not a fault."""

    def __getitem__(self, index: Any) -> Any:
        """As a list's, but raises Stale beyond its end."""
        try:
            return super().__getitem__(index)
        except IndexError:
            raise Stale(_UNREADABLE) from None


def id_of(text: str) -> int:
    """A row's id; raises Stale for anything that no version of ours has made."""
    if not text.isdecimal() or len(text) > 10 or int(text) > _HIGHEST_ID:
        raise Stale(_UNREADABLE)
    return int(text)
