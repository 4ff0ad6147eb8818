"""Importing: all or nothing, every bad line named, twice is once."""

import pytest
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.importing import Report, import_rows
from bot.services.office import Office
from storage.database import Database
from storage.tables import Case, CaseEvent, Deadline
from tests.conftest import StoppedClock
from tests.people import enrol

GOOD = [
    ("CP-1001", "Worker A", "strategy discussion", "3/11/2026"),
    ("CP-1001", "Worker A", "s47-started", "03/11/2026"),
    ("CP-1002", "worker a", "Initial conference", "2026-11-13"),
    ("CP-1003", "North/Worker A", "", ""),
    ("LAC-2001", "Worker A", "became looked after", "Mon 16 Nov 2026"),
]


def numbered(lines: list[tuple[str, str, str, str]]) -> list[tuple[int, dict[str, str]]]:
    names = ("reference", "worker", "event", "date")
    return [(number, dict(zip(names, line, strict=True))) for number, line in enumerate(lines, 2)]


async def counts(session: AsyncSession) -> tuple[int, int, int]:
    found = [
        (await session.exec(select(func.count()).select_from(table))).one()
        for table in (Case, CaseEvent, Deadline)
    ]
    return found[0], found[1], found[2]


async def test_good_lines_become_cases_events_and_clocks_and_a_second_time_changes_nothing(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        await enrol(session, "Worker A", "worker", clock())
        first = await import_rows(session, office, numbered(GOOD), clock())
        assert (first.lines, first.new_cases, first.new_events, first.bad) == (5, 4, 4, [])
        before = await counts(session)
        second = await import_rows(session, office, numbered(GOOD), clock())
        assert second == Report(lines=5, already=4)
        assert await counts(session) == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (("Sam", "Worker A", "icpc", "3/11/2026"), "looks like a name"),
        (("", "Worker A", "icpc", "3/11/2026"), "reference is empty"),
        (("CP-1009", "Worker Z", "icpc", "3/11/2026"), "has not joined"),
        (("CP-1009", "Nowhere/Worker A", "icpc", "3/11/2026"), "no team Nowhere"),
        (("CP-1009", "Worker A", "party", "3/11/2026"), "isn't known"),
        (("CP-1009", "Worker A", "icpc", "31/2/2026"), "as a date"),
        (("CP-1009", "Worker A", "icpc", "3/12/2026"), "still to come"),
        (("CP-1009", "Worker A", "icpc", ""), "date is empty"),
        (("CP-1001", "Worker B", "icpc", "3/11/2026"), "with another worker"),
    ],
)
async def test_every_bad_line_is_named_with_its_reason(
    sqlite: Database, office: Office, clock: StoppedClock, line: tuple[str, str, str, str], reason: str
) -> None:
    async with sqlite.transaction() as session:
        await enrol(session, "Worker A", "worker", clock())
        await enrol(session, "Worker B", "worker", clock())
        report = await import_rows(session, office, numbered([*GOOD, line]), clock())
        assert [(bad.number, reason in bad.reason) for bad in report.bad] == [(7, True)]
        assert (await counts(session))[2] == 0  # no clock is derived once a line is bad
