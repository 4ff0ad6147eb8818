"""The team's board: a row of figures for each worker (or each team), and what drifts most."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require_manager
from bot.rules.drift import CaseFacts
from bot.rules.errors import NotFound
from bot.rules.figures import Figures, added, figures_of
from bot.services.caseload import team_ids_in_reach
from bot.services.drift import Drifting, ranked
from bot.services.facts import facts_of
from bot.services.office import Office
from storage import boards, people
from storage.tables import Case, Person, Team


@dataclass(frozen=True)
class Row:
    """One line of the board: a worker, a team, or the cases that nobody holds (both ids None)."""

    name: str
    figures: Figures
    person_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class DriftLine:
    """A drifting case with whose it is."""

    drifting: Drifting
    worker: str
    team: str


@dataclass(frozen=True)
class Board:
    """A board on a day of the office. total is that of all rows."""

    title: str
    today: date
    rows: list[Row]
    total: Figures
    drifting: list[DriftLine]


async def teams_in_reach(session: AsyncSession, person: Person) -> list[Team]:
    """The teams whose board this person may see, by name; raises NotAllowed for anybody but managers."""
    require_manager(person.role, "board")
    reached = await team_ids_in_reach(session, person, "board")
    return [team for team in await people.teams(session) if team.id in reached]


async def team_in_reach(session: AsyncSession, person: Person, name: str) -> Team:
    """The team of this name within reach; raises NotFound naming those that are."""
    teams = await teams_in_reach(session, person)
    found = next((team for team in teams if team.name.casefold() == name.strip().casefold()), None)
    if found is None:
        names = ", ".join(team.name for team in teams)
        raise NotFound(f"“{name.strip()[:40]}” isn't one of your teams. Yours: {names}.")
    return found


async def board_of_teams(
    session: AsyncSession, office: Office, teams: Sequence[Team], now: datetime
) -> Board:
    """A line a worker for one team; for several, a line a team."""
    team_ids = [team.id or 0 for team in teams]
    cases = await boards.open_cases_of_teams(session, team_ids)
    members = await boards.people_of_teams(session, team_ids)
    gathered = await _gather(session, office, cases, members, now)
    lines = _team_rows(teams, gathered) if len(teams) > 1 else _worker_rows(members, gathered)
    title = f"Team {teams[0].name}" if len(teams) == 1 else f"{len(teams)} teams"
    return _board(title, office.today(now), lines, gathered, {team.id: team.name for team in teams})


async def board_of_worker(session: AsyncSession, office: Office, worker: Person, now: datetime) -> Board:
    """The part of the team's board that is about one person, made by the same code."""
    assert worker.id is not None
    cases = await boards.open_cases_of_worker(session, worker.id)
    gathered = await _gather(session, office, cases, [worker], now)
    team = await people.team_by_id(session, worker.team_id)
    return _board(
        worker.name, office.today(now), _worker_rows([worker], gathered), gathered, {team.id: team.name}
    )


@dataclass(frozen=True)
class _Gathered:
    cases: Sequence[Case]
    facts: Mapping[int, CaseFacts]
    shares: Mapping[int, Figures]
    """What each person's open actions count for."""
    people: Mapping[int, Person]
    today: date

    def of(self, cases: Sequence[Case]) -> Figures:
        return added([figures_of(self.facts[case.id or 0], self.today) for case in cases])


async def _gather(
    session: AsyncSession, office: Office, cases: Sequence[Case], members: Sequence[Person], now: datetime
) -> _Gathered:
    facts = await facts_of(session, office, cases, now)
    known = {person.id or 0: person for person in members}
    others = {case.worker_id for case in cases if case.worker_id is not None} - known.keys()
    shares = await _share_figures(session, list(known), office.today(now))
    holders = known | await boards.people_by_ids(session, sorted(others))
    return _Gathered(cases, facts, shares, holders, office.today(now))


async def _share_figures(session: AsyncSession, person_ids: Sequence[int], today: date) -> dict[int, Figures]:
    found: dict[int, Figures] = defaultdict(Figures)
    for share, action in await boards.open_shares_of_people(session, person_ids):
        found[share.person_id] += Figures(
            unacknowledged=int(share.acknowledged_at is None), actions_late=int(action.due_on < today)
        )
    return found


def _worker_rows(members: Sequence[Person], gathered: _Gathered) -> list[Row]:
    """Every worker, every other person who holds a case or owes an action, and last what nobody holds."""
    held: dict[int | None, list[Case]] = defaultdict(list)
    for case in gathered.cases:
        held[case.worker_id].append(case)
    shown = [
        person
        for person in gathered.people.values()
        if person.role == "worker" or person.id in held or person.id in gathered.shares
    ]
    rows = [
        Row(
            person.name,
            gathered.of(held[person.id]) + gathered.shares.get(person.id or 0, Figures()),
            person.id,
            person.team_id,
        )
        for person in sorted(shown, key=lambda person: person.name)
    ]
    if held[None]:
        rows.append(Row("No worker", gathered.of(held[None])))
    return rows


def _team_rows(teams: Sequence[Team], gathered: _Gathered) -> list[Row]:
    rows = []
    for team in teams:
        figures = gathered.of([case for case in gathered.cases if case.team_id == team.id])
        owed = [
            count
            for person_id, count in gathered.shares.items()
            if gathered.people[person_id].team_id == team.id
        ]
        rows.append(Row(team.name, figures + added(owed), team_id=team.id))
    return rows


def _board(
    title: str, today: date, rows: list[Row], gathered: _Gathered, teams: Mapping[int | None, str]
) -> Board:
    drifting = [
        DriftLine(
            found,
            gathered.people[found.case.worker_id].name if found.case.worker_id is not None else "",
            teams.get(found.case.team_id, ""),
        )
        for found in ranked(gathered.cases, gathered.facts, today)
    ]
    return Board(title, today, rows, added([row.figures for row in rows]), drifting)
