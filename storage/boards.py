"""What a team's board is made of, for many cases and people at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.actions import OPEN
from storage.bulk import batches
from storage.tables import Action, ActionRecipient, Allocation, Case, Deadline, Person, Visit


async def open_cases_of_teams(session: AsyncSession, team_ids: Sequence[int]) -> list[Case]:
    """Open cases of these teams, by reference."""
    found = await session.exec(
        select(Case)
        .where(col(Case.team_id).in_(team_ids), col(Case.closed_at).is_(None))
        .order_by(Case.reference)
    )
    return list(found.all())


async def open_cases_of_worker(session: AsyncSession, worker_id: int) -> list[Case]:
    """Open cases that this person holds, by reference."""
    found = await session.exec(
        select(Case)
        .where(Case.worker_id == worker_id, col(Case.closed_at).is_(None))
        .order_by(Case.reference)
    )
    return list(found.all())


async def open_deadlines_of_cases(
    session: AsyncSession, case_ids: Sequence[int], last_day: date
) -> list[Deadline]:
    """Open clocks of these cases that first ran out on or before `last_day`."""
    found: list[Deadline] = []
    for some in batches(case_ids):
        rows = await session.exec(
            select(Deadline)
            .where(col(Deadline.case_id).in_(some), Deadline.state == "open", Deadline.due_on <= last_day)
            .order_by(col(Deadline.due_on), col(Deadline.id))
        )
        found += rows.all()
    return found


async def visits_of_cases(session: AsyncSession, case_ids: Sequence[int]) -> dict[int, list[Visit]]:
    """Each case's visits, newest first."""
    found: dict[int, list[Visit]] = defaultdict(list)
    for some in batches(case_ids):
        rows = await session.exec(
            select(Visit).where(col(Visit.case_id).in_(some)).order_by(col(Visit.visited_on).desc())
        )
        for visit in rows:
            found[visit.case_id].append(visit)
    return found


async def holders_of_cases(
    session: AsyncSession, case_ids: Sequence[int], since: date
) -> dict[int, set[int]]:
    """Who has held each case on or after this day."""
    found: dict[int, set[int]] = defaultdict(set)
    for some in batches(case_ids):
        rows = await session.exec(
            select(Allocation.case_id, Allocation.worker_id).where(
                col(Allocation.case_id).in_(some),
                or_(col(Allocation.ended_on).is_(None), col(Allocation.ended_on) >= since),
            )
        )
        for case_id, worker_id in rows:
            found[case_id].add(worker_id)
    return found


async def people_of_teams(session: AsyncSession, team_ids: Sequence[int]) -> list[Person]:
    """Active people of these teams, by name."""
    found = await session.exec(
        select(Person)
        .where(col(Person.team_id).in_(team_ids), col(Person.active).is_(True))
        .order_by(Person.name)
    )
    return list(found.all())


async def people_by_ids(session: AsyncSession, person_ids: Sequence[int]) -> dict[int, Person]:
    """These people, active or not, by id."""
    found: dict[int, Person] = {}
    for some in batches(person_ids):
        for person in await session.exec(select(Person).where(col(Person.id).in_(some))):
            found[person.id or 0] = person
    return found


async def open_shares_of_people(
    session: AsyncSession, person_ids: Sequence[int]
) -> list[tuple[ActionRecipient, Action]]:
    """What these people still have to do, soonest first."""
    found: list[tuple[ActionRecipient, Action]] = []
    for some in batches(person_ids):
        rows = await session.exec(
            select(ActionRecipient, Action)
            .join(Action, col(Action.id) == ActionRecipient.action_id)
            .where(col(ActionRecipient.person_id).in_(some), col(ActionRecipient.state).in_(OPEN))
            .order_by(col(Action.due_on), col(Action.id))
        )
        found += rows.all()
    return found
