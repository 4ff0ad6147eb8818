"""What all methods share: their form, and how words, buttons and replies are checked."""

from collections.abc import Callable
from typing import Any

from bot.simulator.entities import with_found
from bot.simulator.markup import parse_html
from bot.simulator.model import Chat, Json, Message
from bot.simulator.refusals import Refusal, bad_request
from bot.simulator.telegram import Telegram
from bot.simulator.units import Entity, length, trimmed

Method = Callable[[Telegram, Json], Any]
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
_LONGEST_DATA = 64
_MOST_BUTTONS = 100
_ACTIONS = frozenset(
    (
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    )
)


def formatted(given: Json, text: str, entities: str) -> tuple[str, list[Entity]]:
    """The words as they will be read, and their entities."""
    words: str = given.get(text, "")
    mode = given.get("parse_mode", "").lower()
    if mode == "html":
        words, found = parse_html(words)
    elif mode in {"markdown", "markdownv2"}:
        raise Refusal(501, f"Not Implemented: the simulator reads parse_mode HTML, not {given['parse_mode']}")
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        found = _checked(words, given.get(entities, []))
    words, found = trimmed(words, found)
    return words, with_found(words, found)


def _checked(words: str, entities: list[Entity]) -> list[Entity]:
    end = length(words)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > end:
            raise bad_request("entity begins or ends outside of the text")
    return entities


def text_of(given: Json) -> tuple[str, list[Entity]]:
    """A message's text: 1 to 4,096 units after its entities are parsed."""
    words, entities = formatted(given, "text", "entities")
    if not words:
        raise bad_request("message text is empty")
    if length(words) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return words, entities


def caption_of(given: Json) -> tuple[str, list[Entity]]:
    """A caption: up to 1,024 units after its entities are parsed."""
    words, entities = formatted(given, "caption", "caption_entities")
    if length(words) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return words, entities


def markup_of(given: Json) -> Json | None:
    """The reply markup with its buttons checked; an empty inline keyboard is none."""
    markup: Json | None = given.get("reply_markup")
    if markup is None or "inline_keyboard" not in markup:
        return markup
    rows = [row for row in markup["inline_keyboard"] if row]
    for button in (button for row in rows for button in row):
        _check_button(button)
    if sum(len(row) for row in rows) > _MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    actions = _ACTIONS & button.keys()
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request(
            f"can't parse inline keyboard button: exactly one of {', '.join(sorted(actions))} is allowed"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= _LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not url.lower().startswith(("http://", "https://", "tg://")):
        raise bad_request("BUTTON_URL_INVALID")


def reply_to(chat: Chat, given: Json) -> Message | None:
    """The message that this one answers."""
    wanted: Json | None = given.get("reply_parameters")
    if wanted is None:
        return None
    found = chat.messages.get(wanted["message_id"])
    if found is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found
