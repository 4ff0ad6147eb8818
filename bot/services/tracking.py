"""Pre-proceedings trackers of any number of cases, with the extension that was agreed, in three queries."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.plo import EXPECTED_END, Extension, Tracker, track
from bot.services import clocks
from bot.services.office import Office
from storage import bulk
from storage.tables import Case


async def trackers(
    session: AsyncSession, office: Office, of: Sequence[Case], today: date
) -> dict[int, Tracker]:
    """By case id, for the cases that are or were in pre-proceedings or court."""
    ids = [case.id or 0 for case in of]
    happened = defaultdict(list)
    for event in await bulk.all_events_of_cases(session, ids):
        if event.voided_at is None:
            happened[event.case_id].append(clocks.happened(event))
    agreed = {
        deadline.case_id: Extension(deadline.extended_to, name or "a manager", deadline.reason)
        for deadline, name in await bulk.extensions(session, ids, EXPECTED_END)
        if deadline.extended_to is not None
    }
    found = {
        case_id: track(happened[case_id], office.library.book, today, agreed.get(case_id)) for case_id in ids
    }
    return {case_id: tracker for case_id, tracker in found.items() if tracker is not None}
