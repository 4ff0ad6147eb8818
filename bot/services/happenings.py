"""What happens on a case: recorded once, corrected, taken back; each time every clock is derived anew."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.dates import show_date, show_moment
from bot.rules.deadlines import Moment, due_date
from bot.rules.errors import NotFound, Refusal, Stale
from bot.rules.events import EVENTS, EventKind
from bot.rules.prompts import Prompt, prompts_after
from bot.rules.stages import stages
from bot.services import caseload, clocks
from bot.services.auditing import note
from bot.services.casework import case_within_reach
from bot.services.office import Office
from storage import cases, outbox
from storage.tables import Case, CaseEvent, Person

OLDEST_EVENT = timedelta(days=20 * 366)
FARTHEST_AHEAD = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Recorded:
    """An event that is now on the case, with what it did to the clocks."""

    case: Case
    event: CaseEvent
    changes: clocks.Changes
    already: bool = False
    siblings: tuple[Case, ...] = ()
    """Open cases of the same family on which the event isn't recorded."""


def check_happened(day: date, today: date, moment: datetime | None, now: datetime) -> None:
    """Raises Refusal unless the day (and moment) can be one on which something happened."""
    if day > today or (moment is not None and moment > now):
        raise Refusal(f"{show_date(day)} is still to come. When did it happen? (I kept the rest.)")
    if today - day > OLDEST_EVENT:
        raise Refusal(f"{show_date(day)} is more than twenty years ago. Check the year. (I kept the rest.)")


def check_day(kind: EventKind, day: date, today: date, moment: datetime | None, now: datetime) -> None:
    """Raises Refusal unless this kind of event can have this day: a hearing may lie ahead, a visit not."""
    if not kind.ahead:
        check_happened(day, today, moment, now)
    elif abs(day - today) > FARTHEST_AHEAD:
        raise Refusal(f"{show_date(day)} is more than three years away. Check the year. (I kept the rest.)")


async def record_event(
    session: AsyncSession,
    office: Office,
    person: Person | None,
    case: Case,
    kind: EventKind,
    day: date,
    now: datetime,
    *,
    moment: datetime | None = None,
    detail: str = "",
    ends: Moment | None = None,
) -> Recorded:
    """Records that something happened; the same event twice on one day is said to be there already.

    Raises Refusal for a day that this kind of event can't have (check_day).
    """
    assert case.id is not None
    check_day(kind, day, office.today(now), moment, now)
    known = await cases.event_on(session, case.id, kind.id, day)
    if known is not None:
        return Recorded(case, known, clocks.Changes(), already=True)
    event = CaseEvent(
        case_id=case.id,
        kind=kind.id,
        happened_on=day,
        happened_at=moment,
        detail=detail,
        **_kept_end(office, ends),
        recorded_by=person.id if person else None,
        recorded_at=now,
    )
    session.add(event)
    await session.flush()
    changes = await clocks.recompute(session, office, case, now)
    if kind.id == "case-closed":
        case.closed_at = now
    await note(session, person.id if person else None, f"recorded {kind.id}", _subject(event), now)
    return Recorded(case, event, changes, siblings=await _without(session, person, case, event))


def check_end(made: date, last_day: date, ends: Moment) -> None:
    """Raises Refusal where an order would end before it was made."""
    if last_day < made:
        raise Refusal(
            f"{show_moment(ends)} is before the order was made. When does it end? (I kept the rest.)"
        )


def too_long(office: Office, event: CaseEvent) -> str:
    """A warning where the end typed in lies beyond what the law gives; the order speaks all the same."""
    for row in office.library.book.rows:
        ours = row.sealed_end_of == event.kind == row.trigger and row.limit is not None
        if ours and row.limit is not None and event.ends_on is not None:
            longest = due_date(row.limit, event.happened_on, office.calendar, office.zone).last_day
            if event.ends_on > longest:
                return f"{row.source} gives it until {show_date(longest)}: check the sealed order."
    return ""


async def set_end(
    session: AsyncSession, office: Office, person: Person, event_id: int, ends: Moment, now: datetime
) -> Recorded:
    """An order's end as the sealed order says, given later or corrected; every clock is derived anew."""
    event, case = await _event(session, person, event_id)
    if not EVENTS[event.kind].sealed_end:
        raise Refusal("Only a court order has an end of its own.")
    kept = _kept_end(office, ends)
    event.ends_on, event.ends_at = kept["ends_on"], kept.get("ends_at")
    await session.flush()
    changes = await clocks.recompute(session, office, case, now)
    await _tell_worker(session, person, case, event, now)
    await note(session, person.id, f"set end of {event.kind}", _subject(event), now)
    return Recorded(case, event, changes)


def _kept_end(office: Office, ends: Moment | None) -> dict[str, Any]:
    if isinstance(ends, datetime):
        return {"ends_on": office.today(ends), "ends_at": ends}
    return {"ends_on": ends}


async def prompts(session: AsyncSession, office: Office, result: Recorded, today: date) -> list[Prompt]:
    """What to think of now; nothing where the event was there already."""
    if result.already:
        return []
    assert result.case.id is not None
    recorded = await cases.events_of_case(session, result.case.id)
    return prompts_after(
        office.library.prompts.values(),
        result.event.kind,
        stages(map(clocks.happened, recorded)),
        has_family=result.case.family is not None,
        today=today,
    )


