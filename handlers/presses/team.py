"""Buttons of the team's board."""

from collections.abc import Awaitable, Callable

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.access import require
from bot.services import casework
from bot.texts.reply import Reply
from handlers import packs, rosters, team, web
from handlers.presses.parsing import Press, id_of
from handlers.responding import Incoming, TalkAct


async def _action_on_case(talk: Talk, rest: list[str]) -> list[Reply]:
    require(talk.person.role, "actions-given")
    case = await casework.case_within_reach(talk.session, talk.person, id_of(rest[0]))
    return await FLOWS.start(talk, "action", typed={"to": case.reference})


def _on_id(act: Callable[[Talk, int], Awaitable[list[Reply]]]) -> Press:
    """About the worker (or the session) whose id the button carries."""

    async def press(talk: Talk, rest: list[str]) -> list[Reply]:
        return await act(talk, id_of(rest[0]))

    return press


def _as_typed(act: TalkAct) -> Press:
    """The same as the bare command."""

    async def press(talk: Talk, _rest: list[str]) -> list[Reply]:
        return list(await act(talk, _NOTHING_SAID))

    return press


_NOTHING_SAID = Incoming(account=0, first_name="", text="", args="", pressed=True, private=True)


async def _roster_right(talk: Talk, rest: list[str]) -> list[Reply]:
    return await rosters.confirm(talk, id_of(rest[0]), rest[1])


VERBS: dict[str, Press] = {
    "ros": _on_id(rosters.of_team),
    "rosok": _roster_right,
    "rosbye": _as_typed(rosters.leaver),
    "actc": _action_on_case,
    "team": _as_typed(team.team),
    "trend": _as_typed(team.trend),
    "figures": _as_typed(team.figures),
    "pack": _on_id(packs.pressed),
    "seshld": _on_id(packs.held),
    "sesok": _on_id(packs.held_as_planned),
    "sespln": _on_id(packs.plan),
    "actw": _on_id(packs.action_for),
    "bdoff": web.sign_out,
    "calnew": web.new_calendar,
    "caloff": web.calendar_off,
}
