"""Loads cases and events from a table: all or nothing, and a second time changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.dates import parse_moment
from bot.rules.errors import Refusal
from bot.rules.events import EventKind, find_event
from bot.services import clocks
from bot.services.auditing import note
from bot.services.caseload import allocate
from bot.services.happenings import check_happened
from bot.services.office import Office
from storage import cases, people
from storage.tables import Case, CaseEvent, Person

COLUMNS = ("reference", "worker", "event", "date")


@dataclass(frozen=True)
class BadLine:
    """A line that can't be taken: its number in the file, and why."""

    number: int
    reason: str


@dataclass
class Report:
    """What an import did, or would do."""

    lines: int = 0
    new_cases: int = 0
    new_events: int = 0
    already: int = 0
    opened_clocks: int = 0
    bad: list[BadLine] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    number: int
    reference: str
    worker: Person
    kind: EventKind | None
    day: date
    moment: datetime | None


async def import_rows(
    session: AsyncSession, office: Office, rows: Iterable[tuple[int, Mapping[str, str]]], now: datetime
) -> Report:
    """Takes in (line number, fields) pairs; with bad lines in the report nothing may be committed."""
    report = Report()
    parsed: list[_Line] = []
    workers: dict[str, Person] = {}
    for number, fields in rows:
        report.lines += 1
        try:
            parsed.append(await _parse(session, office, number, fields, workers, now))
        except Refusal as refusal:
            report.bad.append(BadLine(number, str(refusal)))
    touched: dict[str, Case] = {}
    for line in parsed:
        try:
            await _take(session, line, touched, report, now)
        except Refusal as refusal:
            report.bad.append(BadLine(line.number, str(refusal)))
    report.bad.sort(key=lambda bad: bad.number)
    if not report.bad:
        for case in touched.values():
            changes = await clocks.recompute(session, office, case, now)
            report.opened_clocks += len(changes.opened)
        await note(session, None, "imported", f"{report.lines} lines", now)
    return report


async def _parse(
    session: AsyncSession,
    office: Office,
    number: int,
    fields: Mapping[str, str],
    workers: dict[str, Person],
    now: datetime,
) -> _Line:
    reference = office.references.parse(_needed(fields, "reference"))
    worker_name = _needed(fields, "worker")
    worker = workers.get(worker_name) or await _worker(session, worker_name)
    workers[worker_name] = worker
    words = fields.get("event", "").strip()
    if not words:
        return _Line(number, reference, worker, None, office.today(now), None)
    kind = find_event(words)
    if kind is None:
        raise Refusal(f"event “{words[:40]}” isn't known: driftless import --events lists them")
    day, clock = parse_moment(_needed(fields, "date"), office.today(now))
    moment = office.at(day, clock) if clock is not None else None
    if not kind.ahead:
        check_happened(day, office.today(now), moment, now)
    return _Line(number, reference, worker, kind, day, moment)


def _needed(fields: Mapping[str, str], name: str) -> str:
    value = (fields.get(name) or "").strip()
    if not value:
        raise Refusal(f"{name} is empty")
    return value


async def _worker(session: AsyncSession, typed: str) -> Person:
    """ "Worker A", or "North/Worker A" where two teams have one of that name."""
    team_name, slash, name = typed.rpartition("/")
    team = await people.team_named(session, team_name) if slash else None
    if slash and team is None:
        raise Refusal(f"worker “{typed}”: there is no team {team_name}")
    found = [
        person
        for person in await people.person_named(session, name, team.id if team else None)
        if person.role in ("worker", "manager")
    ]
    if not found:
        raise Refusal(f"worker “{name}” has not joined: invite them first, or check the name")
    if len(found) > 1:
        raise Refusal(f"worker “{name}” is in several teams: write Team/{name}")
    return found[0]


async def _take(
    session: AsyncSession, line: _Line, touched: dict[str, Case], report: Report, now: datetime
) -> None:
    case = touched.get(line.reference) or await cases.case_by_reference(session, line.reference)
    if case is None:
        case = Case(reference=line.reference, team_id=line.worker.team_id, created_at=now)
        session.add(case)
        await session.flush()
        await allocate(session, case, line.worker, now.date())
        report.new_cases += 1
    elif case.worker_id != line.worker.id:
        raise Refusal(f"{line.reference} is with another worker here: hand it over first")
    touched[line.reference] = case
    assert case.id is not None
    if line.kind is None:
        return
    if await cases.event_on(session, case.id, line.kind.id, line.day) is not None:
        report.already += 1
        return
    session.add(
        CaseEvent(
            case_id=case.id,
            kind=line.kind.id,
            happened_on=line.day,
            happened_at=line.moment,
            recorded_at=now,
        )
    )
    await session.flush()
    report.new_events += 1
