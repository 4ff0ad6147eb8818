"""How a clock ends or moves by hand: done, snoozed, extended, not needed; the law's with a manager's yes."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import manages, require
from bot.rules.dates import show_date
from bot.rules.errors import NotFound, Refusal, Stale
from bot.rules.events import EVENTS, EventKind
from bot.rules.supervision import check_words
from bot.services import clocks
from bot.services.auditing import note
from bot.services.casework import case_within_reach
from bot.services.happenings import Recorded, check_happened, record_event
from bot.services.hours import times_of
from bot.services.office import Office
from bot.services.recalling import recall, recall_lists_of
from storage import cases, hearing, outbox, people, requests
from storage.ladders import last_day
from storage.tables import Case, ClockRequest, Deadline, Person


def satisfying_event(office: Office, deadline: Deadline) -> EventKind | None:
    """The event that meets this clock, or None where only a person can say that it is done."""
    row = office.library.book.find(deadline.timescale_id)
    return next((EVENTS[name] for name in (row.ended_by if row else ()) if name in EVENTS), None)


async def mark_done(
    session: AsyncSession, office: Office, person: Person, deadline: Deadline, day: date, now: datetime
) -> Recorded | None:
    """A clock is done: records the event that satisfies it, or closes it by hand where no event does."""
    case = await case_within_reach(session, person, deadline.case_id)
    check_happened(day, office.today(now), None, now)
    kind = satisfying_event(office, deadline)
    if kind is not None:
        if day < await _start_day(session, deadline):
            raise Refusal(f"{show_date(day)} is before that clock began. When was it done?")
        return await record_event(session, office, person, case, kind, day, now)
    await _close_by_hand(session, office, deadline, "done", day, now)
    await note(session, person.id, "done", f"deadline {deadline.id}", now)
    return None


async def _close_by_hand(
    session: AsyncSession, office: Office, deadline: Deadline, state: str, day: date, now: datetime
) -> None:
    assert deadline.id is not None
    deadline.state, deadline.closed_on = state, day
    await outbox.cancel(session, "clock", deadline.id, state, now)
    await recall(session, office, "clock", [deadline.id], now)
    case = await cases.case_by_id(session, deadline.case_id)
    assert case is not None
    await recall_lists_of(session, office, [(case, last_day(deadline))], now)


async def _start_day(session: AsyncSession, deadline: Deadline) -> date:
    event = await cases.event_by_id(session, deadline.start_event_id)
    return event.happened_on if event is not None else date.min


async def snooze_until(
    session: AsyncSession, office: Office, person: Person, deadline: Deadline, wanted: datetime, now: datetime
) -> datetime:
    """When the person may next be reminded, from the wanted moment on; Refusal for one that has passed."""
    if wanted <= now:
        raise Refusal("That moment has passed. When should I remind you?")
    if deadline.due_at is not None:
        return wanted
    own = (await times_of(session, office, [person.id]))[person.id or 0]
    return own.next_hearing(wanted, office.speaking, office.zone)


def snooze_needs_reason(office: Office, deadline: Deadline) -> bool:
    """Whether it was put off so often already that a reason is asked for."""
    return deadline.snoozes >= office.library.ladder.snoozes_without_reason


async def snooze(
    session: AsyncSession,
    person: Person,
    deadline: Deadline,
    until: datetime,
    now: datetime,
    reason: str = "",
) -> None:
    """One reminder at `until` in place of those before it; the statutory date never moves."""
    assert deadline.id is not None
    assert person.id is not None
    deadline.snoozed_until, deadline.snoozes = until, deadline.snoozes + 1
    deadline.snooze_reason = check_words(reason) or deadline.snooze_reason
    if deadline.due_at is None:
        await hearing.hush(session, person.id, deadline.id, until, now)
    key = f"clock:{deadline.id}:{person.id}:snooze:{until.timestamp():.0f}"
    await outbox.plan(
        session, person_id=person.id, kind="clock", subject_id=deadline.id, key=key, not_before=until
    )
    await note(session, person.id, "snoozed", f"deadline {deadline.id}", now)


@dataclass(frozen=True)
class Changed:
    """What came of asking: changed at once, or a request that waits for a manager."""

    view: clocks.ClockView
    waits: bool


def needs_agreement(office: Office, deadline: Deadline) -> bool:
    """True where the number is a national one, not the council's own."""
    row = office.library.book.find(deadline.timescale_id)
    return row is not None and bool(row.limits) and row.id not in office.library.local


