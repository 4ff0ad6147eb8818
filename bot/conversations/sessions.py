"""Flows about supervision sessions: that one was held, and when the next one is."""

from bot.conversations.engine import Draft, Flow, Step, Talk
from bot.conversations.steps import by_when, kept_day, which_day
from bot.rules.errors import Refusal
from bot.services import packs, supervision_sessions
from bot.services.supervision_sessions import EVERY
from bot.texts import packs as texts
from bot.texts.html import bold
from bot.texts.reply import Reply, Say, rows
from storage.tables import Person


async def _worker(talk: Talk, draft: Draft) -> Person:
    return await packs.worker_within_reach(talk.session, talk.person, int(draft["worker"]))


async def _held(talk: Talk, draft: Draft) -> list[Reply]:
    worker = await _worker(talk, draft)
    day, _ = kept_day(str(draft["day"]))
    held, actions, following = await supervision_sessions.hold_session(
        talk.session, talk.office, talk.person, worker, day, talk.now
    )
    return [Say(*texts.held(held, worker, actions, following))]


SESSION_HELD = Flow("session-held", (which_day("When was it held?"),), _held)


async def _ask_every(talk: Talk, _draft: Draft) -> Say:
    buttons = [talk.choice(words.capitalize(), every or "once") for every, words in EVERY.items()]
    return Say(bold("How often from then on?"), rows(*buttons, wide=2))


async def _take_every(_talk: Talk, _draft: Draft, given: str) -> str:
    typed = given.strip().lower()
    known = {"once": "", **{every: every for every in EVERY if every}}
    known |= {words: every for every, words in EVERY.items()}
    if typed not in known:
        raise Refusal("Tap one: monthly, every 4 weeks, every 2 weeks, weekly or once.")
    return known[typed]


async def _plan(talk: Talk, draft: Draft) -> list[Reply]:
    worker = await _worker(talk, draft)
    day, _ = kept_day(str(draft["when"]))
    planned = await supervision_sessions.plan_session(
        talk.session, talk.office, talk.person, worker, day, str(draft["every"]), talk.now
    )
    return [Say(texts.planned(planned, worker))]


SESSION_PLAN = Flow(
    "session-plan", (by_when("when", "When is it?"), Step("every", _ask_every, _take_every)), _plan
)
