"""Checks calls against the machine-readable description of the Bot API."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.simulator.refusals import Refusal, bad_request

_ARRAY = "Array of "
_OBJECT_DEPTH = 32
_ENUMERATIONS: dict[tuple[str, str], frozenset[str]] = {
    ("MessageEntity", "type"): frozenset(
        [
            "mention",
            "hashtag",
            "cashtag",
            "bot_command",
            "url",
            "email",
            "phone_number",
            "bold",
            "italic",
            "underline",
            "strikethrough",
            "spoiler",
            "blockquote",
            "expandable_blockquote",
            "code",
            "pre",
            "text_link",
            "text_mention",
            "custom_emoji",
            "date_time",
        ]
    ),
    ("sendChatAction", "action"): frozenset(
        [
            "typing",
            "upload_photo",
            "record_video",
            "upload_video",
            "record_voice",
            "upload_voice",
            "upload_document",
            "choose_sticker",
            "find_location",
            "record_video_note",
            "upload_video_note",
        ]
    ),
    ("InlineKeyboardButton", "style"): frozenset(("danger", "success", "primary")),
    ("KeyboardButton", "style"): frozenset(("danger", "success", "primary")),
}
_OWN_WORDS = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
}
"""What Telegram says when these are missing; anything else is named by the general sentence."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent along with a call."""

    name: str
    mime: str
    content: bytes


class Description:
    """Methods, types, required fields: what a call may carry."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.version = str(raw["version"])
        self._methods: dict[str, Any] = raw["methods"]
        self._types: dict[str, Any] = raw["types"]
        self._by_lower = {name.lower(): name for name in self._methods}

    def method(self, name: str) -> str | None:
        """The method's own spelling (Telegram ignores case), or None when there is none."""
        return self._by_lower.get(name.lower())

    def methods(self) -> tuple[str, ...]:
        """All names."""
        return tuple(self._methods)

    def check(self, method: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The call's values in their right types; raises a Refusal that names the field."""
        fields: dict[str, Any] = self._methods[method]["fields"]
        attached = {name for name, value in given.items() if isinstance(value, Upload)}
        used = {name for name in attached if _mentions(given, f"attach://{name}")}
        for name in given:
            if name not in fields and name not in used:
                raise bad_request(f'unknown field "{name}" in {method}')
        for name, field in fields.items():
            if field["required"] and given.get(name) is None:
                raise bad_request(_OWN_WORDS.get(name, f'parameter "{name}" is required in {method}'))
        checked = {name: given[name] for name in used}
        for name, field in fields.items():
            if given.get(name) is not None:
                checked[name] = self._top(field["types"], given[name], method, name)
        return checked

    def _top(self, types: list[str], value: Any, method: str, name: str) -> Any:
        """A form carries everything as text, so text is read as what the field wants."""
        if isinstance(value, str):
            value = _read(types, value, name)
        self._fits_one(types, value, name)
        self._enumerated(method, name, value, name)
        return value

    def _fits_one(self, types: list[str], value: Any, path: str, depth: int = 0) -> None:
        if depth > _OBJECT_DEPTH:
            raise bad_request(f'field "{path}" is nested too deeply')
        problems: list[Refusal] = []
        for type_ in types:
            try:
                self._fits(type_, value, path, depth)
            except Refusal as problem:
                problems.append(problem)
            else:
                return
        raise max(problems, key=lambda problem: problem.description.count("."))

    def _fits(self, type_: str, value: Any, path: str, depth: int) -> None:
        if type_.startswith(_ARRAY):
            if not isinstance(value, list):
                raise _wrong(path, type_)
            for index, item in enumerate(value):
                self._fits_one([type_.removeprefix(_ARRAY)], item, f"{path}[{index}]", depth + 1)
        elif type_ in _PLAIN:
            if not _PLAIN[type_](value):
                raise _wrong(path, type_)
        else:
            self._fits_object(type_, value, path, depth)

    def _fits_object(self, type_: str, value: Any, path: str, depth: int) -> None:
        described = self._types[type_]
        if described["subtypes"]:
            self._fits_one(described["subtypes"], value, path, depth + 1)
            return
        if not isinstance(value, dict):
            raise _wrong(path, type_)
        fields: dict[str, Any] = described["fields"]
        if not fields:
            return
        for name in value:
            if name not in fields:
                raise bad_request(f'unknown field "{path}.{name}" in {type_}')
        for name, field in fields.items():
            if name in value and value[name] is not None:
                self._fits_one(field["types"], value[name], f"{path}.{name}", depth + 1)
                self._enumerated(type_, name, value[name], f"{path}.{name}")
            elif field["required"]:
                raise bad_request(f'field "{path}.{name}" is required in {type_}')

    def _enumerated(self, owner: str, name: str, value: Any, path: str) -> None:
        allowed = _ENUMERATIONS.get((owner, name))
        if allowed is not None and value not in allowed:
            raise bad_request(f'field "{path}" has an unknown value')


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_file(value: Any) -> bool:
    return isinstance(value, Upload) or (isinstance(value, str) and value.startswith("attach://"))


_PLAIN = {
    "Integer": _is_integer,
    "Float": lambda value: _is_integer(value) or isinstance(value, float),
    "Boolean": lambda value: isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "InputFile": _is_file,
}


def _wrong(path: str, type_: str) -> Refusal:
    return bad_request(f'field "{path}" must be of type {type_}')


def _mentions(given: Mapping[str, Any], link: str) -> bool:
    texts = (value if isinstance(value, str) else json.dumps(value, default=str) for value in given.values())
    return any(link in text for text in texts)


def _read(types: list[str], value: str, name: str) -> Any:
    if "Integer" in types and value.strip().lstrip("-").isdecimal():
        return int(value)
    if "String" in types or "InputFile" in types:
        return value
    if types[0] == "Boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(
            f'can\'t parse field "{name}" as a JSON value of type {" or ".join(types)}'
        ) from None


@cache
def bot_api() -> Description:
    """The description that ships with the simulator."""
    return Description(json.loads(files("bot.simulator").joinpath("bot_api.json").read_text("utf-8")))
