"""Files that go out, read back by the libraries that others use: calendars and workbooks."""

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.calendars import Entry, calendar_of
from bot.rules.errors import NotAllowed
from bot.rules.events import EVENTS
from bot.services import casework, happenings, visiting
from bot.services.exporting import CLOCK_HEADINGS, TRACKER_HEADINGS, team_workbook, worker_calendar
from bot.services.office import Office
from bot.spreadsheets import Sheet, harmless, workbook
from bot.texts.exports import WORDING
from storage import cases
from storage.database import Database
from storage.tables import Case, Deadline, Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol


async def opened(
    session: AsyncSession, office: Office, worker: Person, clock: StoppedClock, reference: str, *story: str
) -> Case:
    """A case with events such as "icpc-held Mon 2026-11-16", or with "14:30" for a moment."""
    case = await casework.new_case(session, office, worker, reference, clock())
    for what in story:
        kind, weekday, iso, *at = what.split()
        when = day(f"{weekday} {iso}")
        moment = office.at(when, time.fromisoformat(at[0])) if at else None
        await happenings.record_event(
            session, office, worker, case, EVENTS[kind], when, clock(), moment=moment
        )
    return case


async def clock_named(session: AsyncSession, case: Case, timescale: str) -> Deadline:
    found = await cases.deadlines_of_case(session, case.id or 0)
    return next(
        deadline for deadline in found if deadline.timescale_id == timescale and deadline.state == "open"
    )


def uid_of(deadline: Deadline) -> str:
    part = deadline.part and f"-{deadline.part}"
    return f"clock-{deadline.start_event_id}-{deadline.timescale_id}{part}@driftless"


def events_by_uid(data: bytes) -> dict[str, Any]:
    return {str(event["UID"]): event for event in Calendar.from_ical(data).walk("VEVENT")}


