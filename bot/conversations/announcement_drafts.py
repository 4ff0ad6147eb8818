"""A draft of an announcement as a value; the file that may go with it, and whether the words then fit."""

import json
from datetime import date, datetime

from bot.conversations.engine import Draft, Step, Talk
from bot.rules.broadcasts import LONGEST_CAPTION, Attachment, check_file
from bot.rules.errors import Refusal
from bot.services.broadcasting import Announcement
from bot.texts import broadcasts as texts
from bot.texts.html import bold, length
from bot.texts.reply import Say


def is_act(draft: Draft) -> bool:
    """Whether each person gets an action."""
    return draft.get("class") == "act"


def announcement_of(draft: Draft) -> Announcement:
    """The draft as it stands, as a value."""
    file, at = draft.get("file"), str(draft.get("at", "now"))
    act = is_act(draft)
    return Announcement(
        to=str(draft["to"]),
        kind=str(draft["class"]),
        text=str(draft["text"]),
        why=str(draft.get("why", "")) if act else "",
        measure=str(draft.get("measure", "")) if act else "",
        due_on=date.fromisoformat(str(draft["by"])) if act and draft.get("by") else None,
        at=None if at == "now" else datetime.fromisoformat(at),
        file=Attachment(**file) if file else None,
    )


async def _ask_file(talk: Talk, _draft: Draft) -> Say:
    return Say(
        bold("A file or picture with it?") + " Send one now, never one of a family; or none.",
        ((talk.choice("No file", "none"),),),
    )


async def _take_file(talk: Talk, draft: Draft, given: str) -> dict[str, str] | None:
    if given.strip().casefold() in ("none", "no", "no file"):
        return None
    try:
        sent = json.loads(given)
        kind, file_id, name, size = sent["kind"], sent["file_id"], sent["name"], int(sent["size"])
    except (ValueError, KeyError, TypeError):
        raise Refusal("Send one file or picture, or tap No file.") from None
    check_file(kind, name, size)
    require_fits(talk, announcement_of({**draft, "file": {}}), "Tap No file, or shorten the text first.")
    return {"kind": kind, "file_id": file_id, "name": name}


def require_fits(talk: Talk, planned: Announcement, mend: str) -> None:
    """Raises Refusal (with what would mend it) where the words are too long to stand under a file."""
    most = LONGEST_CAPTION - texts.room_for_more()
    long = length(texts.announcement(talk.person.name, planned, 2))
    if long > most:
        raise Refusal(
            f"With a file the words can have {most} characters in all, and these have {long}. {mend}"
        )


FILE = Step("file", _ask_file, _take_file)
