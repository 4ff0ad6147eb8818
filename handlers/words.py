"""What of a message somebody has put into words, wherever the Bot API has it; and what of it may be kept."""

from collections.abc import Iterator, Mapping
from typing import Any

_MESSAGES = ("message", "edited_message")
_WORDS = (
    "forward_origin", "text", "caption", "rich_message", "document", "audio", "video", "animation",
    "live_photo", "voice", "video_note", "paid_media", "poll", "poll_option_added", "checklist",
    "checklist_tasks_added", "venue", "story", "invoice", "giveaway", "web_app_data", "external_reply",
)  # fmt: skip
"""Where words may stand; a forwarded message's author first, so that it may be a colleague."""
_WORDLESS = frozenset(
    (
        "type", "mime_type", "emoji", "url", "username", "language", "language_code", "currency",
        "country_codes", "vcard", "thumbnail",
    )
)  # fmt: skip
_DETAILS = {"contact": "phone", "location": "address", "venue": "address"}
_KEPT = (
    "message_id", "from", "chat", "date", "edit_date", "text", "caption", "document", "photo",
    "migrate_to_chat_id", "migrate_from_chat_id",
)  # fmt: skip
_OF_AN_ENTITY = ("type", "offset", "length")
_LONGEST_ENDING = 5


def message_in(update: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Under which name the update brings a message, new or edited, and the message; None for no message."""
    return next(((one, update[one]) for one in _MESSAGES if isinstance(update.get(one), dict)), None)


def words_of(message: Mapping[str, Any]) -> list[str]:
    """Everything in the message that somebody has put into words, part by part.

    A quote is looked at where it is from another chat: this chat's own messages have been.
    """
    sender = message.get("from")
    account = sender.get("id") if isinstance(sender, dict) else None
    found: list[str] = []
    for name in (*_WORDS, *(["quote"] if "external_reply" in message else [])):
        said = [words for words in _words(name, message.get(name), account) if words.strip()]
        found += [" ".join(said)] if said and name == "rich_message" else said  # one text in many pieces
    return found


def details_of(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of personal detail that a message is made of: a contact, a place."""
    other = message.get("external_reply")
    parts = [message, other] if isinstance(other, dict) else [message]
    return tuple(dict.fromkeys(kind for part in parts for key, kind in _DETAILS.items() if key in part))


def _words(name: str, value: object, account: int | None) -> Iterator[str]:
    """account: the sender's; their own name may stand, and a bot's."""
    if isinstance(value, str):
        yield _spelt_out(value) if name == "file_name" else value
    elif isinstance(value, list):
        for one in value:
            yield from _words(name, one, account)
    elif isinstance(value, dict) and "is_bot" in value:
        if not value["is_bot"] and value.get("id") != account:
            yield " ".join(str(value[key]) for key in ("first_name", "last_name") if key in value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in _WORDLESS and not key.endswith(("id", "entities")):
                yield from _words(key, inner, account)


def _spelt_out(file_name: str) -> str:
    """A file's name as words, without its ending."""
    stem, _, ending = file_name.rpartition(".")
    named = stem if stem and len(ending) <= _LONGEST_ENDING else file_name
    return named.translate(str.maketrans("._-+", "    "))


def bare(message: Mapping[str, Any]) -> dict[str, Any]:
    """What the bot works with of a message: its own words and file, and where a command stands in them."""
    kept = {key: value for key, value in message.items() if key in _KEPT}
    entities = message.get("entities")
    if isinstance(entities, list):
        known = [one for one in entities if isinstance(one, dict)]
        kept["entities"] = [{key: one[key] for key in _OF_AN_ENTITY if key in one} for one in known]
    return kept
