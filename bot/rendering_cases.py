"""What outgoing messages about cases say: requests, handovers, visits, changed events."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rendering_actions import Words
from bot.services import casework, clocks, drift
from bot.services.office import Office
from bot.texts import caseload as caseload_texts
from bot.texts import happenings as event_texts
from bot.texts.reply import Say
from storage import cases, people, requests, visits
from storage.tables import OutgoingMessage, Person

HANDOVER_DAYS = 10
"""How many working days a handover card looks ahead."""


async def _request(
    session: AsyncSession, office: Office, _person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    asked = await requests.request_by_id(session, message.subject_id)
    deadline = await cases.deadline_by_id(session, asked.deadline_id) if asked is not None else None
    if asked is None or deadline is None:
        return None
    view = await clocks.view(session, office, deadline)
    if message.kind == "decision":
        return Say(caseload_texts.decision(asked, view))
    worker = await people.person_by_id(session, asked.asked_by)
    if asked.state != "asked" or worker is None:
        return None
    return Say(
        caseload_texts.request(asked, view, worker), caseload_texts.request_buttons(message.subject_id)
    )


async def _handover(
    session: AsyncSession, office: Office, person: Person, message: OutgoingMessage, now: datetime
) -> Say | None:
    case = await cases.case_by_id(session, message.subject_id)
    if case is None or case.worker_id != person.id:
        return None
    today = office.today(now)
    page = await casework.case_page(session, office, person, case, today)
    horizon = office.speaking.forward(today, HANDOVER_DAYS)
    soon = [view for view in page.open_clocks if view.effective <= horizon]
    signs = [sign.words for sign in await drift.signs_of(session, office, case, now)]
    text = caseload_texts.handover_card(page, today, office.zone, soon, signs)
    return Say(text, caseload_texts.handover_buttons(case, page))


async def _visit_check(
    session: AsyncSession, _office: Office, person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    planned = await visits.planned_by_id(session, message.subject_id)
    case = await cases.case_by_id(session, planned.case_id) if planned is not None else None
    if planned is None or case is None or planned.state != "planned" or case.worker_id != person.id:
        return None
    return Say(*event_texts.visit_check(case, planned))


async def _event_changed(
    session: AsyncSession, _office: Office, person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    event = await cases.event_by_id(session, message.subject_id)
    case = await cases.case_by_id(session, event.case_id) if event is not None else None
    if event is None or case is None or case.worker_id != person.id:
        return None
    return Say(*event_texts.event_changed(case, event))


ABOUT_CASES: dict[str, Words] = {
    "request": _request,
    "decision": _request,
    "handover": _handover,
    "visit-check": _visit_check,
    "event-changed": _event_changed,
}
