"""The name guard at the door: personal details are taken out of an update before anything is kept of it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import Update

from bot.finding import Finding
from bot.rules.guard import KINDS, personal
from bot.services.answering import Found, find
from bot.services.colleagues import names_that_may_stand
from bot.services.office import Office
from bot.texts import answers
from bot.texts.reply import Say

MARK = "\u2060withheld"
"""Stands in the place of what was typed: MARK, the kinds, and the entry of an emergency if there was one."""
_MESSAGES = ("message", "edited_message")
_TYPED = ("text", "caption")
_JOINING = re.compile(r"/(?:start|code)(?:@\w+)?(?:\s+[A-Za-z0-9-]{6,14})?\s*")
_KEPT = ("message_id", "from", "chat", "date", "edit_date")
_NO_ENTRY = "-"
_DETAILS = {"contact": "phone", "location": "address", "venue": "address"}


async def without_personal(
    session: AsyncSession, office: Office, update: dict[str, Any], today: date
) -> dict[str, Any]:
    """The update as it may be kept: where it held personal details, only their kinds are left."""
    name = next((one for one in _MESSAGES if isinstance(update.get(one), dict)), None)
    if name is None:
        return update
    message = {key: value for key, value in update[name].items() if key not in ("reply_to_message", "quote")}
    typed = typed_in(message)
    if _JOINING.fullmatch(typed):
        return {**update, name: message}
    kinds = tuple(kind for key, kind in _DETAILS.items() if key in message)
    if typed and (found := personal(typed)):
        sender = message.get("from") or {}
        allowed = await names_that_may_stand(session, int(sender.get("id", 0)), typed)
        kinds += personal(typed, allowed) if allowed else found
    if not kinds:
        return {**update, name: message}
    finding = find(office, typed, today) if typed else None
    urgent = finding is not None and finding.finding.status == "urgent"
    entry = (finding.entry.id if finding and finding.entry else _NO_ENTRY) if urgent else ""
    kept = {key: value for key, value in message.items() if key in _KEPT}
    text = " ".join((MARK, ",".join(dict.fromkeys(kinds)), entry)).strip()
    return {**update, name: {**kept, "text": text}}


def message_in(update: Mapping[str, Any]) -> dict[str, Any] | None:
    """The message, new or edited, that the update brings; None where it brings none."""
    return next((update[one] for one in _MESSAGES if isinstance(update.get(one), dict)), None)


def typed_in(message: Mapping[str, Any]) -> str:
    """Everything in a message that a person has put into words."""
    found = [message[key] for key in _TYPED if isinstance(message.get(key), str)]
    document = message.get("document")
    if isinstance(document, dict) and isinstance(document.get("file_name"), str):
        found.append(document["file_name"].rpartition(".")[0].replace("_", " ").replace("-", " "))
    return "\n".join(found)


def emergency(office: Office, entry: str) -> Say | None:
    """What comes before all else when the message told of danger: 999, then what helps."""
    if not entry:
        return None
    found = office.library.guidance.find(entry)
    urgent = Found(Finding("urgent", found.id if found is not None else None), found, ())
    return Say(answers.message(urgent, office.library), answers.buttons(urgent, office.library))


def withheld(update: Update) -> tuple[tuple[str, ...], str] | None:
    """The kinds that were taken out and the emergency's entry ("": none); None for any other update."""
    message = update.message or update.edited_message
    text = (message.text if message is not None else None) or ""
    if not text.startswith(MARK):
        return None
    _, kinds, entry = (*text.split(" "), "", "")[:3]
    return tuple(kind for kind in kinds.split(",") if kind in KINDS), entry
