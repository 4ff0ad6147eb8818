"""Who holds which case: allocation, handover, families, and closing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import Reach, Thing, reach, require
from bot.rules.errors import NotFound, Refusal
from bot.services import clocks, visit_checks
from bot.services.auditing import note
from bot.services.office import Office
from bot.services.shares import keep, tell
from storage import actions, allocations, cases, outbox, people
from storage.tables import Case, Person

_LAST_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Handover:
    """What moved: the cases, and the two people."""

    cases: list[Case]
    giver: Person | None
    taker: Person


async def team_ids_in_reach(session: AsyncSession, person: Person, thing: Thing) -> frozenset[int]:
    """The teams whose things of this kind the person reaches; empty where only their own."""
    found = reach(person.role, thing)
    if found == "all":
        return frozenset(await people.team_ids(session))
    if found == "service":
        return frozenset(await people.team_ids(session, in_service_of=person.team_id))
    return frozenset([person.team_id] if found == "team" else [])


async def people_in_reach(session: AsyncSession, manager: Person, thing: Thing, *roles: str) -> list[Person]:
    """Active people of the teams that the manager reaches, by name; of all roles unless some are named."""
    reached = await team_ids_in_reach(session, manager, thing)
    return await people.people_of_teams(session, reached, *roles)


async def person_in_reach(session: AsyncSession, manager: Person, thing: Thing, typed: str) -> Person:
    """The person meant by NAME or TEAM/NAME; raises NotFound, or Refusal where two teams have one."""
    team, _, name = typed.rpartition("/")
    found = [
        person
        for person in await people_in_reach(session, manager, thing)
        if person.name.casefold() == name.strip().casefold()
    ]
    if team:
        named = await people.team_named(session, team)
        found = [person for person in found if named is not None and person.team_id == named.id]
    if not found:
        raise NotFound(f"“{typed.strip()[:40]}” isn't in your team.")
    if len(found) > 1:
        raise Refusal(f"Two teams have a {found[0].name}. Type the team too, like North/{found[0].name}.")
    return found[0]


def scope_for(person: Person, reached: Reach) -> cases.Scope:
    """The cases that a reach covers, seen from this person."""
    if reached == "service":
        return cases.Scope(service_of=person.team_id)
    if reached == "all":
        return cases.Scope()
    return cases.Scope(team_id=person.team_id) if reached == "team" else cases.Scope(worker_id=person.id or 0)


async def allocate(session: AsyncSession, case: Case, worker: Person, today: date) -> None:
    """The case is this worker's from today; whoever held it before ceases to."""
    assert case.id is not None
    assert worker.id is not None
    await allocations.end_current(session, case.id, today)
    await allocations.add(session, case.id, worker.id, today)
    case.worker_id, case.team_id = worker.id, worker.team_id


async def workers_in_a_year(session: AsyncSession, case_id: int, today: date) -> int:
    """How many different workers have held the case in the last 12 months."""
    return len(await allocations.holders_since(session, case_id, today - _LAST_YEAR))


async def hand_over(
    session: AsyncSession, office: Office, manager: Person, moving: list[Case], taker: Person, now: datetime
) -> Handover:
    """Moves cases with their clocks, reminders and open actions to another worker, all in one transaction.

    Raises NotAllowed for anybody but the manager of both, Refusal where there is nothing to move.
    """
    require(manager.role, "allocation")
    reached = await team_ids_in_reach(session, manager, "allocation")
    if taker.team_id not in reached or taker.role not in ("worker", "manager") or not taker.active:
        raise NotFound("That person isn't a worker of your team.")
    fresh = [case for case in moving if case.worker_id != taker.id]
    if any(case.team_id not in reached for case in moving):
        raise NotFound("That case isn't your team's.")
    if not fresh:
        raise Refusal(f"{taker.name} holds that already.")
    giver = await people.person_by_id(session, fresh[0].worker_id) if fresh[0].worker_id is not None else None
    await move(session, office, fresh, taker, now, by=manager.id)
    return Handover(fresh, giver, taker)


