"""Files as case systems and spreadsheets write them: CSV, XLSX, mappings, dates and times."""

from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bot.rules.errors import Refusal
from bot.services.importing import import_rows
from bot.services.importing.days import parse_day
from bot.services.importing.files import read_rows
from bot.services.importing.mapping import read_words
from bot.services.importing.report import BadField
from bot.services.office import Office
from storage import cases
from storage.database import Database
from tests.conftest import StoppedClock
from tests.days import day
from tests.lines import case_named
from tests.people import enrol

LONDON = ZoneInfo("Europe/London")
TODAY = day("Tue 2026-11-24")
EXAMPLE = Path(__file__).parents[2] / "docs" / "import-mapping.example.toml"
HEADINGS = ("Reference", " WORKER ", "event", "Date")


def workbook(*rows: tuple[Any, ...], sheet: str = "Sheet", epoch: datetime | None = None) -> bytes:
    book = Workbook()
    if epoch is not None:
        book.epoch = epoch
    book.worksheets[0].title = sheet
    for row in rows:
        book.worksheets[0].append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def fields(data: bytes, mapping: str = "") -> list[tuple[int, list[str]]]:
    return [(number, list(row.values())) for number, row in read_rows(data, read_words(mapping))]


@pytest.mark.parametrize(
    ("given", "time_given", "expected"),
    [
        ("3/11/2026", "", (date(2026, 11, 3), None)),
        ("03/11/26", "", (date(2026, 11, 3), None)),
        ("03.11.2026", "", (date(2026, 11, 3), None)),
        ("03-Nov-2026", "", (date(2026, 11, 3), None)),
        ("03-NOV-26", "", (date(2026, 11, 3), None)),
        ("Tue 3 November 2026", "", (date(2026, 11, 3), None)),
        ("2026-11-03", "", (date(2026, 11, 3), None)),
        ("03/11/2026 00:00:00", "", (date(2026, 11, 3), None)),
        ("03/11/2026 14:30:59", "", (date(2026, 11, 3), time(14, 30))),
        ("03/11/2026 2:30 PM", "", (date(2026, 11, 3), time(14, 30))),
        ("3 Nov 2026 at 12:05am", "", (date(2026, 11, 3), time(0, 5))),
        ("2026-11-03T14:30:00.000", "", (date(2026, 11, 3), time(14, 30))),
        ("2026-07-03T14:30:00Z", "", (date(2026, 7, 3), time(15, 30))),
        ("2026-07-03T23:30:00+00:00", "", (date(2026, 7, 4), time(0, 30))),
        ("46329", "", (date(2026, 11, 3), None)),
        ("46329.0", "", (date(2026, 11, 3), None)),
        ("46329.604166666664", "", (date(2026, 11, 3), time(14, 30))),
        ("3/11/2026", "14:30", (date(2026, 11, 3), time(14, 30))),
        ("3/11/2026", "0.604166666667", (date(2026, 11, 3), time(14, 30))),
        ("3/11/2026", "2.30pm", (date(2026, 11, 3), time(14, 30))),
        ("3/11/2026", "00:00", (date(2026, 11, 3), None)),
    ],
)
def test_dates_are_read_as_case_systems_write_them(
    given: str, time_given: str, expected: tuple[date, time | None]
) -> None:
    assert parse_day(given, time_given, TODAY, LONDON) == expected


@pytest.mark.parametrize(
    ("given", "time_given", "field"),
    [
        ("31/2/2026", "", "date"),
        ("11/23/2026", "", "date"),
        ("today", "", "date"),
        ("last Tue", "", "date"),
        ("3/11", "", "date"),
        ("3 Nov 14:30", "", "date"),
        ("1234", "", "date"),
        ("20261103", "", "date"),
        ("n/a", "", "date"),
        ("3/11/2026 24:10", "", "time"),
        ("3/11/2026", "13:30 pm", "time"),
        ("3/11/2026", "half past two", "time"),
    ],
)
def test_what_is_no_full_date_or_time_is_refused_with_what_is_accepted(
    given: str, time_given: str, field: str
) -> None:
    with pytest.raises(BadField) as refused:
        parse_day(given, time_given, TODAY, LONDON)
    assert refused.value.name == field
    assert refused.value.given in ("", given, time_given, given.rsplit(maxsplit=1)[-1])
    assert not any(one.isalpha() for one in refused.value.given)
    assert "14:30" in refused.value.accepted


def test_a_csv_keeps_its_line_numbers_past_empty_lines_and_quoted_ones() -> None:
    lines = (
        "\ufeffReference,WORKER,event,Date,Extra",
        'CP-1,"Worker\r\nA",icpc,3/11/2026,x',
        ",,,",
        "CP-2,Worker B",
        "",
    )
    data = "\r\n".join(lines)
    assert fields(data.encode()) == [
        (3, ["CP-1", "Worker\r\nA", "icpc", "3/11/2026", "x"]),
        (5, ["CP-2", "Worker B", ""]),
    ]


