"""/roster, /leaver and /code: who has access, and an administrator's right to change it."""

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.access import require_manager
from bot.services import proving, rosters
from bot.texts import rosters as texts
from bot.texts.html import esc
from bot.texts.reply import Edit, Reply, Say
from handlers.responding import Incoming


async def leaver(talk: Talk, said: Incoming) -> list[Reply]:
    """/leaver NAME: ends somebody's access, once it is said who takes over and that one is sure."""
    require_manager(talk.person.role, "people")
    await proving.require_fresh(talk.session, talk.person, talk.now)
    return await FLOWS.start(talk, "leaver", typed={"who": said.args} if said.args else {})


async def roster(talk: Talk, _said: Incoming) -> list[Reply]:
    """/roster: who has access through the team; several teams to choose from."""
    await proving.require_fresh(talk.session, talk.person, talk.now)
    found = await rosters.rosters(talk.session, talk.person)
    return [Say(*(texts.roster(found[0]) if len(found) == 1 else texts.choose(found)))]


async def of_team(talk: Talk, team_id: int) -> list[Reply]:
    """One of several teams' rosters."""
    await proving.require_fresh(talk.session, talk.person, talk.now)
    return [Edit(*texts.roster(await rosters.roster_of(talk.session, talk.person, team_id)))]


async def confirm(talk: Talk, team_id: int, mark: str) -> list[Reply]:
    """ "All right" under a roster."""
    await proving.require_fresh(talk.session, talk.person, talk.now)
    found = await rosters.confirm(talk.session, talk.person, team_id, mark, talk.now)
    return [Edit(texts.confirmed(found))]


async def code(talk: Talk, said: Incoming) -> list[Reply]:
    """/code CODE: an administrator's one-time code from the server."""
    wrong = await proving.prove(talk.session, talk.person, said.args, talk.now)
    hours = int(proving.LASTS.total_seconds() // 3600)
    return [
        Say(esc(wrong or f"Thank you. /leaver and /roster are open until {hours} hours pass without use."))
    ]
