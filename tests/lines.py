"""Lines of a file for tests of the import, and what came of them."""

from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.importing import Options, Report, import_rows
from bot.services.office import Office
from storage import cases
from storage.tables import Allocation, Case, CaseEvent, Deadline, OutgoingMessage
from tests.conftest import StoppedClock

Lines = list[tuple[str, ...]]
"""Each line's fields, in the order of NAMES."""
GOOD: Lines = [
    ("CP-1001", "Worker A", "strategy discussion", "3/11/2026"),
    ("CP-1001", "Worker A", "s47-started", "03/11/2026"),
    ("CP-1002", "worker a", "Initial conference", "2026-11-13"),
    ("CP-1003", "North/Worker A", "", ""),
    ("LAC-2001", "Worker A", "became looked after", "Mon 16 Nov 2026"),
]
NAMES = ("reference", "worker", "event", "date", "time", "family", "disabled")


def numbered(lines: Lines) -> list[tuple[int, dict[str, str]]]:
    """As they would stand below a heading."""
    return [(number, dict(zip(NAMES, line, strict=False))) for number, line in enumerate(lines, 2)]


async def bring(
    session: AsyncSession, office: Office, clock: StoppedClock, lines: Lines, **options: bool | int | None
) -> Report:
    """Imports the lines."""
    return await import_rows(session, office, numbered(lines), clock(), Options(**options))  # type: ignore[arg-type]  # each by its name


async def counts(session: AsyncSession) -> list[int]:
    """How many cases, events, clocks, allocations and messages there are."""
    return [
        (await session.exec(select(func.count()).select_from(table))).one()
        for table in (Case, CaseEvent, Deadline, Allocation, OutgoingMessage)
    ]


async def case_named(session: AsyncSession, reference: str) -> Case:
    """The case, which must be there."""
    found = await cases.case_by_reference(session, reference)
    assert found is not None
    return found
