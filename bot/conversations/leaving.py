"""The flow in which a manager ends a leaver's access."""

from bot.conversations.engine import Draft, Flow, Step, Talk
from bot.rules.errors import Refusal
from bot.services import caseload, leaving, proving
from bot.texts import leaving as texts
from bot.texts.html import bold
from bot.texts.reply import Reply, Say, rows
from storage import people
from storage.tables import Person

_MOST_SHOWN = 10
NOBODY = "nobody"


async def _ask_who(talk: Talk, _draft: Draft) -> Say:
    found = await caseload.people_in_reach(talk.session, talk.person, "people")
    others = [person for person in found if person.id != talk.person.id][:_MOST_SHOWN]
    buttons = [talk.choice(person.name, person.name[:24]) for person in others]
    return Say(
        bold("Who has left, or is leaving today?") + " Tap one, or type the name.", rows(*buttons, wide=2)
    )


async def _take_who(talk: Talk, _draft: Draft, given: str) -> int:
    return (await leaving.leaver_in_reach(talk.session, talk.person, given)).id or 0


async def _ask_taker(talk: Talk, draft: Draft) -> Say:
    leaver = await _leaver(talk, draft)
    found = await people.people_of_team(talk.session, leaver.team_id, "worker", "manager")
    buttons = [talk.choice(one.name, one.name[:24]) for one in found if one.id != leaver.id][:_MOST_SHOWN]
    return Say(
        bold(f"Who takes over {leaver.name}'s cases?"),
        (*rows(*buttons, wide=2), (talk.choice("Nobody yet", NOBODY),)),
    )


async def _take_taker(talk: Talk, draft: Draft, given: str) -> int:
    if given.strip().casefold() in (NOBODY, "nobody yet"):
        return 0
    leaver = await _leaver(talk, draft)
    found = await people.person_named(talk.session, given, leaver.team_id)
    if not found or found[0].id == leaver.id:
        raise Refusal("That isn't somebody else of the same team. Choose one, or Nobody yet.")
    return found[0].id or 0


async def _ask_sure(talk: Talk, draft: Draft) -> Say:
    leaver = await _leaver(talk, draft)
    return Say(texts.sure(leaver), ((talk.choice("Yes, end it now", "yes"),),))


async def _take_sure(_talk: Talk, _draft: Draft, given: str) -> bool:
    if given.strip().casefold() not in ("yes", "yes, end it now"):
        raise Refusal("Tap Yes to end the access, or send /cancel to leave everything as it is.")
    return True


async def _leaver(talk: Talk, draft: Draft) -> Person:
    found = await people.person_by_id(talk.session, int(draft["who"]))
    if found is None or not found.active:
        raise Refusal("That access has ended already. /cancel ends this.")
    return found


async def _end(talk: Talk, draft: Draft) -> list[Reply]:
    await proving.require_fresh(talk.session, talk.person, talk.now)
    leaver = await _leaver(talk, draft)
    taker = await people.person_by_id(talk.session, int(draft["taker"])) if draft["taker"] else None
    done = await leaving.leave(talk.session, talk.office, leaver, taker, talk.now, by=talk.person.id)
    return [Say(texts.left(done))]


LEAVER = Flow(
    "leaver",
    (
        Step("who", _ask_who, _take_who),
        Step("taker", _ask_taker, _take_taker),
        Step("sure", _ask_sure, _take_sure),
    ),
    _end,
)
