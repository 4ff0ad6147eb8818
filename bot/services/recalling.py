"""What was already sent about a thing that is done now: each such message is changed to say so."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.office import Office
from storage import hearing, leaves, outbox, people
from storage.tables import Case, OutgoingMessage


async def recall(
    session: AsyncSession, office: Office, kind_prefix: str, subject_ids: Sequence[int], now: datetime
) -> int:
    """Plans a change of every message lately sent about these subjects; returns how many."""
    since = now - timedelta(days=office.library.ladder.edit_days)
    return await _change(session, await hearing.sent_about(session, kind_prefix, subject_ids, since), now)


async def recall_digests(
    session: AsyncSession, office: Office, person_ids: Collection[int], now: datetime
) -> int:
    """Plans that today's digests of these people say what still stands; returns how many."""
    since = office.at(office.today(now), time(0))
    return await _change(session, await hearing.digests_sent(session, sorted(person_ids), since), now)


async def hearing_of(session: AsyncSession, office: Office, about: Iterable[Case], now: datetime) -> set[int]:
    """Whose digests list these cases' clocks: the workers', their covers', the teams' managers'."""
    found = list(about)
    workers = {case.worker_id for case in found if case.worker_id is not None}
    managers = await people.people_of_teams(session, {case.team_id for case in found}, "manager")
    covers = await leaves.covering(session, workers, office.today(now))
    return workers | covers | {one.id for one in managers if one.id is not None}


async def _change(session: AsyncSession, sent: Sequence[OutgoingMessage], now: datetime) -> int:
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
