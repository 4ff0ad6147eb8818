"""What the practice lead looks after: entries due for checking, questions without an answer, votes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require
from bot.rules.guidance import Entry
from bot.services.office import Office
from storage import outbox, people, questions
from storage.tables import Person

DIGEST_AT = time(9)
_LOOK_AHEAD = timedelta(days=31)
_LOOK_BACK = timedelta(days=31)


@dataclass(frozen=True)
class PracticeView:
    """A month's guidance work. unanswered and not_right are redacted questions, most asked first."""

    due: list[Entry]
    unsigned: int
    asked: int
    unanswered: list[tuple[str, int]]
    not_right: list[tuple[str, int]]


async def practice_view(session: AsyncSession, office: Office, person: Person, now: datetime) -> PracticeView:
    """The last month's questions and the next month's checks; NotAllowed for other roles."""
    require(person.role, "questions")
    today = office.today(now)
    asked = await questions.asked_since(session, now - _LOOK_BACK)
    entries = office.library.guidance.entries
    return PracticeView(
        due=[entry for entry in entries if entry.header.next_check <= today + _LOOK_AHEAD],
        unsigned=sum(entry.id not in office.library.signed for entry in entries),
        asked=len(asked),
        unanswered=_most(question.redacted for question in asked if question.status in ("none", "choices")),
        not_right=_most(question.entry or question.redacted for question in asked if question.not_right),
    )


def _most(words: Iterable[str]) -> list[tuple[str, int]]:
    return Counter(words).most_common(8)


def digest_day(office: Office, today: date) -> date:
    """The first working day of this month."""
    return office.speaking.on_or_after(today.replace(day=1))


async def plan_digests(session: AsyncSession, office: Office, now: datetime) -> int:
    """One digest a month to each practice lead, on its first working day; returns how many are new."""
    today = office.today(now)
    moment = office.at(digest_day(office, today), DIGEST_AT)
    if now < moment or today != digest_day(office, today):
        return 0
    planned = 0
    for person in await people.everybody(session, "practice-lead"):
        if person.id is not None and person.created_at < moment:
            planned += await outbox.plan(
                session,
                person_id=person.id,
                kind="practice",
                subject_id=person.id,
                key=f"practice:{person.id}:{today:%Y-%m}",
                not_before=moment,
            )
    return planned
