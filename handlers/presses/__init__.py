"""What members press: a verb and ids; each is checked for whose it is and whether it still holds."""

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.access import require_for_button
from bot.rules.errors import NotAllowed, Stale
from bot.texts.joining import PRIVATE_ONLY
from bot.texts.reply import Reply
from handlers.presses import (
    actions,
    announcements,
    casework,
    clocks,
    guarding,
    guidance,
    privacy,
    reminders,
    team,
)
from handlers.presses.parsing import Parts, Press, id_of
from handlers.responding import Incoming

VERBS: dict[str, Press] = {
    **guidance.VERBS,
    **casework.VERBS,
    **clocks.VERBS,
    **reminders.VERBS,
    **actions.VERBS,
    **announcements.VERBS,
    **team.VERBS,
    **guarding.VERBS,
    **privacy.VERBS,
}


async def press(talk: Talk, said: Incoming) -> list[Reply]:
    """Routes a press by its verb; raises Stale for one that no version of ours has made."""
    verb, *rest = said.text.split(":")
    if verb == "d" and len(rest) >= 2:
        return await FLOWS.pressed(talk, id_of(rest[0]), ":".join(rest[1:]))
    require_for_button(talk.person.role, verb)
    if verb in privacy.VERBS and not said.private:
        raise NotAllowed(PRIVATE_ONLY)
    handler = VERBS.get(verb)
    if handler is None or not (rest or verb in ("cases", "topics", "help")):
        raise Stale("That button is from an older version. /help shows what I can do.")
    return await handler(talk, Parts(rest))
