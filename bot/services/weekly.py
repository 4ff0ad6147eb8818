"""Once a week: each team's figures are kept, and managers get their summary."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import manages
from bot.rules.calendar import WorkCalendar
from bot.rules.figures import Figures, Week, added
from bot.services import board
from bot.services.office import Office
from storage import outbox, people, weeks
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
    return manages(person.role, "board")


async def plan(session: AsyncSession, office: Office, now: datetime) -> int:
    """Keeps this week's figures and plans the summaries, once the moment has come; returns how many.

    After a week off the air nothing old is sent: only the running week has a summary.
    """
    today = office.today(now)
    monday = monday_of(today)
    moment = office.at(summary_day(office.speaking, monday), SUMMARY_AT)
    if now < moment or not office.speaking.is_working_day(today):
        return 0
    await keep_figures(session, office, monday, now)
    wanted = [
        outbox.Unasked(person.id or 0, "weekly", person.id or 0, f"weekly:{person.id}:{monday}", moment)
        for person in await people.everybody(session)
        if sees_boards(person) and person.created_at < moment
    ]
    return len(await outbox.plan_all(session, wanted))


async def keep_figures(session: AsyncSession, office: Office, monday: date, now: datetime) -> int:
    """Keeps the week's figures of every team that hasn't them yet; returns of how many."""
    kept = await weeks.teams_with(session, monday)
    missing = [team for team in await weeks.all_teams(session) if team.id not in kept]
    for team in missing:
        found = await board.board_of_teams(session, office, [team], now)
        weeks.add(session, team.id or 0, monday, found.total.as_json(), now)
    await session.flush()
    return len(missing)


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
