"""What the board page shows: the team board, the pre-proceedings tracker and the drift list, filtered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.plo import Tracker
from bot.services import board, weekly
from bot.services.auditing import OUT_OF_REACH, note
from bot.services.board import Board, DriftLine
from bot.services.drift import Next, next_of
from bot.services.office import Office
from bot.services.tracking import trackers
from storage import boards, people
from storage.tables import Person, Team


@dataclass(frozen=True)
class TrackerLine:
    """A case in pre-proceedings or in court, with whose it is."""

    reference: str
    worker: str
    team: str
    tracker: Tracker
    coming: Next | None = None


@dataclass(frozen=True)
class Chosen:
    """What the page is narrowed to; empty: everything within reach."""

    team: str = ""
    worker: str = ""
    sign: str = ""


@dataclass(frozen=True)
class Watched:
    """Everything that the page shows, and the choices that it offers."""

    teams: list[Team]
    board: Board
    summary: weekly.Summary | None = None
    drifting: list[DriftLine] = field(default_factory=list)
    tracked: list[TrackerLine] = field(default_factory=list)
    workers: list[str] = field(default_factory=list)
    signs: dict[str, str] = field(default_factory=dict)


async def watch(
    session: AsyncSession, office: Office, person: Person, chosen: Chosen, now: datetime
) -> Watched:
    """The board within this person's reach; a team outside it is as good as none chosen."""
    teams = await board.teams_in_reach(session, person)
    shown = [team for team in teams if team.name == chosen.team] or teams
    found = await board.board_of_teams(session, office, shown, now)
    summary = weekly.Summary(found, await weekly.trend(session, shown, found.today))
    drifting = [line for line in found.drifting if _fits(line, chosen)]
    tracked = [
        line
        for line in await tracker_lines(session, office, shown, now)
        if chosen.worker in ("", line.worker)
    ]
    workers = sorted({line.worker for line in found.drifting if line.worker})
    return Watched(teams, found, summary, drifting, tracked, workers, SIGN_NAMES)


async def note_beyond(session: AsyncSession, person: Person, chosen: Chosen, now: datetime) -> None:
    """A line in the trail where the page was asked for a team out of reach, which changes nothing."""
    team = await people.team_named(session, chosen.team) if chosen.team else None
    if team is not None and team not in await board.teams_in_reach(session, person):
        await note(session, person.id, OUT_OF_REACH, f"team {team.id}", now)


SIGN_NAMES = {
    "overdue": "Something overdue",
    "conference": "Conference date passed",
    "visit-twice-overdue": "Visit overdue twice",
    "not-alone": "Not seen alone",
    "disabled-not-seen": "Disabled child not seen",
    "long-plan": "Long plan",
    "repeat-plan": "Repeat plan",
    "long-pre-proceedings": "Long pre-proceedings",
    "workers": "Many social workers",
}
"""The signs of drift (bot.rules.drift) to filter by."""


def _fits(line: DriftLine, chosen: Chosen) -> bool:
    return chosen.worker in ("", line.worker) and (
        not chosen.sign or any(sign.id == chosen.sign for sign in line.drifting.signs)
    )


async def tracker_lines(
    session: AsyncSession, office: Office, teams: Sequence[Team], now: datetime
) -> list[TrackerLine]:
    """Every case of these teams in pre-proceedings or in court, the longest first."""
    names = {team.id: team.name for team in teams}
    cases = await boards.open_cases_of_teams(session, [team.id or 0 for team in teams])
    today = office.today(now)
    tracked = await trackers(session, office, cases, today)
    holders = await boards.people_by_ids(session, sorted({case.worker_id or 0 for case in cases}))
    coming = await next_of(session, office, [case for case in cases if case.id in tracked], today)
    lines = []
    for case in cases:
        found = tracked.get(case.id or 0)
        if found is not None and ((found.before_court and found.started) or found.in_court):
            holder = holders.get(case.worker_id or 0)
            lines.append(
                TrackerLine(
                    case.reference,
                    holder.name if holder else "",
                    names[case.team_id],
                    found,
                    coming.get(case.id or 0),
                )
            )
    return sorted(lines, key=lambda line: line.tracker.started or line.tracker.issued or today)
