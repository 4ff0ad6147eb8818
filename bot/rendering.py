"""What an outgoing message says, made from the state at the moment of sending."""

from collections.abc import Callable, Coroutine
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.dates import show_date
from bot.rules.figures import Figures
from bot.services import (
    agenda,
    board,
    casework,
    clocks,
    drift,
    packs,
    practice,
    reaching,
    supervision,
    weekly,
)
from bot.services.office import Office
from bot.texts import board as board_texts
from bot.texts import caseload as caseload_texts
from bot.texts import clocks as clock_texts
from bot.texts import delivering as delivery_texts
from bot.texts import happenings as event_texts
from bot.texts import packs as pack_texts
from bot.texts import practice as practice_texts
from bot.texts import supervision as action_texts
from bot.texts.reply import Say
from storage import actions, cases, people, requests, sessions, visits
from storage.tables import OutgoingMessage, Person

PUSH_HOLDS_FOR = timedelta(hours=3)
"""After so long a reminder counted in days is left to the digest."""
HANDOVER_DAYS = 10
"""How many working days a handover card looks ahead."""


async def render(
    session: AsyncSession, office: Office, person: Person | None, message: OutgoingMessage, now: datetime
) -> Say | None:
    """The message's words now; None where there is nothing left to say."""
    if person is None:
        return None
    make = _RENDERERS.get(message.kind, _action)
    return await make(session, office, person, message, now)


async def _practice(
    session: AsyncSession, office: Office, person: Person, _message: OutgoingMessage, now: datetime
) -> Say | None:
    view = await practice.practice_view(session, office, person, now)
    return Say(practice_texts.practice(view), practice_texts.practice_buttons(view))


async def _clock(
    session: AsyncSession, office: Office, _person: Person, message: OutgoingMessage, now: datetime
) -> Say | None:
    deadline = await cases.deadline_by_id(session, message.subject_id)
    if deadline is None or deadline.state != "open":
        return None
    if deadline.due_at is None and now - message.not_before > PUSH_HOLDS_FOR:
        return None  # its moment has passed: the digest says it
    view = await clocks.view(session, office, deadline)
    text = clock_texts.clock_card(view, office.today(now), office.zone, office.library)
    return Say(text, clock_texts.clock_buttons(view, office.library))


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
    page = await casework.case_page(session, office, case, today)
    horizon = office.calendar.forward(today, HANDOVER_DAYS)
    soon = [view for view in page.open_clocks if view.effective <= horizon]
    signs = [sign.words for sign in await drift.signs_of(session, office, case, now)]
    text = caseload_texts.handover_card(page, today, office.zone, soon, signs)
    return Say(text, caseload_texts.handover_buttons(case))


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


async def _digest(
    session: AsyncSession, office: Office, person: Person, _message: OutgoingMessage, now: datetime
) -> Say | None:
    found = await agenda.agenda(session, office, person, now)
    if found.empty:
        return None
    text = clock_texts.agenda(found, office.zone, title=show_date(found.today))
    return Say(text, clock_texts.agenda_buttons(found))


async def _session(
    session: AsyncSession, _office: Office, person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    planned = await sessions.session_by_id(session, message.subject_id)
    if planned is None or planned.state != "planned":
        return None
    to_manager = person.id == planned.manager_id
    other = await packs.person_of(session, planned.worker_id if to_manager else planned.manager_id)
    return Say(*pack_texts.reminder(planned, other, to_manager=to_manager)) if other.active else None


async def _weekly(
    session: AsyncSession, office: Office, person: Person, _message: OutgoingMessage, now: datetime
) -> Say | None:
    if not weekly.sees_boards(person):
        return None
    teams = await board.teams_in_reach(session, person)
    found = await weekly.summary(session, office, teams, now)
    return board_texts.weekly(found) if found.board.total != Figures() else None


async def _action(
    session: AsyncSession, office: Office, person: Person, message: OutgoingMessage, now: datetime
) -> Say | None:
    found = await actions.share_by_id(session, message.subject_id)
    if found is None:
        return None
    view = await supervision.share_view(session, *found)
    if view.share.done_at is not None:
        return _told_done(office, view, view.share.done_at) if message.kind == "action-done" else None
    return _open_action(message.kind, view, office.today(now), to_worker=person.id == view.worker.id)


def _told_done(office: Office, view: supervision.ShareView, done_at: datetime) -> Say:
    return Say(action_texts.told_done(view, office.today(done_at), office.today(view.action.created_at)))


def _open_action(kind: str, view: supervision.ShareView, today: date, *, to_worker: bool) -> Say:
    if kind == "action-acknowledged":
        return Say(action_texts.told_acknowledged(view))
    if kind == "action-overdue" and not to_worker:
        return Say(action_texts.overdue_for_manager(view, today))
    text = (
        action_texts.overdue_for_worker(view, today) if kind == "action-overdue" else action_texts.card(view)
    )
    return Say(text, action_texts.card_buttons(view))


async def _unreachable(
    session: AsyncSession, _office: Office, _person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    lost = await people.person_by_id(session, message.subject_id)
    if lost is None or lost.reachable or not lost.active:
        return None
    return Say(delivery_texts.cannot_be_reached(lost))


_Render = Callable[[AsyncSession, Office, Person, OutgoingMessage, datetime], Coroutine[Any, Any, Say | None]]
_RENDERERS: dict[str, _Render] = {
    "clock": _clock,
    "digest": _digest,
    "practice": _practice,
    "request": _request,
    "decision": _request,
    "handover": _handover,
    "visit-check": _visit_check,
    "event-changed": _event_changed,
    reaching.LOST: _unreachable,
    "weekly": _weekly,
    "session": _session,
}
