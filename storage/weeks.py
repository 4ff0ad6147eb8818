"""Each team's figures, week by week."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Team, TeamWeek


async def all_teams(session: AsyncSession) -> list[Team]:
    """Every team, by name."""
    return list((await session.exec(select(Team).order_by(Team.name))).all())


async def teams_with(session: AsyncSession, monday: date) -> set[int]:
    """The ids of the teams whose figures of this week are kept."""
    return set((await session.exec(select(TeamWeek.team_id).where(TeamWeek.monday == monday))).all())


def add(session: AsyncSession, team_id: int, monday: date, figures: Mapping[str, int], now: datetime) -> None:
    """Keeps a team's figures of a week."""
    session.add(TeamWeek(team_id=team_id, monday=monday, figures=dict(figures), taken_at=now))


async def since(session: AsyncSession, team_ids: Sequence[int], first: date) -> list[TeamWeek]:
    """The figures of these teams from the week of `first` on, oldest first."""
    found = await session.exec(
        select(TeamWeek)
        .where(col(TeamWeek.team_id).in_(team_ids), TeamWeek.monday >= first)
        .order_by(col(TeamWeek.monday), col(TeamWeek.team_id))
    )
    return list(found.all())
