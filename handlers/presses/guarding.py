"""Buttons under the words that a message was deleted."""

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.services import casework
from bot.texts.guarding import WHY
from bot.texts.html import esc
from bot.texts.reply import Reply, Say
from handlers.presses.parsing import Press


async def _visit(talk: Talk, _rest: list[str]) -> list[Reply]:
    casework.scope_of(talk.person)
    return await FLOWS.start(talk, "visit")


async def _why(_talk: Talk, _rest: list[str]) -> list[Reply]:
    return [Say(esc(WHY))]


VERBS: dict[str, Press] = {"gvisit": _visit, "gwhy": _why}
