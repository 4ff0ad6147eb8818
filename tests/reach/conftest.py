"""The stage on which every try of this folder begins: built once."""

import asyncio
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services import (
    action_changes,
    broadcasting,
    caseload,
    casework,
    preferences,
    proving,
    rosters,
    supervision,
    supervision_sessions,
    visiting,
)
from bot.services.office import Office
from storage import broadcasts, cases, people
from storage.database import Database
from storage.tables import Case, ClockRequest, OutgoingMessage, Person, Team
from tests.conftest import StoppedClock
from tests.reach.stage import Stage, Things
from tests.services.test_casework import record
from tests.services.test_reach import people_and_cases
from tests.services.test_supervision import DRAFT


@pytest.fixture(scope="module")
def stage(sqlite_template: Path, office: Office, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Everybody and everything in one file. There is a web part; administrators have given their code."""
    file = tmp_path_factory.mktemp("reach") / "stage.sqlite"
    shutil.copy(sqlite_template, file)
    return asyncio.run(_built(file, replace(office, web_address="https://driftless.test")))


async def _built(file: Path, office: Office) -> Stage:
    clock, database = StoppedClock("2026-11-24T10:00+00:00"), Database(f"sqlite:///{file}")
    everybody, held, teams = await people_and_cases(database, office, clock)
    async with database.transaction() as session:
        for admin in await session.exec(select(Person).where(Person.role == "admin")):
            code = await proving.make_code(session, admin, clock())
            assert await proving.prove(session, admin, code, clock()) == ""
        things = [await _things(session, office, case, teams, clock()) for case in held]
    await database.close()
    return Stage(file, office, clock, everybody, things, teams)


async def _things(
    session: AsyncSession, office: Office, case: Case, teams: dict[int, Team], now: datetime
) -> Things:
    """One of everything on the case, done by those whose it is; a brother or sister's case beside it."""
    case = await session.merge(case)
    worker = await people.person_by_id(session, case.worker_id or 0)
    assert worker is not None
    (manager,) = await people.people_of_team(session, case.team_id, "manager")
    (head,) = await people.people_of_team(session, case.team_id, "head-of-service")
    await _sibling(session, office, worker, case, now)
    event = (await cases.events_of_case(session, case.id or 0))[0]
    for happened in ("Mon 2026-06-01 icpc-held", "Thu 2026-10-01 pre-proceedings-decided"):
        await record(session, office, worker, case, happened, now)
    order = await record(session, office, worker, case, "Fri 2026-11-20 interim-care-order-made", now)
    visit = await visiting.record_visit(session, office, worker, case, office.today(now), "seen", now)
    later = office.today(now) + timedelta(days=3)
    planned = await visiting.plan_visit(session, office, worker, case, later, now)
    clock = next(one for one in await cases.deadlines_of_case(session, case.id or 0) if one.state == "open")
    request = ClockRequest(
        deadline_id=clock.id or 0,
        asked_by=worker.id or 0,
        kind="not-needed",
        reason="in the plan",
        created_at=now,
    )
    session.add(request)
    leave = await preferences.ask_leave(session, office, worker, later, later, None, now)
    shares = await _shares(session, office, manager, [worker, head], case, now)
    await action_changes.ask(session, worker, shares[0], "who else comes?", now)
    question = (await action_changes.history(session, worker, shares[0]))[1][-1][0]
    await supervision.finish(session, worker, shares[1], "both on file", now)
    words = broadcasting.Announcement(f"#{worker.id}", "read", "Good morning")
    broadcast, _ = await broadcasting.announce(session, manager, words, now)
    received = await broadcasts.recipient_of(session, broadcast.id or 0, worker.id or 0)
    held = await supervision_sessions.plan_session(
        session, office, manager, worker, office.today(now), "", now
    )
    message = await _sent(session, worker, clock.id or 0, now)
    roster = await rosters.roster_of(session, manager, case.team_id)
    await session.flush()
    assert received is not None
    return Things(
        case=case,
        team=teams[case.team_id],
        sender=manager.id or 0,
        event=event.id or 0,
        order=order.event.id or 0,
        clock=clock.id or 0,
        request=request.id or 0,
        visit=visit.visit.id or 0,
        planned=planned.id or 0,
        leave=leave.id or 0,
        share=shares[0],
        done=shares[1],
        question=question.id or 0,
        received=received.id or 0,
        broadcast=broadcast.id or 0,
        session=held.id or 0,
        message=message.id or 0,
        roster=roster.mark,
    )


async def _sibling(session: AsyncSession, office: Office, worker: Person, case: Case, now: datetime) -> None:
    sibling = await casework.new_case(session, office, worker, f"{case.reference}9", now)
    for one in (case, sibling):
        await caseload.set_family(session, worker, one, f"F-{case.id}", now)


async def _shares(
    session: AsyncSession, office: Office, manager: Person, to: list[Person], case: Case, now: datetime
) -> list[int]:
    """Two actions about the case for all of them; the first one's shares."""
    asked = replace(DRAFT, to=",".join(f"#{one.id}" for one in to), case=case.reference)
    for _ in range(2):
        await supervision.create_action(session, office, manager, asked, now)
    return [view.share.id or 0 for view in await supervision.shares_received(session, to[0])]


async def _sent(session: AsyncSession, worker: Person, clock: int, now: datetime) -> OutgoingMessage:
    """A discreet reminder in the worker's chat."""
    row = OutgoingMessage(
        person_id=worker.id or 0,
        kind="clock",
        subject_id=clock,
        dedup_key=f"shown:{clock}",
        not_before=now,
        state="sent",
        settled_at=now,
        message_id=50,
    )
    session.add(row)
    await session.flush()
    return row
