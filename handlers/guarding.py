"""The name guard at the door: personal details are taken out of an update before anything is kept of it."""

import asyncio
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import Update

from bot.finding import Finding
from bot.rules.guard import KINDS, personal
from bot.services.answering import Found, find
from bot.services.colleagues import names_that_may_stand
from bot.services.joining import CODE
from bot.services.office import Office
from bot.texts import answers
from bot.texts.reply import Say
from handlers.words import bare, details_of, message_in, words_of

MARK = "\u2060withheld"
"""Stands in the place of what was typed: MARK, the kinds, and the entry of an emergency if there was one."""
_JOINING = re.compile(rf"/(?:start|code)(?:@\w+)?(?:\s+{CODE})?\s*", re.IGNORECASE)
_KEPT = ("message_id", "from", "chat", "date", "edit_date")
_NO_ENTRY = "-"
_AT_A_GLANCE = 500
"""Letters that take the guard no more than a few milliseconds; 4,000 may take sixty."""


async def without_personal(
    session: AsyncSession, office: Office, update: dict[str, Any], today: date
) -> dict[str, Any]:
    """The update as it may be kept: where it held personal details, only their kinds are left."""
    if isinstance(query := update.get("callback_query"), dict):
        return {**update, "callback_query": _as_offered(query)}
    found = message_in(update)
    if found is None:
        return update
    name, message = found
    words = words_of(message)
    typed = "\n".join(words)
    if _JOINING.fullmatch(typed):
        return {**update, name: bare(message)}
    kinds = details_of(message)
    if seen := await _looked_for(words):
        sender = message.get("from") or {}
        allowed = await names_that_may_stand(session, int(sender.get("id", 0)), typed)
        kinds += await _looked_for(words, allowed) if allowed else seen
    if not kinds:
        return {**update, name: bare(message)}
    finding = find(office, typed, today) if typed else None
    urgent = finding is not None and finding.finding.status == "urgent"
    entry = (finding.entry.id if finding and finding.entry else _NO_ENTRY) if urgent else ""
    kept = {key: value for key, value in message.items() if key in _KEPT}
    text = " ".join((MARK, ",".join(dict.fromkeys(kinds)), entry)).strip()
    return {**update, name: {**kept, "text": text}}


async def _looked_for(words: Collection[str], allowed: Collection[str] = ()) -> tuple[str, ...]:
    """As kinds_in; nobody else waits while a long text is read."""
    if sum(map(len, words)) > _AT_A_GLANCE:
        return await asyncio.to_thread(kinds_in, words, allowed)
    return kinds_in(words, allowed)


def kinds_in(words: Iterable[str], allowed: Collection[str] = ()) -> tuple[str, ...]:
    """The kinds of personal detail in any of these texts, however long; allowed: names that may stand."""
    return tuple(dict.fromkeys(kind for text in words for kind in personal(text, allowed)))


def _as_offered(query: dict[str, Any]) -> dict[str, Any]:
    """A press; an answer to a dialogue that stands on no button is not kept where it has a personal detail.

    Telegram's own programs press what is there; others can send any words as a press.
    """
    data = query.get("data")
    if not isinstance(data, str) or not data.startswith("d:") or data in _offered(query.get("message")):
        return query
    return {**query, "data": MARK} if kinds_in([data.split(":", 2)[-1]]) else query


def _offered(message: object) -> Iterator[str]:
    markup = message.get("reply_markup") if isinstance(message, dict) else None
    lines = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    for line in lines if isinstance(lines, list) else []:
        yield from (one["callback_data"] for one in line if isinstance(one, dict) and "callback_data" in one)


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
