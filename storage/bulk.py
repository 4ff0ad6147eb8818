"""Many rows in few queries: for files that come in and lists that go out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Integer, literal_column
from sqlalchemy import insert as sql_insert
from sqlmodel import SQLModel, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Case, CaseEvent, Deadline, Person, PlannedVisit, Team

IMPORTED = "import"
"""The source of what a file brought."""
_MOST_VALUES = 5000
"""How many values one query names: well below what either database takes."""
Value = TypeVar("Value")


def batches(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The values in pieces that one query can name."""
    for first in range(0, len(values), _MOST_VALUES):
        yield values[first : first + _MOST_VALUES]


async def reserve_ids(session: AsyncSession, table: type[SQLModel], count: int) -> list[int]:
    """Ids for new rows. Rows that have theirs are written many at a time, which SQLite can't do otherwise."""
    if not count:
        return []
    if session.get_bind().dialect.name == "sqlite":  # whose writers wait for each other: nobody comes between
        highest = select(func.max(literal_column("id", Integer))).select_from(table)
        last = (await session.exec(highest)).one() or 0
        return list(range(last + 1, last + 1 + count))
    sequence = func.pg_get_serial_sequence(str(table.__tablename__), "id")
    next_id = select(func.nextval(sequence))
    return list((await session.exec(next_id.select_from(func.generate_series(1, count)))).all())


async def insert(session: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes rows that nobody needs as objects."""
    if rows:
        await session.exec(sql_insert(table), params=rows)


async def people_with_teams(session: AsyncSession) -> Sequence[tuple[Person, Team]]:
    """Everybody active, each with their team."""
    found = await session.exec(
        select(Person, Team).join(Team, col(Team.id) == Person.team_id).where(col(Person.active).is_(True))
    )
    return found.all()


async def cases_by_reference(session: AsyncSession, references: Sequence[str]) -> list[Case]:
    """The cases, open or closed, that have one of these references."""
    cases: list[Case] = []
    for some in batches(references):
        cases += (await session.exec(select(Case).where(col(Case.reference).in_(some)))).all()
    return cases


async def all_events_of_cases(session: AsyncSession, case_ids: Sequence[int]) -> list[CaseEvent]:
    """Whatever was recorded on these cases, taken back or not, oldest first."""
    events: list[CaseEvent] = []
    for some in batches(case_ids):
        found = await session.exec(
            select(CaseEvent)
            .where(col(CaseEvent.case_id).in_(some))
            .order_by(col(CaseEvent.happened_on), col(CaseEvent.id))
        )
        events += found.all()
    return events


async def deadlines_of_cases(session: AsyncSession, case_ids: Sequence[int]) -> list[Deadline]:
    """Every clock of these cases, open or closed."""
    deadlines: list[Deadline] = []
    for some in batches(case_ids):
        deadlines += (await session.exec(select(Deadline).where(col(Deadline.case_id).in_(some)))).all()
    return deadlines


async def extensions(
    session: AsyncSession, case_ids: Sequence[int], timescale_id: str
) -> list[tuple[Deadline, str | None]]:
    """The open clocks by this rule that were extended, each with the name of whoever agreed."""
    found: list[tuple[Deadline, str | None]] = []
    for some in batches(case_ids):
        rows = await session.exec(
            select(Deadline, Person.name)
            .join(Person, col(Person.id) == Deadline.extended_by, isouter=True)
            .where(
                col(Deadline.case_id).in_(some),
                Deadline.timescale_id == timescale_id,
                Deadline.state == "open",
                col(Deadline.extended_to).is_not(None),
            )
        )
        found += rows.all()
    return found


async def planned_visits_of_cases(session: AsyncSession, case_ids: Sequence[int]) -> list[PlannedVisit]:
    """Visits of these cases that are arranged and not settled, soonest first."""
    planned: list[PlannedVisit] = []
    for some in batches(case_ids):
        found = await session.exec(
            select(PlannedVisit).where(col(PlannedVisit.case_id).in_(some), PlannedVisit.state == "planned")
        )
        planned += found.all()
    return sorted(planned, key=lambda visit: (visit.planned_on, visit.id or 0))


async def imported_cases(session: AsyncSession, team_ids: Sequence[int]) -> list[Case]:
    """Open cases of these teams that a file brought, whole or in part, by reference."""
    with_events = select(CaseEvent.case_id).where(
        CaseEvent.source == IMPORTED, col(CaseEvent.voided_at).is_(None)
    )
    found = await session.exec(
        select(Case)
        .where(
            col(Case.team_id).in_(team_ids),
            col(Case.closed_at).is_(None),
            or_(Case.source == IMPORTED, col(Case.id).in_(with_events)),
        )
        .order_by(Case.reference)
    )
    return list(found.all())
