"""Cases with their events, clocks and visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Case, CaseEvent, Deadline, Visit


@dataclass(frozen=True)
class Scope:
    """Whose cases: one worker's, a team's, or (both None) everybody's."""

    worker_id: int | None = None
    team_id: int | None = None


async def case_by_reference(session: AsyncSession, reference: str) -> Case | None:
    """The case with this reference, open or closed, or None."""
    return (await session.exec(select(Case).where(Case.reference == reference))).first()


async def case_by_id(session: AsyncSession, case_id: int) -> Case | None:
    """The case with this id, or None."""
    return await session.get(Case, case_id)


async def open_cases(session: AsyncSession, scope: Scope) -> list[Case]:
    """Open cases within the scope, by reference."""
    wanted = select(Case).where(col(Case.closed_at).is_(None))
    if scope.worker_id is not None:
        wanted = wanted.where(Case.worker_id == scope.worker_id)
    if scope.team_id is not None:
        wanted = wanted.where(Case.team_id == scope.team_id)
    return list((await session.exec(wanted.order_by(Case.reference))).all())


async def events_of_case(session: AsyncSession, case_id: int) -> list[CaseEvent]:
    """What happened on a case and still stands, oldest first."""
    found = await session.exec(
        select(CaseEvent)
        .where(CaseEvent.case_id == case_id, col(CaseEvent.voided_at).is_(None))
        .order_by(col(CaseEvent.happened_on), col(CaseEvent.id))
    )
    return list(found.all())


async def event_on(session: AsyncSession, case_id: int, kind: str, day: date) -> CaseEvent | None:
    """The event of this kind on this day, if it is recorded and stands."""
    found = await session.exec(
        select(CaseEvent).where(
            CaseEvent.case_id == case_id,
            CaseEvent.kind == kind,
            CaseEvent.happened_on == day,
            col(CaseEvent.voided_at).is_(None),
        )
    )
    return found.first()


async def event_by_id(session: AsyncSession, event_id: int) -> CaseEvent | None:
    """The event with this id, or None."""
    return await session.get(CaseEvent, event_id)


async def deadlines_of_case(session: AsyncSession, case_id: int) -> list[Deadline]:
    """Every clock of a case, open or closed, by due date."""
    found = await session.exec(
        select(Deadline).where(Deadline.case_id == case_id).order_by(col(Deadline.due_on), col(Deadline.id))
    )
    return list(found.all())


async def deadline_by_id(session: AsyncSession, deadline_id: int) -> Deadline | None:
    """The clock with this id, or None."""
    return await session.get(Deadline, deadline_id)


async def open_deadlines(
    session: AsyncSession, scope: Scope, last_day: date | None = None
) -> Sequence[tuple[Deadline, Case]]:
    """Open clocks of open cases within the scope, due on or before `last_day`, by due date."""
    wanted = (
        select(Deadline, Case)
        .join(Case, col(Case.id) == Deadline.case_id)
        .where(Deadline.state == "open", col(Case.closed_at).is_(None))
        .order_by(col(Deadline.due_on), Case.reference)
    )
    if scope.worker_id is not None:
        wanted = wanted.where(Case.worker_id == scope.worker_id)
    if scope.team_id is not None:
        wanted = wanted.where(Case.team_id == scope.team_id)
    if last_day is not None:
        wanted = wanted.where(Deadline.due_on <= last_day)
    return (await session.exec(wanted)).all()


async def visits_of_case(session: AsyncSession, case_id: int, most: int = 20) -> list[Visit]:
    """The latest visits, newest first."""
    found = await session.exec(
        select(Visit).where(Visit.case_id == case_id).order_by(col(Visit.visited_on).desc()).limit(most)
    )
    return list(found.all())


async def visit_on(session: AsyncSession, case_id: int, day: date) -> Visit | None:
    """The visit recorded for this day, or None."""
    return (
        await session.exec(select(Visit).where(Visit.case_id == case_id, Visit.visited_on == day))
    ).first()
