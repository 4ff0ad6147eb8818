"""How an announcement fares: who has it, who can't be reached, who acknowledged; in one message."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.broadcasts import GENTLY, Counts
from bot.services.broadcasting import acknowledged
from storage import broadcasts, outbox
from storage.tables import Broadcast, OutgoingMessage, Person

COUNTED_FOR = timedelta(days=28)
"""Afterwards the message counts no further by itself; /announcements always shows the latest."""
KIND = "progress"
_STATES = {"sent": "delivered", "failed": "blocked", "skipped": "blocked", "unknown": "unknown"}


@dataclass
class Progress:
    """An announcement with its counts, and the names of those still to be heard of."""

    broadcast: Broadcast
    counts: Counts
    outstanding: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """What the message shows, short: another value means that it must change."""
        names = ",".join([*self.blocked, "|", *self.unknown, "|", *self.outstanding])
        return f"{self.broadcast.version}{self.broadcast.state}{self.counts}{names}"[-2000:]


async def progress_of(session: AsyncSession, broadcast: Broadcast) -> Progress:
    """The counts as they are now. Each person is counted once: in one of the first five."""
    assert broadcast.id is not None
    members = await broadcasts.recipients_of(session, broadcast.id)
    copies = await broadcasts.copies(session, [recipient.id or 0 for recipient, _ in members])
    states = await broadcasts.share_states(session, broadcast.id)
    tally = dict.fromkeys(("delivered", "waiting", "blocked", "unknown", "left"), 0)
    acked = done = 0
    found = Progress(broadcast, Counts(0))
    for recipient, person in members:
        has = acknowledged(broadcast, recipient, states) and broadcast.kind != "information"
        where = "delivered" if has else _where(person, copies.get(recipient.id or 0, []))
        tally[where] += 1
        acked += has
        done += states.get(recipient.person_id) in ("done", "closed")
        if where in ("blocked", "unknown"):
            getattr(found, where).append(person.name)
        elif not has and where != "left" and broadcast.kind != "information":
            found.outstanding.append(person.name)
    found.counts = Counts(len(members), **tally, acknowledged=acked, done=done)
    return found


def _where(person: Person, rows: list[OutgoingMessage]) -> str:
    if not person.active:
        return "left"
    last = next((row for row in reversed(rows) if row.state != "cancelled"), None)
    if last is None or last.state in ("planned", "claimed"):
        return "waiting" if person.reachable else "blocked"
    return _STATES.get(last.state, "waiting")


async def plan_progress(session: AsyncSession, now: datetime) -> int:
    """Plans a change of each counting message that is behind, at a gentle pace; returns how many."""
    planned = 0
    for broadcast in await broadcasts.sent_since(session, now - COUNTED_FOR):
        if broadcast.progress_at is not None and now - broadcast.progress_at < GENTLY:
            continue
        shown = (await progress_of(session, broadcast)).shown
        if shown == broadcast.progress_shown or await outbox.planned_about(session, KIND, broadcast.id or 0):
            continue
        broadcast.progress_shown, broadcast.progress_at = shown, now
        planned += await outbox.plan(
            session,
            person_id=broadcast.sender_id,
            kind=KIND,
            subject_id=broadcast.id or 0,
            key=f"{KIND}:{broadcast.id}:{now.timestamp():.0f}",
            not_before=now,
        )
    return planned
