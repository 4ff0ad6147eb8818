"""/settings and /away."""

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.conversations.reminding import settings_shown
from bot.rules.errors import Refusal
from bot.rules.preferences import parse_days
from bot.services import preferences
from bot.texts import preferences as texts
from bot.texts.reply import Reply, Say
from handlers.responding import Incoming

_FORMS = "/settings digest 08:30, quiet 18:00-08:00, days Mon Tue Wed, or discreet on"


async def settings(talk: Talk, said: Incoming) -> list[Reply]:
    """/settings: all of it with buttons, or one thing in words."""
    what, _, value = said.args.strip().partition(" ")
    match what.lower():
        case "":
            return [await settings_shown(talk)]
        case "digest":
            return await FLOWS.start(talk, "digest-time", typed=_given(minute=value))
        case "quiet":
            return await FLOWS.start(talk, "quiet-hours", typed=_given(quiet=value))
        case "days" if value.strip():
            bits = parse_days(value)
            await preferences.set_times(talk.session, talk.office, talk.person, talk.now, work_days=bits)
            return [await settings_shown(talk)]
        case "discreet" if value.strip().lower() in ("on", "off"):
            talk.person.discreet = value.strip().lower() == "on"
            return [await settings_shown(talk)]
    raise Refusal(f"I can't read that. Type /settings alone, or for instance: {_FORMS}.")


async def away(talk: Talk, said: Incoming) -> list[Reply]:
    """/away until 12 Dec; /away off."""
    if said.args.strip().lower() in ("off", "back", "end"):
        ended = await preferences.end_leave(talk.session, talk.office, talk.person, talk.now)
        return [Say(texts.BACK if ended else texts.NOT_AWAY)]
    return await FLOWS.start(talk, "away", typed=_given(until=said.args))


def _given(**parts: str) -> dict[str, str]:
    return {key: value.strip() for key, value in parts.items() if value.strip()}
