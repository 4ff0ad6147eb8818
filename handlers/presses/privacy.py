"""Buttons of /privacy."""

from bot.conversations.engine import Talk
from bot.rules.errors import Stale
from bot.texts import privacy as texts
from bot.texts.reply import Edit, Reply
from handlers import privacy
from handlers.presses.parsing import Press, id_of
from handlers.responding import Incoming

_NOTHING_SAID = Incoming(account=0, first_name="", text="", args="", pressed=True, private=True)


async def _right(talk: Talk, rest: list[str]) -> list[Reply]:
    match rest[0]:
        case "data":
            return await privacy.export(talk, _NOTHING_SAID)
        case "delete":
            return await privacy.delete_me(talk, _NOTHING_SAID)
        case "short":
            return [Edit(texts.short(talk.office.notice), texts.short_buttons())]
        case "notice":
            return await privacy.notice(talk, id_of(rest[1]))
    raise Stale("That button is from an older version. /privacy shows it anew.")


VERBS: dict[str, Press] = {"prv": _right}
"""Each needs a private chat."""
