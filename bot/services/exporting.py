"""What goes out as a file: a worker's calendar, and a team's clocks and tracker as a workbook."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.calendars import Entry, calendar_of
from bot.rules.access import require
from bot.rules.deadlines import day_of
from bot.rules.plo import Tracker
from bot.services import clocks
from bot.services.clocks import ClockView
from bot.services.office import Office
from bot.services.tracking import trackers
from bot.spreadsheets import Sheet, Value, workbook
from storage import bulk, cases, people
from storage.cases import Scope
from storage.tables import Case, CaseEvent, Person, PlannedVisit

CLOCK_HEADINGS = (
    "Reference", "Worker", "What", "Starts", "Due", "Do by", "Days late", "Sum", "Source", "Force",
)  # fmt: skip
TRACKER_HEADINGS = (
    "Reference", "Worker", "Decided", "Letter", "First meeting", "Last review", "Weeks", "Half-way",
    "Expected end", "Extended to", "Agreed by", "Why", "Issued", "26 weeks",
)  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """How clocks are put into words (bot.texts.exports): plain text, no markup."""

    title: Callable[[ClockView], str]
    why: Callable[[ClockView], str]
    source: Callable[[ClockView], str]
    force: Callable[[ClockView], str]


async def worker_calendar(
    session: AsyncSession, office: Office, person: Person, now: datetime, words: Wording
) -> bytes:
    """The open clocks and planned visits of the cases that this person holds, as iCalendar.

    Raises NotAllowed for roles without cases.
    """
    require(person.role, "cases")
    found = await _open_clocks(session, office, Scope(worker_id=person.id))
    events = await _events_of(session, [view.case for view in found])
    held = {case.id or 0: case for case in await cases.open_cases(session, Scope(worker_id=person.id))}
    planned = await bulk.planned_visits_of_cases(session, list(held))
    entries = [
        *(_clock_entry(view, _first_recorded(view.deadline.start_event_id, events), words) for view in found),
        *(_visit_entry(visit, held[visit.case_id]) for visit in planned),
    ]
    return calendar_of(f"Driftless: {person.name}", entries, now)


async def team_workbook(
    session: AsyncSession, office: Office, scope: Scope, now: datetime, words: Wording
) -> bytes:
    """Two sheets, Clocks and Pre-proceedings, of the cases in scope, as XLSX."""
    today = office.today(now)
    views = await _open_clocks(session, office, scope)
    held = await cases.open_cases(session, scope)
    names = await _names(session, held)
    clock_rows = [_clock_row(view, names, today, office.zone, words) for view in views]
    tracked = await _tracked(session, office, held, today)
    tracker_rows = [_tracker_row(case, names, tracker) for case, tracker in tracked]
    return workbook(
        [
            Sheet("Clocks", CLOCK_HEADINGS, clock_rows),
            Sheet("Pre-proceedings", TRACKER_HEADINGS, tracker_rows),
        ]
    )


async def _open_clocks(session: AsyncSession, office: Office, scope: Scope) -> list[ClockView]:
    """Soonest first."""
    rows = await cases.open_deadlines(session, scope)
    starts = await _events_of(session, [case for _, case in rows])
    views = [
        clocks.view_of(office, deadline, case, starts[deadline.start_event_id]) for deadline, case in rows
    ]
    return sorted(views, key=lambda view: (view.effective, view.case.reference))


async def _events_of(session: AsyncSession, of: Sequence[Case]) -> dict[int, CaseEvent]:
    recorded = await bulk.all_events_of_cases(session, sorted({case.id or 0 for case in of}))
    return {event.id or 0: event for event in recorded}


def _first_recorded(event_id: int, events: dict[int, CaseEvent]) -> int:
    """The event that this one corrects, however often it was corrected: a calendar's entry stays the same."""
    corrects = {event.replaced_by: event.id or 0 for event in events.values() if event.replaced_by}
    while event_id in corrects:
        event_id = corrects[event_id]
    return event_id


def _clock_entry(view: ClockView, first: int, words: Wording) -> Entry:
    deadline = view.deadline
    moment = deadline.due_at if deadline.extended_to is None else None
    return Entry(
        uid=f"clock-{first}-{deadline.timescale_id}{deadline.part and '-' + deadline.part}",
        title=f"{view.case.reference}: {words.title(view)}",
        description="\n".join(filter(None, (words.why(view), words.source(view)))),
        when=moment or view.effective,
    )


def _visit_entry(visit: PlannedVisit, case: Case) -> Entry:
    return Entry(f"visit-{visit.id}", f"{case.reference}: visit", "Planned visit", visit.planned_on)


async def _names(session: AsyncSession, held: Sequence[Case]) -> dict[int, str]:
    """Each case's worker by name."""
    names = {}
    for case in held:
        worker = await people.person_by_id(session, case.worker_id) if case.worker_id is not None else None
        names[case.id or 0] = worker.name if worker is not None else ""
    return names


def _clock_row(
    view: ClockView, names: dict[int, str], today: date, zone: ZoneInfo, words: Wording
) -> list[Value]:
    """Days late only where the council itself must act."""
    deadline, due = view.deadline, view.due
    moment = deadline.due_at if deadline.extended_to is None else None
    late = (today - view.effective).days
    return [
        view.case.reference,
        names[view.case.id or 0],
        words.title(view),
        day_of(due.start) if due is not None else None,
        moment.astimezone(zone).replace(tzinfo=None) if moment is not None else view.effective,
        deadline.do_by if deadline.extended_to is None else view.effective,
        late if late > 0 and view.ours else None,
        words.why(view),
        words.source(view),
        words.force(view),
    ]


async def _tracked(
    session: AsyncSession, office: Office, held: Sequence[Case], today: date
) -> list[tuple[Case, Tracker]]:
    """The cases in pre-proceedings or in court now, the longest first."""
    found = []
    tracked = await trackers(session, office, held, today)
    for case in held:
        tracker = tracked.get(case.id or 0)
        if tracker is not None and (tracker.before_court or tracker.in_court):
            found.append((case, tracker))
    return sorted(found, key=lambda row: row[1].started or row[1].issued or today)


def _extension(tracker: Tracker) -> list[Value]:
    agreed = tracker.extension
    return [agreed.until, agreed.agreed_by, agreed.why] if agreed is not None else [None, "", ""]


def _tracker_row(case: Case, names: dict[int, str], tracker: Tracker) -> list[Value]:
    return [
        case.reference,
        names[case.id or 0],
        tracker.decided,
        tracker.letter,
        tracker.first_meeting,
        tracker.last_review,
        tracker.weeks if tracker.started is not None else None,
        tracker.midpoint,
        tracker.expected_end,
        *_extension(tracker),
        tracker.issued,
        tracker.court_end,
    ]