def _subject(event: CaseEvent) -> str:
    return f"case {event.case_id} event {event.id}"


async def _without(
    session: AsyncSession, person: Person | None, case: Case, event: CaseEvent
) -> tuple[Case, ...]:
    found = []
    for sibling in await caseload.siblings(session, person, case):
        assert sibling.id is not None
        if await cases.event_on(session, sibling.id, event.kind, event.happened_on) is None:
            found.append(sibling)
    return tuple(found)


async def record_for_family(
    session: AsyncSession, office: Office, person: Person, event_id: int, now: datetime
) -> list[Recorded]:
    """Records the same event on every other open case of the family within reach that lacks it."""
    event, case = await _event(session, person, event_id)
    return [
        await record_event(
            session,
            office,
            person,
            sibling,
            EVENTS[event.kind],
            event.happened_on,
            now,
            moment=event.happened_at,
            detail=event.detail,
            ends=event.ends_at or event.ends_on,
        )
        for sibling in await _without(session, person, case, event)
    ]


async def _event(session: AsyncSession, person: Person, event_id: int) -> tuple[CaseEvent, Case]:
    event = await cases.event_by_id(session, event_id)
    if event is None:
        raise NotFound("That event isn't on the case any more.")
    case = await case_within_reach(session, person, event.case_id)
    if event.voided_at is not None:
        raise Stale("That was changed or taken back already.")
    return event, case


async def event_within_reach(session: AsyncSession, person: Person, event_id: int) -> tuple[CaseEvent, Case]:
    """A standing event with its case, for a button; raises NotFound or Stale."""
    return await _event(session, person, event_id)


async def answer_event(
    session: AsyncSession, office: Office, person: Person, event_id: int, detail: str, now: datetime
) -> Recorded:
    """Adds what an event meant ("section 47 not begun") and recomputes the clocks."""
    event, case = await _event(session, person, event_id)
    event.detail = detail
    await session.flush()
    changes = await clocks.recompute(session, office, case, now)
    await note(session, person.id, f"answered {detail}", _subject(event), now)
    return Recorded(case, event, changes)


async def correct_event(
    session: AsyncSession,
    office: Office,
    person: Person,
    event_id: int,
    day: date,
    now: datetime,
    *,
    moment: datetime | None = None,
) -> Recorded:
    """Moves an event to its right day (and moment): the wrong one stays in the history as replaced.

    Raises Refusal where the same event is recorded on that day already, or nothing would change.
    """
    event, case = await _event(session, person, event_id)
    kind = EVENTS[event.kind]
    check_day(kind, day, office.today(now), moment, now)
    assert case.id is not None
    known = await cases.event_on(session, case.id, event.kind, day)
    if known is not None and (known.id != event.id or known.happened_at == moment):
        raise Refusal(
            f"{kind.title} is recorded on {show_date(day)} already. Take the wrong one back instead."
        )
    right = CaseEvent(
        case_id=case.id,
        kind=event.kind,
        happened_on=day,
        happened_at=moment,
        detail=event.detail,
        ends_on=event.ends_on,
        ends_at=event.ends_at,
        recorded_by=person.id,
        recorded_at=now,
    )
    event.voided_at = now
    await session.flush()
    session.add(right)
    await session.flush()
    event.replaced_by = right.id
    visit = await cases.visit_on(session, event.case_id, event.happened_on)
    if visit is not None and visit.event_id == event.id:
        visit.event_id, visit.visited_on = right.id, day
    await session.flush()
    changes = await clocks.recompute(session, office, case, now)
    await _tell_worker(session, person, case, right, now)
    await note(session, person.id, f"corrected {event.kind}", _subject(event), now)
    return Recorded(case, right, changes)


async def _tell_worker(
    session: AsyncSession, person: Person, case: Case, event: CaseEvent, now: datetime
) -> None:
    """Whoever holds the case hears of a change that somebody else made."""
    if case.worker_id is None or case.worker_id == person.id or event.id is None:
        return
    await outbox.plan(
        session,
        person_id=case.worker_id,
        kind="event-changed",
        subject_id=event.id,
        key=f"event-changed:{event.id}:{now.timestamp():.0f}",
        not_before=now,
    )


async def void_event(
    session: AsyncSession, office: Office, person: Person, event_id: int, now: datetime
) -> Recorded:
    """Takes an event back, with all that it did to the clocks; it stays in the history as voided."""
    event, case = await _event(session, person, event_id)
    event.voided_at = now
    visit = await cases.visit_on(session, event.case_id, event.happened_on)
    if visit is not None and visit.event_id == event.id:
        await session.delete(visit)
    if event.kind == "case-closed":
        case.closed_at = None
    await session.flush()
    changes = await clocks.recompute(session, office, case, now)
    await _tell_worker(session, person, case, event, now)
    await note(session, person.id, f"took back {event.kind}", _subject(event), now)
    return Recorded(case, event, changes)
