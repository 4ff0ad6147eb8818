"""Buttons about actions: the worker's, then the manager's."""

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.errors import Stale
from bot.rules.supervision import state_after
from bot.services import action_changes, supervision
from bot.services.shares import ShareView
from bot.texts import action_cards as cards
from bot.texts import broadcasts as announcement_texts
from bot.texts import supervision as texts
from bot.texts.reply import Edit, Reply, Say, Toast
from handlers.presses.parsing import Press, id_of
from storage import actions, broadcasts


async def _open(talk: Talk, rest: list[str]) -> list[Reply]:
    view, own = await action_changes.seen_share(talk.session, talk.person, id_of(rest[0]))
    if own:
        return [Say(cards.card(view), cards.card_buttons(view))]
    shares = await actions.shares_of_action(talk.session, view.action.id or 0)
    sharers = sum(share.state in actions.OPEN for share in shares)
    today = talk.office.today(talk.now)
    return [Say(cards.manager_card(view, today), cards.manager_buttons(view, sharers))]


async def _acknowledge(talk: Talk, rest: list[str]) -> list[Reply]:
    before = await supervision.own_share(talk.session, talk.person, id_of(rest[0]))
    if before.share.state == "acknowledged":
        return [Toast("Acknowledged already")]
    view = await supervision.acknowledge(talk.session, talk.person, id_of(rest[0]), talk.now)
    text = await _acknowledged(talk, view)
    return [Toast("Acknowledged"), Edit(text, cards.card_buttons(view))]


async def _acknowledged(talk: Talk, view: ShareView) -> str:
    """The pressed card, acknowledged: an announcement keeps its own look."""
    broadcast = (
        await broadcasts.broadcast_by_id(talk.session, view.action.broadcast_id)
        if view.action.broadcast_id is not None
        else None
    )
    if broadcast is None:
        return cards.acknowledged(view)
    return announcement_texts.acknowledged(broadcast, view.manager.name)


def _worker_flow(flow: str, act: str) -> Press:
    async def start(talk: Talk, rest: list[str]) -> list[Reply]:
        view = await supervision.own_share(talk.session, talk.person, id_of(rest[0]))
        if act:
            state_after(view.share.state, act)
        return await FLOWS.start(talk, flow, {"share": view.share.id})

    return start


def _manager_flow(flow: str, act: str = "") -> Press:
    async def start(talk: Talk, rest: list[str]) -> list[Reply]:
        view = await action_changes.managed_share(talk.session, talk.person, id_of(rest[0]))
        if act:
            state_after(view.share.state, act)
        elif view.share.state not in actions.OPEN:
            raise Stale("Nobody has it open any more.")
        return await FLOWS.start(talk, flow, {"share": view.share.id})

    return start


async def _close(talk: Talk, rest: list[str]) -> list[Reply]:
    view = await action_changes.close(talk.session, talk.person, id_of(rest[0]), talk.now)
    return [Toast("Closed"), Edit(cards.manager_card(view, talk.office.today(talk.now)))]


async def _answer(talk: Talk, rest: list[str]) -> list[Reply]:
    found = await action_changes.asked(talk.session, id_of(rest[0]))
    if found is None:
        raise Stale("That question isn't there any more.")
    change, view = found
    await action_changes.managed_share(talk.session, talk.person, view.share.id or 0)
    return await FLOWS.start(talk, "action-answer", {"change": change.id})


async def _history(talk: Talk, rest: list[str]) -> list[Reply]:
    view, changes = await action_changes.history(talk.session, talk.person, id_of(rest[0]))
    return [Say(texts.history(view, changes, talk.office.zone))]


VERBS: dict[str, Press] = {
    "act": _open,
    "ack": _acknowledge,
    "adone": _worker_flow("action-done", "done"),
    "aask": _worker_flow("action-ask", ""),
    "aclose": _close,
    "aret": _manager_flow("action-return", "return"),
    "aans": _answer,
    "adate": _manager_flow("action-redate"),
    "areas": _manager_flow("action-reassign"),
    "asplit": _manager_flow("action-split"),
    "acan": _manager_flow("action-cancel", "cancel"),
    "ahis": _history,
}
