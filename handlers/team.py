"""What managers type about their team, and what a worker types to see the same."""

from bot.conversations.engine import Talk
from bot.services import board
from bot.services.auditing import note
from bot.texts import board as texts
from bot.texts.reply import Reply, Say
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


async def what_my_manager_sees(talk: Talk, _said: Incoming) -> list[Reply]:
    """/whatmymanagersees: one's own line of the team's board, from the same code."""
    found = await board.board_of_worker(talk.session, talk.office, talk.person, talk.now)
    return [Say(texts.what_my_manager_sees(found, found.today))]
