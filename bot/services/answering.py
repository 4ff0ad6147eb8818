"""A question in, a curated answer or an honest "I don't know" out; the question is kept redacted."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.finding import Finding
from bot.finding.several import several
from bot.rules.calendar import HolidaysUnknown
from bot.rules.dates import BadDate, parse_date
from bot.rules.deadlines import DueDate, due_date
from bot.rules.guidance import Entry
from bot.rules.redaction import redacted
from bot.services.office import Office
from storage import shown
from storage.tables import Question

_HOW_LONG = re.compile(
    r"\b(when|how (long|many|soon)|deadline|due|late|long till|in time|out of time|days|timescale)\b"
)


_NO_DATES = frozenset({"now", "tomorrow", "sat", "sun", "may"})
"""Words that name a day but in a question usually mean something else ("still sat in the tray")."""


@dataclass(frozen=True)
class Found:
    """What the question led to. entry is shown for answer and urgent; offered for choices and none."""

    finding: Finding
    entry: Entry | None
    offered: tuple[Entry, ...]
    due: DueDate | None = None
    question_id: int | None = None


def find(office: Office, question: str, today: date) -> Found:
    """The answer to a question, without keeping anything."""
    finding = office.finder.find(question)
    guidance = office.library.guidance
    entry = guidance.find(finding.entry) if finding.entry else None
    nearest = tuple(e for e in map(guidance.find, finding.candidates) if e is not None)
    due = _due(office, entry, question, today) if entry and finding.status == "answer" else None
    return Found(finding, entry, nearest[: 4 if finding.status == "choices" else 3], due)


def find_each(office: Office, message: str, today: date) -> tuple[tuple[str, Found], ...]:
    """Each question of a message with its answer, where every one of them has an answer of its own.

    A message about one thing, or with a question that has no sure answer, is left whole.
    """
    questions = several(message)
    found = [(question, find(office, question, today)) for question in questions]
    entries = {each.finding.entry for _, each in found if each.finding.status == "answer"}
    apart = len(found) > 1 and len(entries) == len(found)
    return tuple(found) if apart else ((message, find(office, message, today)),)


async def ask(
    session: AsyncSession, office: Office, message: str, now: datetime, person_id: int
) -> tuple[Found, ...]:
    """The answers, with the questions kept redacted for the practice lead (never who asked).

    Which entries the person was shown is kept apart, by ids, for follow-ups.
    """
    answered = []
    for question, found in find_each(office, message, office.today(now)):
        answered.append(await _keep(session, office, question, found, now))
    for found in answered:
        if found.entry is not None or found.finding.status == "choices":
            await shown.remember(session, person_id, found.entry.id if found.entry else None, now)
    return tuple(answered)


async def _keep(session: AsyncSession, office: Office, question: str, found: Found, now: datetime) -> Found:
    kept = Question(
        asked_at=now,
        redacted=redacted(question, office.vocabulary),
        status=found.finding.status,
        entry=found.finding.entry,
        score=found.finding.score,
    )
    session.add(kept)
    await session.flush()
    return Found(found.finding, found.entry, found.offered, found.due, kept.id)


def _due(office: Office, entry: Entry, question: str, today: date) -> DueDate | None:
    """The due date of the entry's first clock, where the question asks how long and holds a date."""
    if not _HOW_LONG.search(question.lower()):
        return None
    start = _date_in(question, today)
    rows = (office.library.book.find(clock) for clock in entry.header.clocks)
    limit = next((row.limit for row in rows if row and row.limit and row.limit.direction == "after"), None)
    if start is None or limit is None or limit.unit == "hours":
        return None
    try:
        return due_date(limit, start, office.calendar, office.zone)
    except HolidaysUnknown:
        return None


def _date_in(question: str, today: date) -> date | None:
    """The one date that the question names; None where it names none, or several."""
    words = re.sub(r"[,;!?()]", " ", question).split()
    found: list[date] = []
    at = 0
    while at < len(words):
        size, day = _date_at(words, at, today)
        if day is not None:
            found.append(day)
        at += size
    return found[0] if len(found) == 1 else None


def _date_at(words: list[str], at: int, today: date) -> tuple[int, date | None]:
    for size in (3, 2, 1):
        text = " ".join(words[at : at + size]).rstrip(".")
        if text.lower() in _NO_DATES:
            continue
        try:
            return size, parse_date(text, today)
        except BadDate:
            continue
    return 1, None