def test_cells_of_a_workbook_are_read_as_somebody_would_type_them() -> None:
    data = workbook(
        (*HEADINGS, "time", "disabled"),
        ("CP-1042", "Worker A", "icpc", datetime(2026, 11, 3), time(14, 30), True),  # noqa: DTZ001 -- a cell has no zone
        (),
        (1042, "Worker A", "icpc", 46329.604166666664, None, False),
        ("CP-1042", "Worker A", "icpc", "3 Nov 2026", 0.5, "no"),
    )
    assert fields(data) == [
        (2, ["CP-1042", "Worker A", "icpc", "2026-11-03", "14:30", "yes"]),
        (4, ["1042", "Worker A", "icpc", "2026-11-03 14:30", "", "no"]),
        (5, ["CP-1042", "Worker A", "icpc", "3 Nov 2026", "0.5", "no"]),
    ]


def test_a_workbook_that_counts_days_from_1904_gives_the_same_dates() -> None:
    data = workbook(HEADINGS, ("CP-1042", "Worker A", "icpc", 46329 - 1462), epoch=CALENDAR_MAC_1904)
    assert fields(data)[0][1][3] == "2026-11-03"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "nothing on line 1"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel file"),
        (b"PK\x03\x04 no zip", "can't be read as a workbook"),
        ("Réference".encode("latin-1"), "not UTF-8"),
        (
            b"reference,worker,event\nCP-1,Worker A,icpc\n",
            "No column for date. Line 1 has: reference, worker, event",
        ),
        (b"reference,worker,event,date,Date\n", "More than one column is called date"),
        (b'reference,worker,event,date\nCP-1,"Worker A,icpc\n', "not readable as CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said.replace(".", r"\.")):
        read_rows(data)


def test_a_damaged_workbook_is_refused() -> None:
    whole, damaged = BytesIO(workbook(HEADINGS, ("CP-1", "Worker A", "icpc", 46329))), BytesIO()
    with ZipFile(whole) as source, ZipFile(damaged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:-40] if "sheet1" in name else content)
    with pytest.raises(Refusal, match="can't be read as a workbook"):
        read_rows(damaged.getvalue())


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("columns = 1 = 2", "isn't readable as TOML"),
        ("colums = {}", "columns, events, workers"),
        ("heading_line = 0", "heading_line: given 0"),
        ('[columns]\n"Case ID" = "ref"', "“Case ID”: given “ref”. Accepted: reference, worker"),
        ('[events]\n"ICPC" = "party"', "“ICPC”: given “party”"),
        ('[events]\n"ICPC" = "icpc-held:good"', "icpc-held:no-plan"),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_naming_what_and_what_is_accepted(mapping: str, said: str) -> None:
    with pytest.raises(Refusal, match=said.replace(".", r"\.")):
        read_words(mapping)


def test_a_sheet_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(Refusal, match=r"“Visits”\. Accepted: Sheet"):
        read_rows(workbook(HEADINGS), read_words('sheet = "Visits"'))


async def test_the_example_mapping_brings_a_report_in(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    report = workbook(
        ("Monthly activity",),
        ("Printed on", datetime(2026, 11, 24)),  # noqa: DTZ001 -- a cell has no zone
        (
            "Team",
            "CASE ID",
            "Allocated  Worker",
            "Activity Type",
            "Activity Date",
            "Family group",
            "Disability",
        ),
        ("North", "CP-1001", "A, Worker (1234)", "ICPC - no plan", 46329, "FAM-0033", "N"),
        ("South", "CP-1002", "A, Worker (5678)", "CP Statutory Visit", datetime(2026, 11, 20), None, "Y"),  # noqa: DTZ001 -- a cell has no zone
        ("North", "CP-1003", "north/worker a", "core group", datetime(2026, 11, 20), None, None),  # noqa: DTZ001 -- a cell has no zone
        ("North", "CP-1004", "North/Worker A", "Case note", "long ago", None, None),
        sheet="Activity",
    )
    words = read_words(EXAMPLE.read_text(encoding="utf-8"))
    async with database.transaction() as session:
        north = await enrol(session, "Worker A", "worker", clock())
        south = await enrol(session, "Worker A", "worker", clock(), team="South")
        done = await import_rows(session, office, read_rows(report, words), clock())
        assert (done.bad, done.new_cases, done.new_events) == ([], 4, 3)
        first, second, fourth = [await case_named(session, f"CP-100{n}") for n in (1, 2, 4)]
        assert (first.worker_id, first.family, first.disabled) == (north.id, "FAM-0033", False)
        assert (second.worker_id, second.team_id, second.disabled) == (south.id, south.team_id, True)
        (event,) = await cases.events_of_case(session, first.id or 0)
        assert (event.kind, event.detail, event.happened_on) == (
            "icpc-held",
            "no-plan",
            day("Tue 2026-11-03"),
        )
        assert not await cases.events_of_case(session, fourth.id or 0)
