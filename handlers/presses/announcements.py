"""Buttons about announcements: the reader's, then the sender's."""

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.errors import Stale
from bot.services import broadcasting, progress
from bot.texts import broadcasts as texts
from bot.texts.reply import Edit, Reply, Say, Toast
from handlers.presses.parsing import Press, id_of
from storage import people


async def _read(talk: Talk, rest: list[str]) -> list[Reply]:
    if len(rest) < 2:
        raise Stale("That button can't be read. Start again, please.")
    broadcast, recipient = await broadcasting.received(talk.session, talk.person, id_of(rest[0]))
    if recipient.acknowledged_at is not None:
        return [Toast("Thank you: noted already")]
    await broadcasting.acknowledge(talk.session, talk.person, id_of(rest[0]), id_of(rest[1]), talk.now)
    sender = await people.person_by_id(talk.session, broadcast.sender_id)
    return [Toast("Thank you"), Edit(texts.read_it(broadcast, sender.name if sender is not None else ""))]


async def _preview(_talk: Talk, _rest: list[str]) -> list[Reply]:
    return [Toast("This is the preview: the button works once it is sent.")]


async def _show(talk: Talk, rest: list[str]) -> list[Reply]:
    broadcast = await broadcasting.own_broadcast(talk.session, talk.person, id_of(rest[0]))
    found = await progress.progress_of(talk.session, broadcast)
    return [Say(texts.progress(found, talk.office.zone), texts.progress_buttons(found))]


async def _nudge(talk: Talk, rest: list[str]) -> list[Reply]:
    count = await broadcasting.nudge(talk.session, talk.office, talk.person, id_of(rest[0]), talk.now)
    return [Say(texts.nudged(count))]


async def _edit(talk: Talk, rest: list[str]) -> list[Reply]:
    broadcast = await broadcasting.own_broadcast(talk.session, talk.person, id_of(rest[0]))
    broadcasting.require_standing(broadcast)
    return await FLOWS.start(talk, "announce-change", {"broadcast": broadcast.id, "before": broadcast.text})


async def _withdraw(talk: Talk, rest: list[str]) -> list[Reply]:
    broadcast = await broadcasting.own_broadcast(talk.session, talk.person, id_of(rest[0]))
    broadcasting.require_standing(broadcast)
    return await FLOWS.start(talk, "announce-withdraw", {"broadcast": broadcast.id})


VERBS: dict[str, Press] = {
    "bread": _read,
    "bpre": _preview,
    "bshow": _show,
    "bnudge": _nudge,
    "bedit": _edit,
    "bdraw": _withdraw,
}
