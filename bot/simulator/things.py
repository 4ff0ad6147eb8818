"""What people can send besides text: pictures, voice, stickers, places, files, contacts."""

import base64
import binascii
import struct
import zlib
from typing import Any

from bot.simulator.methods.sending import document_of, photo_of
from bot.simulator.model import Json
from bot.simulator.people import refused
from bot.simulator.stored_files import LARGEST_DOCUMENT
from bot.simulator.telegram import Telegram

KINDS = ("photo", "voice", "sticker", "location", "document", "contact")


def content_of(telegram: Telegram, kind: str, wanted: Json) -> Json:
    """The part of a Message that carries the thing; a small sample where no content is given."""
    if kind == "photo":
        file = telegram.files.keep("photos", "photo.png", "image/png", _bytes(wanted, sample_picture()))
        return photo_of(file)
    if kind == "document":
        name = str(wanted.get("name", "notes.txt"))
        mime = str(wanted.get("mime", "text/plain"))
        sample = b"A sample document.\n"
        return document_of(telegram.files.keep("documents", name, mime, _bytes(wanted, sample)))
    if kind == "voice":
        file = telegram.files.keep("voice", "voice.ogg", "audio/ogg", _bytes(wanted, b"OggS sample"))
        return {"voice": {**file.as_api(), "duration": 3, "mime_type": file.mime}}
    if kind == "sticker":
        return _sticker(telegram, wanted)
    if kind == "location":
        return {"location": {name: _degrees(wanted, name) for name in ("latitude", "longitude")}}
    if kind == "contact":
        phone = str(wanted.get("phone_number", "+440000000000"))
        return {"contact": {"phone_number": phone, "first_name": str(wanted.get("first_name", "Contact"))}}
    raise refused(f"kind is one of {', '.join(KINDS)}")


def _degrees(wanted: Json, name: str) -> float:
    value = wanted.get(name, 0.0)
    if not isinstance(value, int | float) or not -180 <= value <= 180:
        raise refused(f'"{name}" must be degrees')
    return float(value)


def _sticker(telegram: Telegram, wanted: Json) -> Json:
    file = telegram.files.keep("stickers", "sticker.png", "image/png", _bytes(wanted, sample_picture()))
    shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    return {"sticker": {**file.as_api(), **shape, "emoji": str(wanted.get("emoji", "👍"))}}


def _bytes(wanted: Json, sample: bytes) -> bytes:
    given: Any = wanted.get("content_base64")
    if given is None:
        return sample
    try:
        content = base64.b64decode(str(given), validate=True)
    except binascii.Error:
        raise refused("content_base64 is not base64") from None
    if not 0 < len(content) <= LARGEST_DOCUMENT:
        raise refused("a file has 1 byte to 50 MB")
    return content


def sample_picture(width: int = 240, height: int = 160) -> bytes:
    """A plain PNG in two tones."""
    rows = b"".join(
        b"\x00" + bytes((90, 140, 150) if row * 2 < height else (200, 190, 160)) * width
        for row in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
