"""Somebody deletes their own account: what is theirs alone goes at once, the cases go back to the manager."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.auditing import note
from bot.services.leaving import leave
from bot.services.office import Office
from storage import actions, cases, erasing, outbox, people
from storage.cases import Scope
from storage.tables import Case, Person

KIND = "self-deleted"
"""The message that tells the manager."""
_PREFERENCES = ("digest_minute", "work_days", "quiet_from", "quiet_to", "discreet", "reachable")


@dataclass(frozen=True)
class Standing:
    """What somebody leaves behind: open cases, open actions, and how many are told."""

    cases: int
    actions: int
    told: int


@dataclass(frozen=True)
class ToAllocate:
    """For the manager: who went, by role alone, and what is without a worker now."""

    person: Person
    team: str
    cases: list[Case]
    actions: int


async def standing(session: AsyncSession, person: Person) -> Standing:
    """What would be left behind if the person went now."""
    held = await cases.open_cases(session, Scope(worker_id=person.id))
    owed = await actions.open_shares_of_person(session, person.id or 0)
    return Standing(len(held), len(owed), len(await _who_is_told(session, person)))


async def delete_me(session: AsyncSession, office: Office, person: Person, now: datetime) -> Standing:
    """Ends access as for any leaver, then takes out account, name, preferences and all that is theirs alone.

    What was recorded in a role stays, by number: it is the council's. One transaction.
    """
    assert person.id is not None
    before = await standing(session, person)
    told = await _who_is_told(session, person)
    done = await leave(session, office, person, None, now, by=person.id)
    await erasing.end_snoozes(session, [case.id or 0 for case in done.unheld])
    await erasing.forget_own(session, person.id)
    for name in _PREFERENCES:
        setattr(person, name, Person.model_fields[name].default)
    await erasing.rename(session, person, f"Former colleague {person.id}")
    await outbox.plan_all(
        session,
        [outbox.Unasked(one.id or 0, KIND, person.id, f"{KIND}:{person.id}:{one.id}", now) for one in told],
    )
    await note(session, person.id, "deleted own account", f"person {person.id}", now)
    await session.flush()
    return before


async def _who_is_told(session: AsyncSession, person: Person) -> list[Person]:
    """The managers of the team; without one, the heads of its service; without those, administrators."""
    teams = await people.team_ids(session, in_service_of=person.team_id)
    found = await people.people_of_team(session, person.team_id, "manager")
    circles = (
        found,
        await people.people_of_teams(session, teams, "head-of-service"),
        await people.everybody(session, "admin"),
    )
    others = ([one for one in circle if one.id != person.id] for circle in circles)
    return next((circle for circle in others if circle), [])


async def to_allocate(session: AsyncSession, person_id: int) -> ToAllocate | None:
    """What the manager is told, as it stands now; None where there is no such person."""
    person = await people.person_by_id(session, person_id)
    if person is None:
        return None
    team = await people.team_by_id(session, person.team_id)
    waiting = await erasing.to_be_allocated(session, person_id)
    owed = await actions.open_shares_of_person(session, person_id)
    return ToAllocate(person, team.name, waiting, len(owed))
