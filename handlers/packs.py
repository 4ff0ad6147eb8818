"""The supervision page and its sessions."""

import base64

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.access import manages, require, require_manager
from bot.services import packs, supervision_sessions
from bot.services.auditing import note
from bot.texts import packs as texts
from bot.texts.board import SIGNS_NOT_VERDICTS
from bot.texts.reply import Document, Reply, Say
from handlers.responding import Incoming
from storage.tables import Person


async def pack(talk: Talk, said: Incoming) -> list[Reply]:
    """/pack WORKER; a worker's is their own."""
    if said.args:
        return await _shown(talk, await packs.worker_named(talk.session, talk.person, said.args))
    workers = await packs.workers_in_reach(talk.session, talk.person)
    if not manages(talk.person.role, "board"):
        return await _shown(talk, workers[0])
    return [Say(*texts.choose(workers))]


async def pressed(talk: Talk, worker_id: int) -> list[Reply]:
    """The page of a worker chosen by button."""
    return await _shown(talk, await packs.worker_within_reach(talk.session, talk.person, worker_id))


async def _shown(talk: Talk, worker: Person) -> list[Reply]:
    from bot.papers import paper  # noqa: PLC0415 -- its fonts and libraries are slow to load

    found = await packs.pack(talk.session, talk.office, worker, talk.now)
    today, zone = talk.office.today(talk.now), talk.office.zone
    await note(talk.session, talk.person_id, "took supervision page", f"person {worker.id}", talk.now)
    content = paper(
        texts.title(found, today), texts.sections(found, today, zone), SIGNS_NOT_VERDICTS, talk.now
    )
    manager = manages(talk.person.role, "board")
    return [
        Document(
            f"supervision-{today}.pdf", base64.b64encode(content).decode(), "The page to print or file."
        ),
        Say(texts.pack_text(found, today, zone), texts.pack_buttons(worker, manager=manager)),
    ]


async def held(talk: Talk, worker_id: int) -> list[Reply]:
    """Asks when the session was held, and records it."""
    require_manager(talk.person.role, "board")
    worker = await packs.worker_within_reach(talk.session, talk.person, worker_id)
    return await FLOWS.start(talk, "session-held", {"worker": worker.id})


async def held_as_planned(talk: Talk, session_id: int) -> list[Reply]:
    """Records in one tap that a session was held on the day it was planned for."""
    planned, worker = await supervision_sessions.standing(talk.session, talk.person, session_id)
    held, actions, following = await supervision_sessions.hold_session(
        talk.session, talk.office, talk.person, worker, planned.planned_on, talk.now
    )
    return [Say(*texts.held(held, worker, actions, following))]


async def plan(talk: Talk, worker_id: int) -> list[Reply]:
    """Asks when the next session is, and how often from then on."""
    require_manager(talk.person.role, "board")
    worker = await packs.worker_within_reach(talk.session, talk.person, worker_id)
    return await FLOWS.start(talk, "session-plan", {"worker": worker.id})


async def action_for(talk: Talk, worker_id: int) -> list[Reply]:
    """Begins an action for this worker."""
    require(talk.person.role, "actions-given")
    worker = await packs.worker_within_reach(talk.session, talk.person, worker_id)
    return await FLOWS.start(talk, "action", typed={"to": worker.name})
