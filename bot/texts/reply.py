"""What the bot wants to say, as values that can wait in the database until they are sent."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

MOST_CALLBACK_BYTES = 64
MOST_BUTTONS = 8
"""Below a list: a button for each of the first so many."""


@dataclass(frozen=True)
class Button:
    """An inline button. data: a verb and short ids; it works for months and after a restart."""

    label: str
    data: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.data.encode()) <= MOST_CALLBACK_BYTES:
            raise ValueError(f"callback data must be 1 to 64 bytes: {self.data!r}")


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A picture of figures, drawn when it is sent (bot.charts). kind: board or trend; data: plain JSON."""

    kind: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Attached:
    """A file that Telegram holds already. kind: photo or document."""

    kind: str
    file_id: str


@dataclass(frozen=True)
class Say:
    """A new message; with a picture or file, the words stand under it (and must be short).

    replaces: Telegram's id of an earlier message in the chat that becomes this one, where it is still there.
    """

    text: str
    buttons: Rows = ()
    picture: Chart | None = None
    file: Attached | None = None
    replaces: int | None = None
    """The earlier message that it changes in place."""
    takes_back: bool = False
    """The earlier message goes, with its file, where Telegram still lets it; this comes without a sound."""
    type: Literal["say"] = "say"


@dataclass(frozen=True)
class Edit:
    """The message whose button was pressed, changed in place."""

    text: str
    buttons: Rows = ()
    type: Literal["edit"] = "edit"


@dataclass(frozen=True)
class Toast:
    """A short note over the chat, in answer to a press."""

    text: str
    alert: bool = False
    type: Literal["toast"] = "toast"


@dataclass(frozen=True)
class MenuFor:
    """The command menu of a role, set for this chat."""

    role: str
    type: Literal["menu"] = "menu"


@dataclass(frozen=True)
class Timeline:
    """A picture, drawn when it is sent: (ISO day, words, mark) a line."""

    title: str
    points: tuple[tuple[str, str, str], ...]
    today: str
    type: Literal["timeline"] = "timeline"


@dataclass(frozen=True)
class Document:
    """A file; content is Base64."""

    name: str
    content: str
    caption: str = ""
    type: Literal["document"] = "document"


@dataclass(frozen=True)
class Delete:
    """The person's own message taken out of the chat; where Telegram refuses, they are asked to do it."""

    otherwise: str
    type: Literal["delete"] = "delete"


Reply = Say | Edit | Toast | MenuFor | Timeline | Document | Delete


def to_json(reply: Reply) -> dict[str, Any]:
    """A form that the database keeps."""
    return asdict(reply)


def from_json(kept: dict[str, Any]) -> Reply:
    """The reply that to_json was given."""
    fields = dict(kept)
    kind = fields.pop("type")
    if "buttons" in fields:
        fields["buttons"] = tuple(tuple(Button(**button) for button in row) for row in fields["buttons"])
    if "points" in fields:
        fields["points"] = tuple(tuple(point) for point in fields["points"])
    if fields.get("picture"):
        fields["picture"] = Chart(**fields["picture"])
    if fields.get("file"):
        fields["file"] = Attached(**fields["file"])
    kinds: dict[str, type[Reply]] = {
        "say": Say,
        "edit": Edit,
        "toast": Toast,
        "menu": MenuFor,
        "timeline": Timeline,
        "document": Document,
        "delete": Delete,
    }
    return kinds[kind](**fields)


def rows(*buttons: Button, wide: int = 1) -> Rows:
    """Buttons laid out `wide` to a row."""
    return tuple(buttons[i : i + wide] for i in range(0, len(buttons), wide))
