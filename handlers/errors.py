"""Telegram's errors, decided once: by class and code; where it gives only words, by the one table here."""

from enum import StrEnum, auto

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.receipts import Failed, Moved, Receipt, TryLater, Unreachable, Unsure
from handlers.http import MayHaveArrived, NotSent


class Trouble(StrEnum):
    """What an error means for the message that met it."""

    WAIT = auto()  # 429: this chat, or all, for so many seconds
    BLOCKED = auto()  # 403: the person has blocked the bot
    NEVER_STARTED = auto()  # 400: no such chat, because the person never began one
    MIGRATED = auto()  # the group has another number now
    NOT_MODIFIED = auto()  # the edit changes nothing: as good as done
    GONE = auto()  # the message or the tap is too old or no longer there
    REFUSED = auto()  # a bad request: never again as it is
    BAD_TOKEN = auto()  # nothing will go out until it is mended
    SERVER = auto()  # 5xx in Telegram's own form: it did not take the message
    NOT_SENT = auto()  # the connection failed before anything was sent
    UNSURE = auto()  # the connection failed later, or a gateway answered: it may have been taken


_DESCRIPTIONS = (
    ("message is not modified", Trouble.NOT_MODIFIED),
    ("message to edit not found", Trouble.GONE),
    ("message to delete not found", Trouble.GONE),
    ("message can't be edited", Trouble.GONE),
    ("query is too old", Trouble.GONE),
    ("chat not found", Trouble.NEVER_STARTED),
    ("user not found", Trouble.NEVER_STARTED),
    ("peer_id_invalid", Trouble.NEVER_STARTED),
)
"""Telegram's descriptions of a 400, which carries no finer code."""


_BY_CLASS = (
    (RetryAfter, Trouble.WAIT),
    (Forbidden, Trouble.BLOCKED),
    (ChatMigrated, Trouble.MIGRATED),
    (InvalidToken, Trouble.BAD_TOKEN),
)


def trouble(error: TelegramError) -> Trouble:
    """What this error means."""
    for kind, what in _BY_CLASS:
        if isinstance(error, kind):
            return what
    if isinstance(error, BadRequest):  # a subclass of NetworkError: decided before it
        words = error.message.lower()
        return next((what for said, what in _DESCRIPTIONS if said in words), Trouble.REFUSED)
    return _by_cause(error.__cause__) if isinstance(error, NetworkError) else Trouble.UNSURE


def _by_cause(cause: BaseException | None) -> Trouble:
    """Without a cause Telegram answered in its own form; else the connection broke, or a gateway answered."""
    if cause is None:
        return Trouble.SERVER
    return Trouble.NOT_SENT if isinstance(cause, NotSent) else Trouble.UNSURE


def receipt(error: TelegramError) -> Receipt:
    """What becomes of an outgoing message that met this error."""
    if isinstance(error, ChatMigrated):
        return Moved(error.new_chat_id)
    match trouble(error):
        case Trouble.WAIT:
            return TryLater("asked to wait", seconds_to_wait(error))
        case Trouble.BLOCKED | Trouble.NEVER_STARTED:
            return Unreachable(error.message)
        case Trouble.REFUSED | Trouble.GONE | Trouble.NOT_MODIFIED | Trouble.MIGRATED:
            return Failed(error.message)
        case Trouble.SERVER | Trouble.NOT_SENT | Trouble.BAD_TOKEN as what:
            return TryLater(what)
        case Trouble.UNSURE:
            return Unsure(_what_broke(error.__cause__ or error))


def _what_broke(error: BaseException) -> str:
    return str(error) if isinstance(error, MayHaveArrived) else type(error).__name__


def seconds_to_wait(error: TelegramError) -> float:
    """How long Telegram asked us to wait; a second where it did not say."""
    after = error.retry_after if isinstance(error, RetryAfter) else 1
    return float(after) if isinstance(after, int | float) else after.total_seconds()
