"""How the page and the driver see messages: text, safe HTML, buttons, files."""

from typing import Any
from urllib.parse import quote

from bot.simulator.entities import as_html
from bot.simulator.model import Chat, Json, Message

_FILE_KINDS = ("photo", "document", "voice", "sticker")


def message_view(message: Message) -> Json:
    """One message as a person sees it."""
    return {
        "message_id": message.id,
        "from_bot": message.sender.is_bot,
        "from": message.sender.first_name,
        "from_id": message.sender.id,
        "date": message.sent.isoformat(timespec="seconds"),
        "text": message.words,
        "html": as_html(message.words, message.entities),
        "note": _note(message),
        "buttons": (message.buttons or {}).get("inline_keyboard", []),
        "keyboard": message.keyboard,
        "files": [_file_view(kind, message.content[kind]) for kind in _FILE_KINDS if kind in message.content],
        "edited": message.edited is not None,
        "reply_to": message.reply_to.id if message.reply_to else None,
        "quoted": message.reply_to.words[:120] if message.reply_to else None,
        "forwarded": "forward_origin" in message.extra,
        "pinned": message.chat.pinned == message.id,
        "changed": message.changed,
    }


def chat_view(chat: Chat, since: int = -1) -> Json:
    """A chat with its messages new or changed since a version, the oldest first; deleted ones are gone."""
    return {
        "chat_id": chat.id,
        "kind": chat.kind,
        "title": chat.title,
        "version": chat.version,
        "messages": [message_view(message) for message in chat.messages.values() if message.changed > since],
    }


def _file_view(kind: str, content: Any) -> Json:
    file: Json = content[-1] if isinstance(content, list) else content
    return {
        "kind": kind,
        "name": file.get("file_name") or kind,
        "mime": file.get("mime_type") or ("image/png" if kind in {"photo", "sticker"} else ""),
        "size": file.get("file_size", 0),
        "width": file.get("width"),
        "height": file.get("height"),
        "url": f"/sim/files/{quote(file['file_id'])}",
    }


def _note(message: Message) -> str | None:
    """What a message without words says about itself."""
    content = message.content
    if place := content.get("location"):
        return f"Location: {place['latitude']:.4f}, {place['longitude']:.4f}"
    if card := content.get("contact"):
        return f"Contact: {card['first_name']}, {card['phone_number']}"
    if "new_chat_members" in message.extra:
        names = ", ".join(member["first_name"] for member in message.extra["new_chat_members"])
        return f"{names} joined the group"
    return None
