"""Cases with their events, clocks and visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import Case, CaseEvent, Deadline, Team, Visit


@dataclass(frozen=True)
class Scope:
    """Whose cases: one worker's, a team's, these teams', those of a team's service, or everybody's."""

    worker_id: int | None = None
    team_id: int | None = None
    team_ids: tuple[int, ...] | None = None
    service_of: int | None = None
    """A team: its own cases and those of every team in the same service."""

    def where(self) -> list[ColumnElement[bool]]:
        """The conditions on a case; none of them: everybody's."""
        wanted: list[ColumnElement[bool]] = []
        if self.worker_id is not None:
            wanted.append(col(Case.worker_id) == self.worker_id)
        if self.team_id is not None:
            wanted.append(col(Case.team_id) == self.team_id)
        if self.team_ids is not None:
            wanted.append(col(Case.team_id).in_(self.team_ids))
        if self.service_of is not None:
            wanted.append(col(Case.team_id).in_(teams_in_service(self.service_of)))
        return wanted


def teams_in_service(team_id: int) -> SelectOfScalar[int] | SelectOfScalar[None]:
    """A query for the ids of this team and, where it belongs to a service, of that service's other teams."""
    service = select(Team.service).where(col(Team.id) == team_id).scalar_subquery()
    return select(Team.id).where(
        or_(col(Team.id) == team_id, and_(col(Team.service) != "", col(Team.service) == service))
    )


async def in_scope(session: AsyncSession, scope: Scope, case_id: int) -> bool:
    """Whether the case, open or closed, is within the scope."""
    return (await session.exec(select(Case.id).where(Case.id == case_id, *scope.where()))).first() is not None


async def case_by_reference(session: AsyncSession, reference: str) -> Case | None:
    """The case with this reference, open or closed, or None."""
    return (await session.exec(select(Case).where(Case.reference == reference))).first()


async def case_by_id(session: AsyncSession, case_id: int) -> Case | None:
    """The case with this id, or None."""
    return await session.get(Case, case_id)


async def open_cases(session: AsyncSession, scope: Scope) -> list[Case]:
    """Open cases within the scope, by reference."""
    wanted = select(Case).where(col(Case.closed_at).is_(None), *scope.where())
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
    """Open clocks of open cases within the scope, due by `last_day`; those that are due first come first."""
    due = func.coalesce(Deadline.extended_to, Deadline.due_on)
    wanted = (
        select(Deadline, Case)
        .join(Case, col(Case.id) == Deadline.case_id)
        .where(Deadline.state == "open", col(Case.closed_at).is_(None), *scope.where())
        .order_by(due, Case.reference)
    )
    if last_day is not None:
        wanted = wanted.where(due <= last_day)
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
