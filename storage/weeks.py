"""Each team's figures, week by week."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Team, TeamWeek


async def all_teams(session: AsyncSession) -> list[Team]:
    """Every team, by name."""
    return list((await session.exec(select(Team).order_by(Team.name))).all())


async def team_without(session: AsyncSession, monday: date) -> Team | None:
    """The next team whose figures of this week aren't kept, by id, or None."""
    kept = exists().where(col(TeamWeek.team_id) == Team.id, col(TeamWeek.monday) == monday)
    return (await session.exec(select(Team).where(~kept).order_by(col(Team.id)).limit(1))).first()


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
