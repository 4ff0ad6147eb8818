"""What was already sent about a thing that is done now: each such message is changed to say so."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.office import Office
from storage import hearing, outbox


async def recall(
    session: AsyncSession, office: Office, kind_prefix: str, subject_ids: Sequence[int], now: datetime
) -> int:
    """Plans a change of every message lately sent about these subjects; returns how many."""
    since = now - timedelta(days=office.library.ladder.edit_days)
    sent = await hearing.sent_about(session, kind_prefix, subject_ids, since)
    waiting = await hearing.edits_waiting(session, [row.id or 0 for row in sent])
    edits = [
        outbox.Unasked(
            person_id=row.person_id,
            kind=hearing.EDIT,
            subject_id=row.id or 0,
            key=f"{hearing.EDIT}:{row.id}:{now.isoformat()}",
            not_before=now,
        )
        for row in sent
        if row.id not in waiting
    ]
    return len(await outbox.plan_all(session, edits))
