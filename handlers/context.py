"""What every handler can reach, typed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from telegram.ext import Application, CallbackContext, ExtBot

from bot.clock import Clock
from bot.services.office import Office
from handlers.left_out import LeftOut
from handlers.pacing import INLINE_TIMES, KnownFloods, Pace
from storage.database import Database
from storage.replicas import Replica


class WrittenTo(dict[int, datetime]):
    """The chats that were answered a moment ago, and until when the outbox leaves them alone."""

    def note(self, chat_id: int, now: datetime) -> None:
        """A reply went into this chat."""
        for chat in [chat for chat, until in self.items() if until <= now]:
            del self[chat]
        self[chat_id] = now + timedelta(seconds=1)


@dataclass(frozen=True)
class Resources:
    """Built once at start. most_a_minute: updates taken of one person, 0 for any number."""

    database: Database
    office: Office
    clock: Clock
    replica: Replica
    most_a_minute: int = 0
    inline_pace: Pace = field(default_factory=lambda: Pace(INLINE_TIMES))
    """Inline queries leave no row, so each process counts its own."""
    floods: KnownFloods = field(default_factory=KnownFloods)
    left_out: LeftOut = field(default_factory=LeftOut)
    written_to: WrittenTo = field(default_factory=WrittenTo)


class BotContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[str, Resources]]):
    """PTB's context with the one thing that is kept in bot_data."""

    @property
    def resources(self) -> Resources:
        """What the wiring put there."""
        return self.bot_data["resources"]


BotApplication = Application[
    ExtBot[None], BotContext, dict[Any, Any], dict[Any, Any], dict[str, Resources], None
]
