"""Buttons of the team's board."""

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.access import require
from bot.services import casework
from bot.texts.reply import Reply
from handlers.presses.parsing import Press, id_of


async def _action_on_case(talk: Talk, rest: list[str]) -> list[Reply]:
    require(talk.person.role, "actions-given")
    case = await casework.case_within_reach(talk.session, talk.person, id_of(rest[0]))
    return await FLOWS.start(talk, "action", typed={"to": case.reference})


VERBS: dict[str, Press] = {"actc": _action_on_case}
