"""What the buttons' data is read with."""

from collections.abc import Awaitable, Callable

from bot.conversations.engine import Talk
from bot.rules.errors import Stale
from bot.texts.reply import Reply

Press = Callable[[Talk, list[str]], Awaitable[list[Reply]]]
"""Takes what stands behind the verb; raises Stale for what can't be read or has moved on."""


def id_of(text: str) -> int:
    """A row's id; raises Stale for anything that no version of ours has made."""
    if not text.isdecimal():
        raise Stale("That button can't be read. Start again, please.")
    return int(text)
