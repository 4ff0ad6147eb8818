"""What managers type to set actions and to announce; and a worker's list of actions."""

from collections.abc import Mapping

from bot.conversations.actions import action_in_one
from bot.conversations.announcing import announcement_in_one
from bot.conversations.engine import Onward, Talk
from bot.conversations.registry import FLOWS
from bot.rules.access import reach, require
from bot.services import progress, supervision
from bot.texts import broadcasts as announcement_texts
from bot.texts import supervision as texts
from bot.texts.reply import Reply, Say
from handlers.responding import Incoming
from storage import broadcasts


async def action(talk: Talk, said: Incoming) -> list[Reply]:
    """/action: guided when bare, or all at once with to:, do:, why:, measure: and by: lines."""
    if not said.args:
        return await FLOWS.start(talk, "action")
    ended = await action_in_one(talk, said.args)
    if isinstance(ended, Onward):
        return await FLOWS.start(talk, ended.flow, ended.draft)
    return ended


async def actions(talk: Talk, _said: Incoming) -> list[Reply]:
    """/actions: what I set, and what was set for me."""
    day = talk.office.today(talk.now)
    received = await supervision.shares_received(talk.session, talk.person)
    if reach(talk.person.role, "actions-given") == "none":
        return [Say(texts.received(received, day), texts.received_buttons(received))]
    given = await supervision.shares_given(talk.session, talk.person)
    replies: list[Reply] = [Say(texts.given(given, day), texts.given_buttons(given))]
    if received:
        replies.append(Say(texts.received(received, day), texts.received_buttons(received)))
    return replies


async def announce(talk: Talk, said: Incoming) -> list[Reply]:
    """/announce: guided when bare, or in one message with to:, class: and text: lines; then a preview."""
    require(talk.person.role, "actions-given")
    typed: Mapping[str, str] | None = announcement_in_one(talk, said.args) if said.args else None
    return await FLOWS.start(talk, "announce", typed=typed)


async def announcements(talk: Talk, _said: Incoming) -> list[Reply]:
    """/announcements: the latest, with how they fare."""
    require(talk.person.role, "actions-given")
    found = await broadcasts.latest_of(talk.session, talk.person_id)
    shown = [await progress.progress_of(talk.session, one) for one in found]
    return [Say(*announcement_texts.latest(shown, talk.office.zone))]
