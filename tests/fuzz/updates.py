"""Updates made from the Bot API's own description: every field that Telegram may send, in odd company."""

import json
import re
from collections.abc import Callable, Sequence
from importlib.resources import files
from random import Random
from typing import Any

Json = dict[str, Any]
KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")
_TYPES: dict[str, Any] = json.loads((files("bot.simulator") / "bot_api.json").read_text())["types"]
_DEEPEST = 4
_NAMED = {
    "ChatMemberOwner": "creator",
    "ChatMemberBanned": "kicked",
    "ChatBoostSourceGiftCode": "gift_code",
    "PaidMediaLivePhoto": "live_photo",
    "BackgroundTypeChatTheme": "chat_theme",
}
"""What a type calls itself where that isn't the end of its name."""
_KINDS_OF: dict[tuple[str, str], Sequence[str]] = {
    ("Chat", "type"): ("private", "group", "supergroup", "channel"),
    ("MessageEntity", "type"): ("bold", "bot_command", "url", "text_link", "spoiler", "mention"),
    ("Poll", "type"): ("regular", "quiz"),
    ("Sticker", "type"): ("regular", "mask", "custom_emoji"),
    ("InlineQuery", "chat_type"): ("sender", "private", "group"),
    ("EncryptedPassportElement", "type"): ("passport",),
}
WORDS = (
    "", " ", "a", "/", "/start", "/start@other", "strat was tues, when is icpc", "CP-1042", "3/11", "today",
    "31/2", "<b>", "</code>&lt;&amp", "\u202eright to left\u202c", "\U0001f469\u200d\U0001f466" * 20,
    "\u0627" * 300, "0" * 4096, "\x00\x07", "'; DROP TABLE person;--", "12:99", "\u0663/\u0661\u0661",
    "9" * 20, "team", "-1", "\ud7ff\uffff", "\n" * 50, "yes", "ASAP", "1",
)  # fmt: skip


class Maker:
    """Makes updates, the same for the same seed. people: accounts that the bot may know."""

    def __init__(
        self, seed: int, people: Sequence[int], commands: Sequence[str], verbs: Sequence[str]
    ) -> None:
        self._random = Random(seed)
        self._people = people
        self._commands = commands
        self._verbs = verbs
        self._message_id = 1_000_000

    def update(self) -> tuple[str, Json]:
        """The kind of an update and its body; the sender is one of the people, or a stranger."""
        kind = self._random.choice(KINDS)
        person = self._random.choice([*self._people, 77])
        type_ = {"callback_query": "CallbackQuery", "my_chat_member": "ChatMemberUpdated"}
        body = self._object(type_.get(kind, "InlineQuery" if kind == "inline_query" else "Message"), 0)
        sender = {"id": person, "is_bot": False, "first_name": self._words()}
        if kind != "edited_message" or self._random.random() < 0.9:
            body["from"] = sender
        for holder in (body, body.get("message")):
            if isinstance(holder, dict) and "chat" in holder and self._random.random() < 0.8:
                holder["chat"] = {"id": person, "type": "private", "first_name": "x"}
        if kind == "callback_query":
            body["data"] = self._press()
        elif kind.endswith("message") and self._random.random() < 0.7:
            body["text"] = self._line()
            body["entities"] = self._command_entity(body["text"])
        return kind, body

    def _line(self) -> str:
        if self._random.random() < 0.6:
            return (
                f"/{self._random.choice(self._commands)} {self._words()} {self._words()}".strip() or "/help"
            )
        return self._words() or "?"

    @staticmethod
    def _command_entity(text: str) -> list[Json]:
        found = re.match(r"/\w+", text)
        return [{"type": "bot_command", "offset": 0, "length": len(found[0])}] if found else []

    def _press(self) -> str:
        parts = [str(self._random.choice((0, 1, 2, 5, 10**9, -1, "x", "", "icpc", "y"))) for _ in range(3)]
        return ":".join(
            [self._random.choice([*self._verbs, "nonsense"]), *parts[: self._random.randint(0, 3)]]
        )

    def _words(self) -> str:
        return " ".join(self._random.choices(WORDS, k=self._random.randint(1, 3)))[:4096]

    def _object(self, name: str, depth: int) -> Json:
        made = {}
        for field, about in _TYPES[name]["fields"].items():
            wanted = about["required"] or (depth < _DEEPEST and self._random.random() < 0.12 / (depth + 1))
            if wanted:
                made[field] = self._value(name, field, self._random.choice(about["types"]), depth + 1)
        return made

    def _value(self, owner: str, field: str, type_: str, depth: int) -> Any:
        if type_.startswith("Array of "):
            inner = type_.removeprefix("Array of ")
            return [self._value(owner, field, inner, depth + 1) for _ in range(self._random.randint(0, 2))]
        simple = self._simple(owner, field)
        if type_ in simple:
            return simple[type_]()
        subtypes: list[str] | None = _TYPES[type_].get("subtypes")
        if not subtypes:
            return self._object(type_, depth)
        chosen = "String" if depth > _DEEPEST and "String" in subtypes else self._random.choice(subtypes)
        return self._value(type_, field, chosen, depth)

    def _simple(self, owner: str, field: str) -> dict[str, Callable[[], Any]]:
        return {
            "Integer": lambda: self._integer(field),
            "Float": lambda: self._random.choice((0.0, 51.5, -180.0)),
            "Boolean": lambda: self._random.random() < 0.5,
            "String": lambda: self._text(owner, field),
        }

    def _integer(self, field: str) -> int:
        if field == "message_id":
            self._message_id += 1
            return self._message_id
        if field.endswith("date"):
            return 1_795_000_000 + self._random.randint(0, 10**6)
        if field.endswith("id"):
            return self._random.choice((1, 2, 2**31, 2**52, -5))
        return self._random.choice((0, 1, 2, 600, 2**31))

    def _text(self, owner: str, field: str) -> str:
        if (owner, field) in _KINDS_OF:
            return self._random.choice(_KINDS_OF[owner, field])
        if field in ("type", "status", "source"):
            return _own_name(owner)
        return self._words()


def _own_name(owner: str) -> str:
    """user of MessageOriginUser: the end of the name, as Telegram writes it."""
    if owner in _NAMED:
        return _NAMED[owner]
    bases = [name for name, about in _TYPES.items() if owner in about.get("subtypes", ())]
    ending = owner.removeprefix(bases[0]) if bases else owner
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", ending).lower()