async def move(
    session: AsyncSession, office: Office, moving: list[Case], taker: Person, now: datetime, *, by: int | None
) -> None:
    """Gives cases with all that is open on them to a worker, who gets a handover card for each."""
    today = office.today(now)
    assert taker.id is not None
    for case in moving:
        giver_id = case.worker_id
        await allocate(session, case, taker, today)
        await _move_what_is_open(session, case, giver_id, taker.id, now, by)
    await session.flush()
    for case in moving:
        await _remind_the_taker(session, office, case, now)
        await visit_checks.move(session, office, case, now)
        assert case.id is not None
        await outbox.plan(
            session,
            person_id=taker.id,
            kind="handover",
            subject_id=case.id,
            key=f"handover:{case.id}:{taker.id}:{now.timestamp():.0f}",
            not_before=now,
        )
        await note(session, by, "handed over", f"case {case.id} to person {taker.id}", now)


async def _move_what_is_open(
    session: AsyncSession, case: Case, giver_id: int | None, taker_id: int, now: datetime, by: int | None
) -> None:
    assert case.id is not None
    if giver_id is None:
        return
    clock_ids = [deadline.id or 0 for deadline in await cases.deadlines_of_case(session, case.id)]
    await outbox.cancel_all(session, "clock", clock_ids, "handed over", now)
    moved = await allocations.move_shares(session, case.id, giver_id, taker_id)
    await _tell_of_moved_actions(session, moved, taker_id, now, by)


async def _tell_of_moved_actions(
    session: AsyncSession, share_ids: list[int], taker_id: int, now: datetime, by: int | None
) -> None:
    """Keeps it in each action's history, and tells the manager who set it, unless they moved the case."""
    taker = await people.person_by_id(session, taker_id)
    for share_id in share_ids:
        found = await actions.share_by_id(session, share_id)
        assert found is not None
        assert taker is not None
        share, action = found
        for kind in ("action-new", "action-card", "action-due", "action-returned", "action-redated"):
            await outbox.cancel(session, kind, share_id, "handed over", now)
        mover = await people.person_by_id(session, by) if by is not None else None
        await keep(session, mover or taker, action, "moved", now, share=share, after=taker.name)
        if action.manager_id != by:
            await tell(session, action.manager_id, "action-moved", share_id, now)


async def _remind_the_taker(session: AsyncSession, office: Office, case: Case, now: datetime) -> None:
    assert case.id is not None
    for deadline in await cases.deadlines_of_case(session, case.id):
        if deadline.state == "open":
            await clocks.plan_reminders(session, office, deadline, case, now)


async def caseload_of(session: AsyncSession, manager: Person, worker: Person) -> list[Case]:
    """The open cases that a worker of the manager's team holds."""
    require(manager.role, "allocation")
    if worker.team_id not in await team_ids_in_reach(session, manager, "allocation"):
        raise NotFound("That person isn't in your team.")
    return await cases.open_cases(session, cases.Scope(worker_id=worker.id))


async def set_family(
    session: AsyncSession, person: Person, case: Case, family: str, now: datetime
) -> list[Case]:
    """Brothers and sisters share this reference from now on; returns the other cases that do (`siblings`)."""
    case.family = family
    await session.flush()
    await note(session, person.id, "set family", f"case {case.id}", now)
    return await siblings(session, person, case)


async def siblings(session: AsyncSession, person: Person | None, case: Case) -> list[Case]:
    """The other open cases of the same family and team within this person's reach; none for a file (None)."""
    if case.family is None or person is None:
        return []
    scope = scope_for(person, reach(person.role, "cases"))
    found = await session.exec(
        select(Case)
        .where(
            Case.family == case.family,
            Case.team_id == case.team_id,
            Case.id != case.id,
            col(Case.closed_at).is_(None),
            *scope.where(),
        )
        .order_by(Case.reference)
    )
    return list(found.all())
