"""A person's own copy: every table is in it or excepted with a reason, and it tells nothing of others."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from bot.services import casework, own_data, supervision
from bot.services.office import Office
from bot.services.own_data import NOT_YOURS, SOMEBODY, YOU, OwnData, Period
from bot.texts import own_data as texts
from storage.database import Database
from storage.mentions import EXCEPTIONS, MENTIONS
from storage.tables import Audit
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.test_casework import record
from tests.services.test_supervision import DRAFT


def _columns(table: type[SQLModel]) -> dict[str, Any]:
    return dict(table.__table__.columns.items())  # type: ignore[attr-defined]  # SQLModel's tables have it


def test_every_table_is_in_the_copy_or_excepted_with_its_reason() -> None:
    told = [one.table.__tablename__ for one in MENTIONS] + [table.__tablename__ for table in EXCEPTIONS]
    assert sorted(map(str, told)) == sorted(SQLModel.metadata.tables)
    assert all(len(why) > 20 for why in EXCEPTIONS.values())
    assert set(texts.TITLES) == {str(one.table.__tablename__) for one in MENTIONS}


@pytest.mark.parametrize("mention", MENTIONS, ids=lambda one: str(one.table.__tablename__))
def test_every_column_is_given_or_left_out_for_a_reason(mention: Any) -> None:
    columns = _columns(mention.table)
    case = {mention.case} if mention.case else set()
    named = [*mention.people, *mention.shown, *mention.left_out, *case]
    assert sorted(named) == sorted(columns), "each once"
    persons = {
        name
        for name, column in columns.items()
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    }
    assert persons == set(mention.people) - {"id"}, "a person's id is never given as it is"


@pytest.mark.parametrize("table", EXCEPTIONS, ids=lambda table: str(table.__tablename__))
def test_no_excepted_table_has_a_persons_column(table: type[SQLModel]) -> None:
    for name, column in _columns(table).items():
        assert not any(key.column.table.name == "person" for key in column.foreign_keys), name
        assert not {"telegram", "account"} & set(name.split("_"))


async def _town(database: Database, office: Office, clock: StoppedClock) -> tuple[OwnData, OwnData, int]:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        manager = await enrol(session, "Manager M", "manager", clock())
        mine = await casework.new_case(session, office, worker, "CP-1042", clock())
        theirs = await casework.new_case(session, office, worker, "CP-1043", clock())
        await record(session, office, worker, mine, "Wed 2026-11-11 icpc-held", clock())
        await record(session, office, worker, theirs, "Wed 2026-11-11 icpc-held", clock())
        await supervision.create_action(session, office, manager, DRAFT, clock())
        theirs.worker_id = other.id
        await session.flush()
        found = await own_data.own_data(session, office, worker, clock())
        line = (await session.exec(select(Audit).where(Audit.what == "exported own data"))).one()
        assert (line.person_id, line.subject) == (worker.id, f"person {worker.id}")
        return found, await own_data.gather(session, office, other, clock()), manager.id or 0


def _rows(found: OwnData, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in next(part.rows for part in found.parts if part.table == table)]


async def test_what_is_in_it_and_what_of_others_is_not(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    mine, others, _ = await _town(database, office, clock)
    (me,) = _rows(mine, "person")
    assert (me["name"], me["role"], me["team"], me["discreet"]) == ("Worker A", "worker", "North", False)
    assert [row["reference"] for row in _rows(mine, "case_file")] == ["CP-1042"]
    assert [row["case"] for row in _rows(mine, "case_event")] == ["CP-1042", NOT_YOURS]
    (action,) = _rows(mine, "action")
    assert (action["what"], action["manager"]) == (DRAFT.what, SOMEBODY)
    assert _rows(mine, "action_recipient")[0]["state"] == "sent"
    assert {row["kind"] for row in _rows(mine, "outgoing_message")} >= {"action-new"}
    said = [row["subject"] for row in _rows(mine, "audit")]
    assert f"person {YOU}" not in said
    assert YOU in said
    whole = texts.as_json(mine)
    assert "Worker B" not in whole
    assert "Manager M" not in whole
    assert "CP-1043" not in whole
    assert "code_hash" not in whole
    assert "CP-1042" not in texts.as_json(others)
    assert "Worker A" not in texts.as_json(others)


async def test_both_files_hold_the_same(sqlite: Database, office: Office, clock: StoppedClock) -> None:
    found, _, _ = await _town(sqlite, office, clock)
    data = json.loads(texts.as_json(found))
    assert data["held"]["case_file"][0]["reference"] == "CP-1042"
    assert data["made_at"] == "2026-11-24T10:00:00+00:00"
    assert set(data["not_in_this_file"]) == {str(table.__tablename__) for table in EXCEPTIONS}
    page = texts.as_page(found, office.zone)
    for part in found.parts:
        heading = f"{texts.TITLES[part.table]} ({len(part.rows)})".replace("’", "'")
        assert (heading in page) == bool(part.rows)
    assert "Tue 24 Nov 2026, 10:00" in page
    assert "<script" not in page
    assert "http" not in page


async def test_a_period_takes_what_came_about_in_it(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        clock.to("2026-12-01T23:59+00:00")
        await record(session, office, worker, case, "Wed 2026-11-11 icpc-held", clock())
        for first, last, count in (
            (date(2026, 12, 1), date(2026, 12, 1), 1),
            (date(2026, 12, 2), date(2026, 12, 9), 0),
            (date(2026, 11, 1), date(2026, 11, 30), 0),
        ):
            found = await own_data.gather(session, office, worker, clock(), Period(first, last))
            assert len(_rows(found, "case_event")) == count
            assert len(_rows(found, "person")) == 1
        (held,) = _rows(
            await own_data.gather(
                session, office, worker, clock(), Period(day("Tue 2026-11-24"), day("Tue 2026-11-24"))
            ),
            "allocation",
        )
        assert held["started_on"] == date(2026, 11, 24)


async def test_words_are_escaped_on_the_page(sqlite: Database, office: Office) -> None:
    async with sqlite.transaction() as session:
        now = datetime.fromisoformat("2026-11-24T10:00+00:00")
        worker = await enrol(session, "<b>&", "worker", now)
        page = texts.as_page(await own_data.gather(session, office, worker, now), office.zone)
    assert "<b>&" not in page
    assert "&lt;b&gt;&amp;" in page
