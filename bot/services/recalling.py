"""What was already sent about a thing that is done now: each such message is changed to say so."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

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


async def recall_lists_of(
    session: AsyncSession, office: Office, clocks: Iterable[tuple[Case, date]], now: datetime
) -> int:
    """The same for the digests that list clocks of these cases and days: managers' list them once late."""
    today = office.today(now)
    until = today + timedelta(days=office.library.ladder.look_ahead_days)
    days = list(clocks)
    workers = {case.worker_id for case, day in days if day <= until and case.worker_id is not None}
    late = {case.team_id for case, day in days if day < today}
    managers = await people.people_of_teams(session, late, "manager") if late else []
    covers = await leaves.covering(session, workers, today)
    everybody = workers | covers | {one.id for one in managers if one.id is not None}
    return await recall_digests(session, office, everybody, now)


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
