"""What managers type about their team, and what a worker types to see the same."""

import base64

from bot.conversations.engine import Talk
from bot.rules.access import reach
from bot.services import board, weekly
from bot.services.auditing import note
from bot.services.improvement import improvement_workbook
from bot.texts import board as texts
from bot.texts.reply import Button, Document, Reply, Say
from handlers.responding import Incoming


async def team(talk: Talk, said: Incoming) -> list[Reply]:
    """/team, or /team NAME where one has several: the picture, and what drifts most."""
    teams = await board.teams_in_reach(talk.session, talk.person)
    if said.args:
        teams = [await board.team_in_reach(talk.session, talk.person, said.args)]
    found = await board.board_of_teams(talk.session, talk.office, teams, talk.now)
    subject = ",".join(str(one.id) for one in teams)
    await note(talk.session, talk.person_id, "saw board", f"team {subject}", talk.now)
    return [
        Say(texts.caption(found), picture=texts.picture(found)),
        Say(texts.drift_list(found), texts.drift_buttons(found)),
    ]


async def trend(talk: Talk, _said: Incoming) -> list[Reply]:
    """The twelve weeks behind the board."""
    teams = await board.teams_in_reach(talk.session, talk.person)
    return [texts.trend(await weekly.summary(talk.session, talk.office, teams, talk.now))]


async def figures(talk: Talk, _said: Incoming) -> list[Reply]:
    """/figures: for the improvement board, by team and week."""
    content = await improvement_workbook(talk.session, talk.office, talk.person, talk.now, texts.FIGURE_NAMES)
    name = f"driftless-figures-{talk.office.today(talk.now)}.xlsx"
    return [Document(name, base64.b64encode(content).decode(), "Figures by team: now, by week, and drift.")]


async def what_my_manager_sees(talk: Talk, _said: Incoming) -> list[Reply]:
    """/whatmymanagersees: one's own line of the team's board, from the same code."""
    found = await board.board_of_worker(talk.session, talk.office, talk.person, talk.now)
    page = ((Button("The page for my supervision", f"pack:{talk.person_id}"),),)
    own = reach(talk.person.role, "board") == "own"
    return [Say(texts.what_my_manager_sees(found, found.today), page if own else ())]
