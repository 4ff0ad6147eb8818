"""The question after an arranged visit: did it take place? Asked of whoever holds the case."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services import clocks
from bot.services.office import Office
from storage import outbox, visits
from storage.tables import Case, PlannedVisit

KIND = "visit-check"


async def plan(session: AsyncSession, office: Office, case: Case, planned: PlannedVisit) -> None:
    """On the working day after, the worker is asked about a visit that isn't recorded."""
    if case.worker_id is None:
        return
    assert planned.id is not None
    await outbox.plan(
        session,
        person_id=case.worker_id,
        kind=KIND,
        subject_id=planned.id,
        key=f"{KIND}:{planned.id}:{case.worker_id}",
        not_before=office.at(office.speaking.forward(planned.planned_on, 1), clocks.ON_THE_DAY_AT),
    )


async def move(session: AsyncSession, office: Office, case: Case, now: datetime) -> None:
    """The case has a new worker: the question is theirs now, and no longer the former worker's."""
    assert case.id is not None
    planned = await visits.planned_of_case(session, case.id)
    if planned is None:
        return
    assert planned.id is not None
    await outbox.cancel(session, KIND, planned.id, "handed over", now)
    await plan(session, office, case, planned)
