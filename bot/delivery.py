"""One tick: plans what has become due, and sends it."""

from datetime import datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.dispatching import Dispatcher
from bot.receipts import Failed, Receipt, Send, Sent, TryLater, Unreachable, Unsure
from bot.services import practice, supervision, weekly
from bot.services.office import Office
from storage import outbox, people
from storage.database import Database

__all__ = ["Failed", "Receipt", "Sent", "TryLater", "Unreachable", "Unsure", "plan", "plan_digests", "tick"]


async def tick(database: Database, office: Office, send: Send, now: datetime) -> int:
    """Plans what has become due and sends it at once, with no pace kept; returns how many went out."""
    await plan(database, office, now)
    return await Dispatcher(database, office, send).run(lambda: now, patient=False)


async def plan(database: Database, office: Office, now: datetime) -> None:
    """Plans what has become due."""
    async with database.transaction() as session:
        await plan_digests(session, office, now)
        await supervision.plan_overdue(session, office, now)
        await practice.plan_digests(session, office, now)
        await weekly.plan(session, office, now)


async def plan_digests(session: AsyncSession, office: Office, now: datetime) -> int:
    """One digest a person on each working day, once their time has come; returns how many are new."""
    today = office.today(now)
    if not office.calendar.is_working_day(today):
        return 0
    planned = 0
    for person in await people.everybody(session):
        minute = person.digest_minute
        moment = office.at(today, time(minute // 60, minute % 60))
        if moment <= now and person.created_at < moment and person.id is not None:
            planned += await outbox.plan(
                session,
                person_id=person.id,
                kind="digest",
                subject_id=person.id,
                key=f"digest:{person.id}:{today}",
                not_before=moment,
            )
    return planned