async def change_clock(
    session: AsyncSession,
    office: Office,
    person: Person,
    deadline: Deadline,
    kind: str,
    reason: str,
    until: date | None,
    now: datetime,
) -> Changed:
    """Extends a clock (kind extend, until a later day) or marks it not needed, for a reason.

    A national clock waits for a manager's agreement, unless a manager asks. The original date stays
    on the clock for ever. Raises Refusal for an empty reason or a day that is no later.
    """
    words = check_words(reason)
    if len(words) < 5:
        raise Refusal("Say why in a few words, please: it is kept with the clock.")
    if kind == "extend" and (until is None or until <= last_day(deadline)):
        raise Refusal(f"That is no later than {show_date(last_day(deadline))}.")
    view = await clocks.view(session, office, deadline)
    waits = needs_agreement(office, deadline) and not manages(person.role, "decisions")
    if not waits:
        await _apply(session, office, view, kind, words, until, person, now)
        await note(session, person.id, kind, f"deadline {deadline.id}", now)
        return Changed(view, waits=False)
    assert deadline.id is not None
    assert person.id is not None
    request = ClockRequest(
        deadline_id=deadline.id,
        asked_by=person.id,
        kind=kind,
        until=until,
        reason=words,
        created_at=now,
    )
    session.add(request)
    await session.flush()
    await _ask_managers(session, view.case, request, now)
    await note(session, person.id, f"asked {kind}", f"deadline {deadline.id}", now)
    return Changed(view, waits=True)


async def _ask_managers(session: AsyncSession, case: Case, request: ClockRequest, now: datetime) -> None:
    managers = await people.people_of_team(session, case.team_id, "manager")
    if not managers:
        raise Refusal("No manager of your team has joined yet, and this needs a manager's yes.")
    assert request.id is not None
    for manager in managers:
        assert manager.id is not None
        await outbox.plan(
            session,
            person_id=manager.id,
            kind="request",
            subject_id=request.id,
            key=f"request:{request.id}:{manager.id}",
            not_before=now,
        )


async def _apply(
    session: AsyncSession,
    office: Office,
    view: clocks.ClockView,
    kind: str,
    reason: str,
    until: date | None,
    agreed_by: Person,
    now: datetime,
) -> None:
    deadline = view.deadline
    deadline.reason = reason
    if kind == "not-needed":
        await _close_by_hand(session, office, deadline, "not-needed", office.today(now), now)
        return
    assert deadline.id is not None
    before = last_day(deadline)
    deadline.extended_to, deadline.extended_by = until, agreed_by.id
    await outbox.cancel(session, "clock", deadline.id, "extended", now)
    await clocks.plan_reminders(session, office, deadline, view.case, now)
    await recall_lists_of(session, office, [(view.case, before)], now)


async def decide(
    session: AsyncSession, office: Office, manager: Person, request_id: int, *, agreed: bool, now: datetime
) -> tuple[ClockRequest, clocks.ClockView]:
    """A manager agrees or declines; whoever holds the case is told. Raises Stale once it is decided."""
    require(manager.role, "decisions")
    request = await requests.request_by_id(session, request_id)
    if request is None:
        raise NotFound("That request isn't there any more.")
    deadline = await cases.deadline_by_id(session, request.deadline_id)
    if deadline is None:
        raise NotFound("That clock isn't there any more.")
    case = await case_within_reach(session, manager, deadline.case_id)
    if request.state != "asked":
        raise Stale(f"That was {request.state} already.")
    request.state = "agreed" if agreed else "declined"
    request.decided_by, request.decided_at = manager.id, now
    view = await clocks.view(session, office, deadline, case)
    if agreed and deadline.state == "open":
        await _apply(session, office, view, request.kind, request.reason, request.until, manager, now)
    assert request.id is not None
    await outbox.plan(
        session,
        person_id=case.worker_id or request.asked_by,
        kind="decision",
        subject_id=request.id,
        key=f"decision:{request.id}",
        not_before=now,
    )
    await note(session, manager.id, request.state, f"request {request.id}", now)
    return request, view
