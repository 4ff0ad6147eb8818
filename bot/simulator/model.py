"""People, chats and messages, and the form in which the Bot API shows them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.simulator.units import Entity

Json = dict[str, Any]
ChatKind = Literal["private", "group", "supergroup"]


@dataclass(slots=True)
class User:
    """Somebody with a Telegram account: a person or the bot."""

    id: int
    first_name: str
    username: str | None = None
    is_bot: bool = False
    language_code: str | None = None
    blocked: bool = False

    def as_api(self) -> Json:
        """A User object."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user


@dataclass(slots=True, eq=False)
class Message:
    """One message; the words of a picture or document are its caption."""

    id: int
    chat: "Chat"
    sender: User
    sent: datetime
    words: str = ""
    entities: list[Entity] = field(default_factory=list)
    content: Json = field(default_factory=dict)
    buttons: Json | None = None
    keyboard: Json | None = None
    reply_to: "Message | None" = None
    edited: datetime | None = None
    extra: Json = field(default_factory=dict)
    changed: int = 0
    """The chat's version at which this message was sent or last changed."""

    @property
    def labels(self) -> list[str]:
        """The inline buttons' labels, in order."""
        rows: list[list[Json]] = (self.buttons or {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]

    def as_api(self, with_reply: bool = True) -> Json:
        """A Message object."""
        message: Json = {
            "message_id": self.id,
            "from": self.sender.as_api(),
            "chat": self.chat.as_api(),
            "date": int(self.sent.timestamp()),
        }
        if self.edited:
            message["edit_date"] = int(self.edited.timestamp())
        message.update(self.content)
        text, entities = ("caption", "caption_entities") if self.content else ("text", "entities")
        if self.words:
            message[text] = self.words
        if self.entities:
            message[entities] = self.entities
        if with_reply and self.reply_to is not None:
            message["reply_to_message"] = self.reply_to.as_api(with_reply=False)
        if self.buttons is not None:
            message["reply_markup"] = self.buttons
        message.update(self.extra)
        return message


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat has its person's id; a group a negative one."""

    id: int
    kind: ChatKind
    title: str
    members: dict[int, User]
    messages: dict[int, Message] = field(default_factory=dict)
    version: int = 0
    privacy: bool = True
    """In a group with privacy the bot gets commands, mentions and replies to it, nothing else."""
    bot_is_member: bool = True
    upgraded_to: int | None = None
    """The supergroup that this group has become; nothing can be written here any more."""
    pinned: int | None = None
    menu: Json | None = None

    @property
    def is_group(self) -> bool:
        """A group, or the supergroup that one has become."""
        return self.kind != "private"

    def as_api(self) -> Json:
        """A Chat object."""
        if self.is_group:
            return {"id": self.id, "type": self.kind, "title": self.title}
        person = self.members[self.id]
        chat: Json = {"id": self.id, "type": "private", "first_name": person.first_name}
        if person.username:
            chat["username"] = person.username
        return chat

    def keep(self, message: Message) -> None:
        """Adds a message, or marks it as changed now."""
        self.version += 1
        message.changed = self.version
        self.messages[message.id] = message

    def forget(self, message: Message) -> None:
        """Takes a deleted message out."""
        self.version += 1
        del self.messages[message.id]

    def newest_first(self) -> Iterable[Message]:
        """Messages, the newest first."""
        return reversed(self.messages.values())