async def test_a_workers_calendar_has_every_open_clock_and_planned_visit_and_nobody_elses(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        case = await opened(session, office, worker, clock, "CP-1042", "icpc-held Mon 2026-11-16")
        await opened(session, office, other, clock, "CP-2000", "icpc-held Mon 2026-11-16")
        planned = await visiting.plan_visit(session, office, worker, case, day("Fri 2026-11-27"), clock())
        core = await clock_named(session, case, "core-group-first")
        data = await worker_calendar(session, office, worker, clock(), WORDING)
        running = [d for d in await cases.deadlines_of_case(session, case.id or 0) if d.state == "open"]
    found = events_by_uid(data)
    assert set(found) == {
        *(uid_of(deadline) for deadline in running),
        f"visit-{planned.id}@driftless",
    }
    event = found[uid_of(core)]
    assert str(event["SUMMARY"]).startswith("CP-1042: ")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (
        day("Mon 2026-11-30"),
        day("Tue 2026-12-01"),
    )
    assert "10 working days from Mon 16 Nov 2026 = Mon 30 Nov 2026" in event["DESCRIPTION"]
    assert "Working Together" in event["DESCRIPTION"]
    visit = found[f"visit-{planned.id}@driftless"]
    assert (str(visit["SUMMARY"]), visit.decoded("DTSTART")) == ("CP-1042: visit", day("Fri 2026-11-27"))


async def test_a_corrected_event_moves_its_entry_instead_of_adding_another(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await opened(session, office, worker, clock, "CP-1042", "icpc-held Mon 2026-11-16")
        before = events_by_uid(await worker_calendar(session, office, worker, clock(), WORDING))
        core = await clock_named(session, case, "core-group-first")
        name, event_id = uid_of(core), core.start_event_id
        for corrected in ("Tue 2026-11-17", "Wed 2026-11-18"):
            right = await happenings.correct_event(session, office, worker, event_id, day(corrected), clock())
            event_id = right.event.id or 0
        after = events_by_uid(await worker_calendar(session, office, worker, clock(), WORDING))
    assert set(after) == set(before)
    assert after[name].decoded("DTSTART") == day("Wed 2026-12-02")


async def test_a_calendar_is_one_that_outlook_and_google_take(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await opened(
            session, office, worker, clock, "CP-1042",
            "icpc-held Mon 2026-11-16", "police-protection-began Mon 2026-11-23 14:30",
        )  # fmt: skip
        hours = await clock_named(session, case, "police-protection")
        data = await worker_calendar(session, office, worker, clock(), WORDING)
        clock.forward(hours=1)
        later = await worker_calendar(session, office, worker, clock(), WORDING)
    calendar = Calendar.from_ical(data)
    assert {name: str(calendar[name]) for name in ("VERSION", "METHOD", "CALSCALE")} == {
        "VERSION": "2.0",
        "METHOD": "PUBLISH",
        "CALSCALE": "GREGORIAN",
    }
    assert "Driftless" in str(calendar["PRODID"])
    assert not calendar.errors
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        assert event.decoded("DTSTAMP") == datetime(2026, 11, 24, 10, tzinfo=UTC)
        assert (str(event["TRANSP"]), str(event["CLASS"])) == ("TRANSPARENT", "PRIVATE")
        assert (type(event.decoded("DTSTART")) is date) == (event["UID"] != uid_of(hours))
    timed = events_by_uid(data)[uid_of(hours)]
    assert timed.decoded("DTSTART") == datetime(2026, 11, 26, 14, 30, tzinfo=UTC)
    assert timed.decoded("DTEND") - timed.decoded("DTSTART") == timedelta(minutes=15)
    assert b"DTSTART:20261126T143000Z\r\n" in data
    assert b"DTSTAMP:20261124T100000Z\r\n" in data
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert set(events_by_uid(later)) == set(events_by_uid(data))


def test_commas_line_ends_and_long_words_come_back_as_they_were() -> None:
    words = "one, two; three\\four\n" + "é" * 200
    data = calendar_of(
        "A calendar", [Entry("x-1", words, words, day("Tue 2026-11-24"))], datetime(2026, 11, 24, tzinfo=UTC)
    )
    (event,) = events_by_uid(data).values()
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (words, words)
    assert max(map(len, data.split(b"\r\n"))) <= 75


async def test_an_agreed_later_day_is_the_one_in_the_calendar_and_the_first_stays_readable(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await opened(session, office, worker, clock, "CP-1042", "icpc-held Mon 2026-11-16")
        core = await clock_named(session, case, "core-group-first")
        core.extended_to = day("Fri 2026-12-04")
        await session.flush()
        event = events_by_uid(await worker_calendar(session, office, worker, clock(), WORDING))[uid_of(core)]
    assert event.decoded("DTSTART") == day("Fri 2026-12-04")
    assert "Extended to Fri 4 Dec 2026; first due Mon 30 Nov 2026." in event["DESCRIPTION"]


def rows_of(data: bytes, sheet: str) -> list[dict[str, Any]]:
    headings, *rows = load_workbook(BytesIO(data))[sheet].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


async def test_a_teams_workbook_has_its_clocks_and_its_tracker_with_real_dates(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock())
        far = await enrol(session, "Worker S", "worker", clock(), team="South")
        await opened(
            session, office, worker, clock, "CP-1042",
            "icpc-held Mon 2026-11-02", "police-protection-began Mon 2026-11-23 14:30",
        )  # fmt: skip
        await opened(
            session, office, worker, clock, "CP-1043",
            "pre-proceedings-decided Mon 2026-08-03", "letter-before-proceedings-sent Mon 2026-08-10",
            "pre-proceedings-meeting-held Mon 2026-08-24",
        )  # fmt: skip
        await opened(session, office, worker, clock, "CP-1044", "proceedings-issued Mon 2026-11-02")
        await opened(
            session, office, worker, clock, "CP-1045",
            "pre-proceedings-decided Mon 2026-08-03", "pre-proceedings-ended Mon 2026-10-05",
        )  # fmt: skip
        await opened(session, office, far, clock, "CP-9001", "pre-proceedings-decided Mon 2026-08-03")
        data = await team_workbook(session, office, casework.scope_of(manager), clock(), WORDING)
    clock_rows = rows_of(data, "Clocks")
    assert tuple(clock_rows[0]) == CLOCK_HEADINGS
    assert {row["Reference"] for row in clock_rows} == {"CP-1042", "CP-1043", "CP-1044"}
    late = next(row for row in clock_rows if "ore group" in row["What"])
    assert late["Due"].date() == late["Do by"].date() == day("Mon 2026-11-16")
    assert (late["Starts"].date(), late["Worker"], late["Days late"]) == (
        day("Mon 2026-11-02"),
        "Worker A",
        8,
    )
    assert late["Sum"] == "10 working days from Mon 2 Nov 2026 = Mon 16 Nov 2026"
    assert late["Force"] == "statutory guidance"
    assert {row["Days late"] for row in clock_rows if row["Due"].date() >= day("Tue 2026-11-24")} == {None}
    timed = next(row for row in clock_rows if row["Due"].time() != time(0))
    assert timed["Due"].isoformat() == "2026-11-26T14:30:00"
    tracker = rows_of(data, "Pre-proceedings")
    assert tuple(tracker[0]) == TRACKER_HEADINGS
    assert [row["Reference"] for row in tracker] == ["CP-1043", "CP-1044"]
    first, second = tracker
    shown = {name: value.date().isoformat() for name, value in first.items() if isinstance(value, datetime)}
    assert shown == {
        "Decided": "2026-08-03",
        "Letter": "2026-08-10",
        "First meeting": "2026-08-24",
        "Half-way": "2026-09-28",
        "Expected end": "2026-11-23",
    }
    assert (first["Weeks"], first["Issued"], first["Last review"]) == (16, None, None)
    assert (second["Issued"].date(), second["26 weeks"].date()) == (
        day("Mon 2026-11-02"),
        day("Sun 2027-05-02"),
    )
    page = load_workbook(BytesIO(data))["Clocks"]
    assert page.freeze_panes == "A2"
    assert page["E2"].is_date
    assert all(10 <= page.column_dimensions[letter].width <= 62 for letter in "ABCDEFGHIJ")


async def test_files_are_for_those_who_hold_cases(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        lead = await enrol(session, "Practice lead", "practice-lead", clock())
        with pytest.raises(NotAllowed):
            await team_workbook(session, office, casework.scope_of(lead), clock(), WORDING)
        with pytest.raises(NotAllowed):
            await worker_calendar(session, office, lead, clock(), WORDING)


async def test_a_team_with_nothing_open_gets_a_workbook_with_headings_alone(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        data = await team_workbook(session, office, casework.scope_of(manager), clock(), WORDING)
    book = load_workbook(BytesIO(data))
    assert [[cell.value for cell in page[1]] for page in book] == [[*CLOCK_HEADINGS], [*TRACKER_HEADINGS]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "\t=1", "plain"])
def test_no_cell_is_ever_a_formula(text: str) -> None:
    data = workbook([Sheet("S", (text,), [(text,), ("a\x0bb",)])])
    page = load_workbook(BytesIO(data))["S"]
    for cell in (page["A1"], page["A2"]):
        assert (cell.value, cell.data_type) == (text, "s")
        assert cell.quotePrefix == (text != "plain")
    assert page["A3"].value == "ab"
    assert (harmless(text) == text) == (text == "plain")
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t"))
