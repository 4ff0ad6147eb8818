"""Once a week: each team's figures are kept, and managers get their summary."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import ROLES, manages
from bot.rules.calendar import WorkCalendar
from bot.rules.figures import Figures, Week, added
from bot.services import board
from bot.services.office import Office
from storage import outbox, people, weeks
from storage.database import Database
from storage.tables import Person, Team

SUMMARY_AT = time(8, 45)
WEEKS_SHOWN = 12
WEEKS_BACK = timedelta(weeks=WEEKS_SHOWN - 1)


@dataclass(frozen=True)
class Summary:
    """A week's board with the weeks before it, oldest first."""

    board: board.Board
    weeks: list[Week]


def monday_of(day: date) -> date:
    """The Monday on or before a day."""
    return day - timedelta(days=day.weekday())


def summary_day(calendar: WorkCalendar, monday: date) -> date:
    """Monday, or the first working day after it; raises HolidaysUnknown."""
    return calendar.on_or_after(monday)


def sees_boards(person: Person) -> bool:
    """Whether the weekly summary is for this person."""
    return sees_board(person.role)


def sees_board(role: str) -> bool:
    """Whether the weekly summary is for this role."""
    return manages(role, "board")


def _begun(office: Office, now: datetime) -> tuple[date, datetime] | None:
    """The running week's Monday and the moment of its summary, once that has come; None on days off."""
    today = office.today(now)
    monday = monday_of(today)
    moment = office.at(summary_day(office.speaking, monday), SUMMARY_AT)
    return (monday, moment) if now >= moment and office.speaking.is_working_day(today) else None


async def plan(session: AsyncSession, office: Office, now: datetime) -> int:
    """Plans the summaries, once the moment has come and the week's figures are kept; returns how many.

    After a week off the air nothing old is sent: only the running week has a summary.
    """
    begun = _begun(office, now)
    if begun is None or await weeks.team_without(session, begun[0]) is not None:
        return 0
    monday, moment = begun
    wanted = [
        outbox.Unasked(person.id or 0, "weekly", person.id or 0, f"weekly:{person.id}:{monday}", moment)
        for person in await people.everybody(session, *filter(sees_board, ROLES))
        if person.created_at < moment
    ]
    return len(await outbox.plan_all(session, wanted))


async def keep_due(database: Database, office: Office, now: datetime, most: int = 40) -> int:
    """Keeps the figures that are due, a transaction for each team; returns of how many teams.

    No more than `most` at a time: what is due meanwhile must not wait for thousands of teams.
    """
    begun, count = _begun(office, now), 0
    while begun is not None and count < most:
        async with database.transaction() as session:
            team = await weeks.team_without(session, begun[0])
            if team is None:
                break
            await keep_figures(session, office, team, begun[0], now)
        count += 1
    return count


async def keep_figures(
    session: AsyncSession, office: Office, team: Team, monday: date, now: datetime
) -> None:
    """Keeps a team's figures of the week."""
    found = await board.board_of_teams(session, office, [team], now)
    weeks.add(session, team.id or 0, monday, found.total.as_json(), now)


async def trend(session: AsyncSession, teams: Sequence[Team], today: date) -> list[Week]:
    """The last twelve weeks that all these teams' figures are known of, added up, oldest first.

    Weeks before a team was there count it as nothing.
    """
    first = monday_of(today) - WEEKS_BACK
    found: dict[date, list[Figures]] = defaultdict(list)
    for row in await weeks.since(session, [team.id or 0 for team in teams], first):
        found[row.monday].append(Figures.from_json(row.figures or {}))
    return [Week(monday, added(parts)) for monday, parts in sorted(found.items())]


async def summary(session: AsyncSession, office: Office, teams: Sequence[Team], now: datetime) -> Summary:
    """The board as it is now, and the weeks behind it."""
    found = await board.board_of_teams(session, office, teams, now)
    return Summary(found, await trend(session, teams, found.today))
