"""One tick: plans what has become due, and sends it."""

from datetime import datetime

from bot.dispatching import Dispatcher
from bot.receipts import Failed, Receipt, Send, Sent, TryLater, Unreachable, Unsure
from bot.services import (
    broadcasting,
    chasing,
    digests,
    hours,
    practice,
    progress,
    rosters,
    supervision_sessions,
    weekly,
)
from bot.services.office import Office
from storage import hearing
from storage.database import Database

__all__ = ["Failed", "Receipt", "Sent", "TryLater", "Unreachable", "Unsure", "plan", "tick"]


async def tick(database: Database, office: Office, send: Send, now: datetime) -> int:
    """Plans what has become due and sends it at once, with no pace kept; returns how many went out."""
    await plan(database, office, now)
    return await Dispatcher(database, office, send).run(lambda: now, patient=False)


async def plan(database: Database, office: Office, now: datetime) -> None:
    """Plans what has become due."""
    await weekly.keep_due(database, office, now)
    async with database.transaction() as session:
        since = await hearing.beat(session, now)
        await digests.plan_digests(session, office, now, since)
        await chasing.plan_today(session, office, now, since)
        await supervision_sessions.plan_questions(session, office, now)
        await practice.plan_digests(session, office, now)
        await weekly.plan(session, office, now)
        await rosters.plan(session, office, now)
        await broadcasting.launch_due(session, now)
        await progress.plan_progress(session, now)
        await hours.hold_back(session, office, now)
