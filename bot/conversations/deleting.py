"""The flow in which somebody deletes their own account: one question, good for ten minutes."""

from datetime import timedelta

from bot.conversations.engine import Draft, Flow, Step, Talk
from bot.rules.errors import Refusal
from bot.services import deleting
from bot.texts import deleting as texts
from bot.texts.reply import Edit, MenuFor, Reply, Say

_YES, _NO = "yes", "no"
NOBODYS_MENU = "stranger"


async def _ask(talk: Talk, _draft: Draft) -> Say:
    found = await deleting.standing(talk.session, talk.person)
    text = texts.sure(found, talk.office.notice)
    return Say(text, ((talk.choice(texts.DELETE, _YES), talk.choice(texts.KEEP, _NO)),))


async def _take(_talk: Talk, _draft: Draft, given: str) -> bool:
    said = given.strip().casefold()
    if said in (_YES, texts.DELETE.casefold()):
        return True
    if said in (_NO, texts.KEEP.casefold()):
        return False
    raise Refusal(texts.NOT_READ)


async def _end(talk: Talk, draft: Draft) -> list[Reply]:
    if not draft["sure"]:
        return [Edit(texts.KEPT)]
    done = await deleting.delete_me(talk.session, talk.office, talk.person, talk.now)
    return [MenuFor(NOBODYS_MENU), Edit(texts.gone(done, talk.office.notice))]


DELETE_ME = Flow("deleteme", (Step("sure", _ask, _take),), _end, lasts=timedelta(minutes=10))
