"""The whole of this small Telegram: who there is, what was said, what waits for the bot."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.simulator.calls import CallLog
from bot.simulator.clock import VirtualClock
from bot.simulator.command_menu import Menus
from bot.simulator.events import Events
from bot.simulator.faults import Faults
from bot.simulator.fired import Fired
from bot.simulator.model import Chat, Json, Message, User
from bot.simulator.pace import Pace
from bot.simulator.refusals import bad_request, forbidden, upgraded
from bot.simulator.signal import Signal
from bot.simulator.stored_files import Files
from bot.simulator.units import Entity
from bot.simulator.updates import Updates
from bot.simulator.views import message_view

PRESS_ANSWERABLE_FOR = timedelta(minutes=15)
"""Telegram does not publish how long; this is long for a bot and short for a person."""


@dataclass(slots=True)
class Press:
    """A tap on an inline button that waits for its one answer."""

    person: User
    at: datetime
    message_id: int
    answered: bool = False


@dataclass(slots=True)
class InlineAsk:
    """An inline query and the results it got."""

    person: User
    at: datetime
    results: list[Json] | None = None


@dataclass(slots=True)
class Webhook:
    """Where updates are sent instead of being fetched."""

    url: str = ""
    secret: str | None = None
    max_connections: int = 40
    last_error_at: datetime | None = None
    last_error: str | None = None


@dataclass(slots=True)
class Profile:
    """What the bot has set about itself, by language."""

    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})


class Telegram:
    """State and the few moves that everything else is made of."""

    def __init__(self, clock: VirtualClock, token: str, bot: User, pace: bool) -> None:
        self.clock = clock
        self.token = token
        self.bot = bot
        self.changed = Signal()
        self.events = Events()
        self.updates = Updates(clock, self.changed)
        self.files = Files()
        self.calls = CallLog(clock, self.events)
        self.faults = Faults(self._faults_changed)
        self.fired = Fired()
        self.pace = Pace(clock, pace)
        self.menus = Menus()
        self.profile = Profile()
        self.webhook = Webhook()
        self.people: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.inline: dict[str, InlineAsk] = {}
        self.answers: dict[int, list[Json]] = {}
        self.last_seen: dict[int, Json] = {}
        """What the screens of those who are offline still show."""
        self.unsent: dict[int, list[str]] = {}
        """What they have typed meanwhile: their app sends it when they are back."""
        self.closing = False
        self._message_ids = count(1)
        self._query_ids = count(4_000_000_000_001)
        clock.listeners.append(self._clock_moved)

    def _clock_moved(self) -> None:
        self.fired.clock_moved()
        self.changed.notify()
        self.events.publish("clock", now=self.clock().isoformat(timespec="seconds"))

    def _faults_changed(self) -> None:
        self.events.publish("faults", faults=self.faults.as_json())

    def close(self) -> None:
        """Ends long polls and event streams, so that the server can stop."""
        self.closing = True
        self.changed.notify()
        self.events.close()

    def new_query_id(self) -> str:
        """For presses and inline queries."""
        return str(next(self._query_ids))

    def chat_for_bot(self, chat_id: Any) -> Chat:
        """The chat that the bot names; Telegram knows none before the person's first word."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def chat_to_write_in(self, chat_id: Any) -> Chat:
        """The same, if the bot may write there."""
        chat = self.chat_for_bot(chat_id)
        if chat.kind == "private" and chat.members[chat.id].blocked:
            raise forbidden("bot was blocked by the user")
        if chat.upgraded_to is not None:
            raise upgraded(chat.upgraded_to)
        if not chat.bot_is_member:
            raise forbidden("bot was kicked from the group chat")
        return chat

    def post(
        self,
        chat: Chat,
        sender: User,
        *,
        words: str = "",
        entities: list[Entity] | None = None,
        content: Json | None = None,
        reply_to: Message | None = None,
        extra: Json | None = None,
        markup: Json | None = None,
    ) -> Message:
        """Puts a message into a chat and tells the page."""
        message = Message(
            id=next(self._message_ids),
            chat=chat,
            sender=sender,
            sent=self.clock(),
            words=words,
            entities=entities or [],
            content=content or {},
            reply_to=reply_to,
            extra=extra or {},
        )
        if markup is not None:
            message.buttons = markup if "inline_keyboard" in markup else None
            message.keyboard = markup if message.buttons is None else None
        self.fired.note(message)
        self.changed_message(message)
        return message

    def changed_message(self, message: Message) -> None:
        """Marks a message as new or edited and tells the page."""
        message.chat.keep(message)
        self.changed.notify()
        if self.events.heard:
            self.events.publish("message", chat=message.chat.id, message=message_view(message))

    def delete(self, message: Message) -> None:
        """Takes a message away for everybody."""
        message.chat.forget(message)
        self.changed.notify()
        self.events.publish("deleted", chat=message.chat.id, message_id=message.id)

    def tell_bot(self, kind: str, body: Json, lane: int) -> None:
        """Queues an update about what somebody did."""
        self.fired.somebody_acts()
        self.updates.add(kind, body, lane)


def new_telegram(clock: VirtualClock, token: str, username: str, name: str, *, pace: bool) -> Telegram:
    """A Telegram with one bot in it, whose id is the number in its token."""
    number = token.split(":", 1)[0]
    bot = User(int(number) if number.isdecimal() else 1, name, username, is_bot=True)
    return Telegram(clock, token, bot, pace)
