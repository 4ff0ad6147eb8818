"""Figures of a period on real databases: the edges of its days, small counts hidden, a line in the trail."""

import csv
import io
import json
from datetime import date

import pytest
from sqlmodel import select

from bot.rules.errors import NotFound
from bot.services import casework, period_figures, visiting
from bot.services.office import Office
from bot.services.own_data import Period
from bot.texts import period_figures as texts
from storage.database import Database
from storage.tables import Audit, Deadline, Question
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.test_casework import record

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


async def _a_month(database: Database, office: Office, clock: StoppedClock) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        for number in range(6):
            case = await casework.new_case(session, office, worker, f"CP-100{number}", clock())
            await record(session, office, worker, case, "Wed 2026-11-11 icpc-held", clock())
            await visiting.record_visit(
                session, office, worker, case, day("Tue 2026-11-24"), "alone" if number else "seen", clock()
            )
        for deadline in await session.exec(
            select(Deadline).where(Deadline.timescale_id == "core-group-first")
        ):
            late = deadline.case_id % 2 == 0
            deadline.state = "met"
            deadline.closed_on = date(2026, 11, 27) if late else date(2026, 11, 25)
        for moment in ("2026-11-30T23:59+00:00", "2026-12-01T00:00+00:00"):
            clock.to(moment)
            session.add_all(
                Question(asked_at=clock(), redacted="icpc", status="answer", score=1) for _ in range(7)
            )


async def test_the_figures_of_a_month(database: Database, office: Office, clock: StoppedClock) -> None:
    await _a_month(database, office, clock)
    async with database.transaction() as session:
        found = await period_figures.figures(session, office, NOVEMBER, clock())
        line = (await session.exec(select(Audit).where(Audit.what == "exported figures"))).one()
        assert (line.person_id, line.subject) == (None, "2026-11-01 to 2026-11-30")
        nothing = await period_figures.figures(
            session, office, Period(date(2025, 1, 1), date(2025, 1, 31)), clock()
        )
    groups = {group.name: group for group in found.groups}
    assert groups["Cases opened"].counts == {"cases opened": 6}
    assert groups["Cases closed"].counts == {"cases closed": "<5"}
    assert groups["Visits"].counts == {"seen alone": 5, "seen, not alone": "<5", "not seen": "<5"}
    assert groups["Visits"].total is None
    assert groups["Questions asked"].counts["answer"] == 7, "the next month begins at midnight"
    held = groups["Events recorded"].counts
    assert held["Initial child protection conference held"] == 6
    small = {count for group in nothing.groups for count in group.counts.values()}
    assert small == {"<5"}
    names = {group.name for group in nothing.groups}
    assert names == {name for name in groups if not name.startswith("Clocks")} | {
        "Clocks that ran out: others"
    }


async def test_clocks_on_time_and_late(database: Database, office: Office, clock: StoppedClock) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        for number in range(12):
            case = await casework.new_case(session, office, worker, f"CP-10{number:02}", clock())
            await record(session, office, worker, case, "Wed 2026-11-11 icpc-held", clock())
        rows = await session.exec(select(Deadline).where(Deadline.timescale_id == "core-group-first"))
        for number, deadline in enumerate(rows):
            assert deadline.due_on == date(2026, 11, 25)
            if number < 11:
                deadline.state, deadline.closed_on = "met", date(2026, 11, 25 if number < 5 else 26)
        await session.flush()
        found = await period_figures.figures(session, office, NOVEMBER, clock())
        first_day = await period_figures.figures(
            session, office, Period(date(2026, 11, 25), date(2026, 11, 25)), clock()
        )
    title = office.library.book.find("core-group-first")
    assert title is not None
    name = f"Clocks that ran out: {title.title}"
    group = next(group for group in found.groups if group.name == name)
    assert group.counts == {"on time": 5, "late": 6, "still open": "<5", "not needed, or ended": "<5"}
    assert group.total is None
    assert name in {group.name for group in first_day.groups}


async def test_what_is_no_longer_kept_is_said(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        last_year = Period(date(2025, 1, 1), date(2025, 12, 31))
        found = await period_figures.figures(session, office, last_year, clock())
    notes = {group.name: group.note for group in found.groups if group.note}
    assert notes == {
        "Questions asked": "kept only since Mon 24 Nov 2025",
        "Messages sent": "kept only since Thu 28 May 2026",
    }


async def test_both_files_say_the_same(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    await _a_month(sqlite, office, clock)
    async with sqlite.transaction() as session:
        found = await period_figures.figures(session, office, NOVEMBER, clock())
    rows = list(csv.DictReader(io.StringIO(texts.as_csv(found))))
    data = json.loads(texts.as_json(found))
    listed = [
        (group["group"], what, str(count))
        for group in data["groups"]
        for what, count in group["counts"].items()
    ]
    assert [(row["group"], row["what"], row["count"]) for row in rows if row["what"] != "all"] == listed
    assert (data["first"], data["last"]) == ("2026-11-01", "2026-11-30")
    assert "<5 stands for every count from 0 to 4" in data["explained"]
    assert "Worker A" not in texts.as_json(found)
    assert "CP-10" not in texts.as_json(found)


async def test_one_persons_data_is_audited_and_nobody_is_invented(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        found = await period_figures.of_person(session, office, worker.id or 0, NOVEMBER, clock())
        assert found.person.name == "Worker A"
        line = (await session.exec(select(Audit).where(Audit.what == "exported a person's data"))).one()
        assert line.subject == f"person {worker.id}"
        with pytest.raises(NotFound, match="There is no person 999"):
            await period_figures.of_person(session, office, 999, NOVEMBER, clock())
