"""Loads cases and events from a table: all or nothing unless asked; a second time changes nothing."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.auditing import note
from bot.services.importing.known import Workers, events_by_case, known_workers
from bot.services.importing.lines import COLUMNS, OPTIONAL, Fields, Line, parse_line, parse_reference
from bot.services.importing.missing import Said, find_gone
from bot.services.importing.planning import Planner
from bot.services.importing.plans import CasePlan
from bot.services.importing.report import BadField, BadLine, Change, Options, Report
from bot.services.importing.writing import look, write
from bot.services.office import Office
from storage import bulk

__all__ = ["COLUMNS", "OPTIONAL", "BadLine", "Change", "Options", "Report", "import_rows"]
_BREATHE_EVERY = 200
"""Lines or cases after which other tasks of the program get their turn."""
_AS_GIVEN = Options()


async def import_rows(
    session: AsyncSession,
    office: Office,
    rows: Iterable[tuple[int, Fields]],
    now: datetime,
    options: Options = _AS_GIVEN,
) -> Report:
    """Takes in (line number, fields) pairs; says in the report what changed.

    Nothing is written in a dry run, nor where a line is bad and bad lines aren't to be skipped.
    """
    report, said = Report(), Said()
    lines = await _parse(office, await known_workers(session), rows, now, options, report, said)
    planner = await _planner(session, lines, options, report, now)
    for line in lines:
        planner.take(line)
    plans = await _derive(office, planner, options)
    _count(report, plans)
    if options.whole:
        report.gone = await find_gone(session, said)
    report.bad.sort(key=lambda bad: bad.number)
    report.written = not options.dry_run and (options.skip_bad or not report.bad)
    if report.written:
        differences = await write(session, office, plans, now)
        await note(session, None, "imported", f"{report.lines} lines", now)
    else:
        differences = await look(session, office, plans, now)
    report.opened_clocks = sum(len(found.opened) for found in differences)
    options.progress(report.lines)
    return report


async def _parse(
    office: Office,
    workers: Workers,
    rows: Iterable[tuple[int, Fields]],
    now: datetime,
    options: Options,
    report: Report,
    said: Said,
) -> list[Line]:
    lines = []
    for number, fields in rows:
        report.lines += 1
        try:
            line = parse_line(office, workers, number, fields, now)
        except BadField as bad:
            report.bad.append(BadLine.of(number, bad))
            _note_the_case(office, fields, said)
        else:
            lines.append(line)
            said.line(line)
        options.progress(1)
        if report.lines % _BREATHE_EVERY == 0:
            await asyncio.sleep(0)
    return lines


def _note_the_case(office: Office, fields: Fields, said: Said) -> None:
    try:
        said.unreadable(parse_reference(office, fields))
    except BadField:
        return


async def _planner(
    session: AsyncSession, lines: list[Line], options: Options, report: Report, now: datetime
) -> Planner:
    references = list(dict.fromkeys(line.reference for line in lines))
    known = {case.reference: case for case in await bulk.cases_by_reference(session, references)}
    events = await events_by_case(session, [case.id for case in known.values() if case.id is not None])
    return Planner(known, events, options, report, now)


async def _derive(office: Office, planner: Planner, options: Options) -> list[CasePlan]:
    """The plans that something is left of."""
    for count, plan in enumerate(planner.plans.values()):
        if plan.additions:
            bad = plan.derive(office)
            planner.report.bad += [BadLine.of(line.number, why) for line, why in bad]
        options.progress(plan.good_lines)
        if count % _BREATHE_EVERY == 0:
            await asyncio.sleep(0)
    return [plan for plan in planner.plans.values() if plan.good_lines]


def _count(report: Report, plans: list[CasePlan]) -> None:
    additions = [addition for plan in plans for addition in plan.additions]
    report.new_cases = sum(plan.fresh for plan in plans)
    report.moved_cases = sum(plan.moves for plan in plans)
    report.new_events = len(additions)
    report.changes = [change for plan in plans for change in plan.changes()]
