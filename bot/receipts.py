"""What may become of a message that is handed to Telegram, or to the mail server."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.texts.reply import Say


@dataclass(frozen=True)
class Sent:
    """Telegram took the message. later: the numbers of the further messages that a long one needed."""

    message_id: int
    later: tuple[int, ...] = ()


@dataclass(frozen=True)
class Mailed:
    """The mail server took it: the person can't be reached in Telegram."""


@dataclass(frozen=True)
class TryLater:
    """It certainly did not go out, but may; after: seconds that Telegram asked us to wait, if it did."""

    reason: str
    after: float | None = None


@dataclass(frozen=True)
class Unsure:
    """It may have gone out: the connection broke after the message was on its way.

    arrived: the numbers of the parts of a long one that did arrive before.
    """

    reason: str
    arrived: tuple[int, ...] = ()


@dataclass(frozen=True)
class Failed:
    """It will never go out as it is."""

    reason: str


@dataclass(frozen=True)
class Unreachable:
    """The person has blocked the bot or never started it."""

    reason: str


@dataclass(frozen=True)
class Moved:
    """It did not go out: the group has another number now."""

    chat_id: int


Receipt = Sent | Mailed | TryLater | Unsure | Failed | Unreachable | Moved
Send = Callable[[int, Say], Awaitable[Receipt]]
"""Into a chat."""
Mail = Callable[[str, Say], Awaitable[Receipt]]
"""To an address."""
