"""Once a month each manager says whether everybody in the team's roster still belongs there."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require_manager
from bot.rules.errors import NotFound, Stale
from bot.services.auditing import note
from bot.services.caseload import team_ids_in_reach
from bot.services.office import Office
from storage import outbox, people
from storage.tables import Person, Team

KIND = "roster"
ASK_AT = time(9)
ASKED_AGAIN_AFTER = 5
"""Working days."""
LATE = timedelta(days=62)
"""A roster that nobody has looked at for two months is reported by the doctor."""


@dataclass(frozen=True)
class Roster:
    """A team with everybody who has access through it, by name."""

    team: Team
    people: Sequence[Person]

    @property
    def mark(self) -> str:
        """Changes when somebody joins, leaves or takes another role."""
        said = ",".join(f"{one.id}:{one.role}" for one in self.people)
        return hashlib.sha256(said.encode()).hexdigest()[:8]

    def checked_since(self, moment: datetime) -> bool:
        """Whether somebody has said since then that it is right."""
        return self.team.roster_checked_at is not None and self.team.roster_checked_at >= moment


def ask_days(office: Office, today: date) -> tuple[date, date]:
    """The first working day of this month, and the one on which it is asked again."""
    first = office.speaking.on_or_after(today.replace(day=1))
    return first, office.speaking.forward(first, ASKED_AGAIN_AFTER)


async def plan(session: AsyncSession, office: Office, now: datetime) -> int:
    """Asks every manager about their own team, and again where nobody has answered; returns how many rows.

    A day on which the bot was off is not made up for: the second asking, or the doctor, stands in.
    """
    today = office.today(now)
    if today not in ask_days(office, today) or now < office.at(today, ASK_AT):
        return 0
    since, wanted = month_began(office, now), []
    for person in await people.everybody(session, "manager"):
        if person.id is None or person.created_at >= office.at(today, ASK_AT):
            continue
        team = await people.team_by_id(session, person.team_id)
        if not Roster(team, ()).checked_since(since):
            key = f"{KIND}:{person.team_id}:{person.id}:{today}"
            wanted.append(
                outbox.Unasked(person.id, KIND, person.team_id, key, office.at(today, ASK_AT), "bulk")
            )
    return len(await outbox.plan_all(session, wanted))


def month_began(office: Office, now: datetime) -> datetime:
    """The first moment of the month in the office's zone."""
    return office.at(office.today(now).replace(day=1), time(0))


async def rosters(session: AsyncSession, person: Person) -> list[Roster]:
    """The rosters in the person's reach, by team; NotAllowed for anybody but managers and administrators."""
    require_manager(person.role, "people")
    reached = await team_ids_in_reach(session, person, "people")
    return [await _roster(session, team) for team in await people.teams(session) if team.id in reached]


async def roster_of(session: AsyncSession, person: Person, team_id: int) -> Roster:
    """One roster in the person's reach; NotAllowed or NotFound."""
    found = next((one for one in await rosters(session, person) if one.team.id == team_id), None)
    if found is None:
        raise NotFound("That team isn't yours.")
    return found


async def _roster(session: AsyncSession, team: Team) -> Roster:
    assert team.id is not None
    return Roster(team, await people.people_of_team(session, team.id))


async def confirm(session: AsyncSession, person: Person, team_id: int, mark: str, now: datetime) -> Roster:
    """Keeps that the roster, as it was shown, is right. Stale where it has changed since."""
    found = await roster_of(session, person, team_id)
    if found.mark != mark:
        raise Stale("The roster has changed since: /roster shows it as it is now.")
    found.team.roster_checked_at = now
    await note(session, person.id, "checked the roster", f"team {team_id}", now)
    return found


async def unchecked(session: AsyncSession, now: datetime) -> list[Team]:
    """Teams with people in them whose roster nobody has checked for two months."""
    late = [
        team
        for team in await people.teams(session)
        if (team.roster_checked_at or team.created_at) < now - LATE
    ]
    return [team for team in late if await people.people_of_team(session, team.id or 0)]
