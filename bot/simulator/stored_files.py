"""Files that people and the bot have sent: kept in memory, found by Telegram's kind of ids."""

import hashlib
import struct
from dataclasses import dataclass

from bot.simulator.model import Json
from bot.simulator.refusals import Refusal, bad_request

LARGEST_DOWNLOAD = 20 * 1024 * 1024
LARGEST_DOCUMENT = 50 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file."""

    id: str
    unique_id: str
    folder: str
    name: str
    mime: str
    content: bytes

    @property
    def path(self) -> str:
        """Where it can be fetched below /file/bot<token>/."""
        ending = self.name.rsplit(".", 1)[-1] if "." in self.name else "bin"
        return f"{self.folder}/file_{self.unique_id}.{ending}"

    def as_api(self) -> Json:
        """What File, Document and PhotoSize have in common."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}


class Files:
    """All files."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(self, folder: str, name: str, mime: str, content: bytes) -> StoredFile:
        """Stores a file; the same content has the same unique id."""
        unique = hashlib.sha256(content).hexdigest()[:15]
        file = StoredFile(
            f"SIM{len(self._by_id) + 1:06d}-{unique}", f"AQ{unique}", folder, name, mime, content
        )
        self._by_id[file.id] = file
        self._by_path[file.path] = file
        return file

    def by_id(self, file_id: str) -> StoredFile | None:
        """The file with this id."""
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """The file below this download path."""
        return self._by_path.get(path)


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG, JPEG or GIF; Telegram refuses what is no picture."""
    if content.startswith(_PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in {b"GIF87a", b"GIF89a"} and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    raise bad_request("IMAGE_PROCESS_FAILED")


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + size
    raise bad_request("IMAGE_PROCESS_FAILED")


def too_large() -> Refusal:
    """What a Bot API server answers to an upload over its limit."""
    return Refusal(413, "Request Entity Too Large")
