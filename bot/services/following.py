"""What a person was shown last, for ten minutes: follow-ups are read in its light."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.finding.follow_ups import FollowUp, follow_up
from bot.rules.guidance import Entry
from bot.rules.next_stage import NEXT_STAGE
from bot.services.office import Office
from storage import shown

FOLLOWS_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Followed:
    """A follow-up with the entry it is about, and what usually comes next."""

    kind: FollowUp
    entry: Entry
    next_stages: tuple[Entry, ...]


async def followed(
    session: AsyncSession, office: Office, person_id: int, text: str, now: datetime
) -> Followed | None:
    """What the message asks of the entry shown last; None where it stands alone or tells of danger."""
    kind = follow_up(text)
    last = await shown.latest(session, person_id, now - FOLLOWS_FOR) if kind else None
    entry = office.library.guidance.find(last.entry) if last is not None and last.entry else None
    if kind is None or entry is None:
        return None
    alone = office.finder.find(text)
    if alone.status in ("urgent", "answer") and alone.entry != entry.id:
        return None
    return Followed(kind, entry, next_stages(office, entry))


def next_stages(office: Office, entry: Entry) -> tuple[Entry, ...]:
    """The entries that usually come next; empty at the end of the way."""
    found = (office.library.guidance.find(slug) for slug in NEXT_STAGE.get(entry.id, ()))
    return tuple(stage for stage in found if stage is not None)


async def was_offered_choices(session: AsyncSession, person_id: int, now: datetime) -> bool:
    """Whether the last that the person saw, within ten minutes, was a list of choices."""
    last = await shown.latest(session, person_id, now - FOLLOWS_FOR)
    return last is not None and last.entry is None
