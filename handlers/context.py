"""What every handler can reach, typed."""

from dataclasses import dataclass
from typing import Any

from telegram.ext import Application, CallbackContext, ExtBot

from bot.clock import Clock
from bot.services.office import Office
from storage.database import Database


@dataclass(frozen=True)
class Resources:
    """Built once at start: the database, the office and the clock."""

    database: Database
    office: Office
    clock: Clock


class BotContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[str, Resources]]):
    """PTB's context with the one thing that is kept in bot_data."""

    @property
    def resources(self) -> Resources:
        """What the wiring put there."""
        return self.bot_data["resources"]


BotApplication = Application[
    ExtBot[None], BotContext, dict[Any, Any], dict[Any, Any], dict[str, Resources], None
]
