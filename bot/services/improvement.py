"""Figures for the improvement board: whole teams, never one worker."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.figures import Figures
from bot.services import board, weekly
from bot.services.auditing import note
from bot.services.office import Office
from bot.spreadsheets import Sheet, Value, workbook
from storage import weeks
from storage.tables import Person, Team


async def improvement_workbook(
    session: AsyncSession, office: Office, person: Person, now: datetime, names: Mapping[str, str]
) -> bytes:
    """Three sheets (Now, Weeks, Drift) of the teams in reach, as XLSX. names: a heading for each figure.

    Raises NotAllowed for anybody but managers.
    """
    teams = await board.teams_in_reach(session, person)
    today = office.today(now)
    found = await board.board_of_teams(session, office, teams, now)
    rows = found.rows if len(teams) > 1 else [board.Row(teams[0].name, found.total)]
    total = [["All teams", *_counts(found.total, names)]] if len(teams) > 1 else []
    first = weekly.monday_of(today) - weekly.WEEKS_BACK
    kept = await weeks.since(session, [team.id or 0 for team in teams], first)
    by_id = {team.id or 0: team for team in teams}
    await note(session, person.id, "took figures", _subject(teams), now)
    return workbook(
        [
            Sheet(
                "Now",
                ("Team", *names.values()),
                [*([row.name, *_counts(row.figures, names)] for row in rows), *total],
            ),
            Sheet(
                "Weeks",
                ("Week of", "Team", *names.values()),
                [
                    [
                        row.monday,
                        by_id[row.team_id].name,
                        *_counts(Figures.from_json(row.figures or {}), names),
                    ]
                    for row in kept
                ],
            ),
            Sheet(
                "Drift",
                ("Reference", "Team", "Signs", "Weight"),
                [_drift_row(line) for line in found.drifting],
            ),
        ]
    )


def _subject(teams: Sequence[Team]) -> str:
    return "team " + ",".join(str(team.id) for team in teams)


def _counts(figures: Figures, names: Mapping[str, str]) -> list[Value]:
    counts = figures.as_json()
    return [counts[name] for name in names]


def _drift_row(line: board.DriftLine) -> list[Value]:
    found = line.drifting
    return [found.case.reference, line.team, "; ".join(sign.words for sign in found.signs), found.weight]
