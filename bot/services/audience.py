"""Whom a manager's words mean: people, teams, roles, or everyone within reach."""

import re
from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.errors import Refusal
from bot.services.board import teams_in_reach
from storage import people
from storage.tables import Person, Team

_EVERYONE = frozenset({"everyone", "everybody", "all", "all of them"})
_MY_TEAM = frozenset({"team", "my team", "whole team", "the team"})
_ROLES: Mapping[str, str] = {
    "worker": "worker",
    "workers": "worker",
    "social workers": "worker",
    "manager": "manager",
    "managers": "manager",
    "team managers": "manager",
    "practice lead": "practice-lead",
    "practice leads": "practice-lead",
    "administrators": "admin",
}


async def within_reach(session: AsyncSession, manager: Person) -> tuple[list[Team], list[Person]]:
    """The manager's teams and everybody in them who has joined, but the manager; raises NotAllowed."""
    teams = await teams_in_reach(session, manager)
    members = [
        person
        for team in teams
        for person in await people.people_of_team(session, team.id or 0)
        if person.id != manager.id
    ]
    return teams, members


async def audience(session: AsyncSession, manager: Person, typed: str) -> list[Person]:
    """The people that `typed` means (parts apart by commas), each once; Refusal names a part that fails.

    A part is a name, "Name (Team)", #id (from a button), a team, a role, "team" or "everyone".
    """
    teams, members = await within_reach(session, manager)
    if not members:
        raise Refusal("No worker of your team has joined yet. Invite them first.")
    found: dict[int, Person] = {}
    for part in re.split(r"[,;\n]", typed):
        if words := " ".join(part.split()):
            for person in _meant(words, teams, members):
                found[person.id or 0] = person
    if not found:
        raise Refusal("Who is it for? A name, “team”, a role like “managers”, or “everyone”.")
    return list(found.values())


def _meant(words: str, teams: list[Team], members: list[Person]) -> list[Person]:
    low = words.casefold()
    if low in _EVERYONE:
        return members
    if low in _MY_TEAM:
        return [person for person in members if person.role == "worker"] or members
    if low in _ROLES:
        return _some([person for person in members if person.role == _ROLES[low]], words)
    team = next(
        (team for team in teams if low in (team.name.casefold(), f"team {team.name.casefold()}")), None
    )
    if team is not None:
        return _some([person for person in members if person.team_id == team.id], words)
    return [_named(words, teams, members)]


def _some(found: list[Person], words: str) -> list[Person]:
    if not found:
        raise Refusal(f"Nobody within your reach is “{words[:40]}”.")
    return found


def _named(words: str, teams: list[Team], members: list[Person]) -> Person:
    low = words.casefold()
    team_names = {team.id: team.name for team in teams}
    found = [
        person
        for person in members
        if low in (person.name.casefold(), f"#{person.id}")
        or low == f"{person.name} ({team_names.get(person.team_id)})".casefold()
    ]
    if len(found) > 1:
        both = ", ".join(f"{person.name} ({team_names.get(person.team_id)})" for person in found)
        raise Refusal(f"There are {len(found)} of that name: {both}. Write it like that, please.")
    if not found:
        names = ", ".join(person.name for person in members[:12])
        raise Refusal(
            f"“{words[:40]}” isn't in your team. In it: {names}. Or use a case reference, or “team”."
        )
    return found[0]


async def may_manage(session: AsyncSession, manager: Person, worker: Person) -> bool:
    """True where the worker's team is one of the manager's."""
    teams = await teams_in_reach(session, manager)
    return worker.team_id in [team.id for team in teams]
