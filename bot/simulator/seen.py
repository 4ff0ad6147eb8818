"""What a person sees of a message, for the driver."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a press."""

    text: str
    is_alert: bool


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """One message in a chat, as it looked then."""

    id: int
    from_bot: bool
    text: str
    html: str
    rows: tuple[tuple[str, ...], ...]
    """Labels of the inline buttons, row by row."""
    data: dict[str, str]
    """What each label sends when it is pressed."""
    edited: bool
    changed: int
    raw: dict[str, Any]
    """The control interface's own form: files, reply keyboard, dates."""

    @classmethod
    def of(cls, view: dict[str, Any]) -> "SeenMessage":
        """Reads the control interface's form."""
        buttons = view["buttons"]
        return cls(
            id=view["message_id"],
            from_bot=view["from_bot"],
            text=view["text"],
            html=view["html"],
            rows=tuple(tuple(button["text"] for button in row) for row in buttons),
            data={b["text"]: b["callback_data"] for row in buttons for b in row if "callback_data" in b},
            edited=view["edited"],
            changed=view["changed"],
            raw=view,
        )

    @property
    def labels(self) -> list[str]:
        """All buttons' labels, in order."""
        return [label for row in self.rows for label in row]

    @property
    def file_kinds(self) -> list[str]:
        """photo, document, voice, sticker."""
        return [file["kind"] for file in self.raw["files"]]

    def __str__(self) -> str:
        who = "Bot" if self.from_bot else str(self.raw["from"])
        files = "".join(f"({kind}) " for kind in self.file_kinds)
        buttons = "".join(f"\n      {' '.join(f'[{label}]' for label in row)}" for row in self.rows)
        return f"  {who}{' (edited)' if self.edited else ''}: {files}{self.text}{buttons}"


def tail(chat: list[SeenMessage], count: int = 6) -> str:
    """The end of a chat, for a failed test's message."""
    return "\n".join(str(message) for message in chat[-count:]) or "  (empty)"
