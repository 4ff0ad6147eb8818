"""For made-up people, cases and things to do, what is let through equals the table of roles."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import ROLES, Thing, may
from bot.rules.errors import Refusal
from bot.services import (
    action_changes,
    board,
    broadcasting,
    caseload,
    casework,
    closing,
    happenings,
    packs,
    supervision,
    supervision_sessions,
)
from bot.services.joining import put_in_service
from bot.services.office import Office
from storage import actions, cases, people
from storage.database import Database
from storage.tables import Case, ClockRequest, Person, Team
from tests.conftest import StoppedClock
from tests.people import enrol
from tests.services.test_casework import record
from tests.services.test_supervision import DRAFT

TEAMS = {"North": "Safeguarding", "South": "Safeguarding", "East": "", "West": "Fostering", "Far": ""}
Deed = Callable[[AsyncSession, Office, Person, Case, datetime], Awaitable[object]]


async def _open_page(session: AsyncSession, _o: Office, person: Person, case: Case, _n: datetime) -> None:
    await casework.case_within_reach(session, person, case.id or 0)


async def _find(session: AsyncSession, office: Office, person: Person, case: Case, _n: datetime) -> None:
    await casework.find_case(session, office, person, case.reference)


async def _clock(session: AsyncSession, _o: Office, person: Person, case: Case, _n: datetime) -> None:
    await casework.deadline_within_reach(session, person, await _first_clock(session, case))


async def _event(session: AsyncSession, _o: Office, person: Person, case: Case, _n: datetime) -> None:
    event = (await cases.events_of_case(session, case.id or 0))[0]
    await happenings.event_within_reach(session, person, event.id or 0)


async def _move(session: AsyncSession, office: Office, person: Person, case: Case, now: datetime) -> None:
    taker = Person(name=f"Taker {now.timestamp()}", role="worker", team_id=case.team_id, created_at=now)
    session.add(taker)
    await session.flush()
    await caseload.hand_over(session, office, person, [case], taker, now)


async def _agree(session: AsyncSession, office: Office, person: Person, case: Case, now: datetime) -> None:
    request = ClockRequest(
        deadline_id=await _first_clock(session, case),
        asked_by=case.worker_id or 0,
        kind="not-needed",
        reason="in the plan",
        created_at=now,
    )
    session.add(request)
    await session.flush()
    await closing.decide(session, office, person, request.id or 0, agreed=False, now=now)


async def _board(session: AsyncSession, _o: Office, person: Person, case: Case, _n: datetime) -> None:
    team = await people.team_by_id(session, case.team_id)
    await board.team_in_reach(session, person, team.name)


async def _set_action(
    session: AsyncSession, office: Office, person: Person, case: Case, now: datetime
) -> None:
    asked = replace(DRAFT, to=case.reference)
    await supervision.create_action(session, office, person, asked, now)


async def _change_action(
    session: AsyncSession, office: Office, person: Person, case: Case, now: datetime
) -> None:
    """Of an action that a manager of the case's own team has set."""
    own = (await people.people_of_team(session, case.team_id, "manager"))[0]
    action, _ = await supervision.create_action(session, office, own, replace(DRAFT, to=case.reference), now)
    share = (await actions.shares_of_action(session, action.id or 0))[0]
    later = action.due_on + timedelta(days=7)
    await action_changes.redate(session, person, share.id or 0, later, "the school asked for it", now)


async def _announce(session: AsyncSession, _o: Office, person: Person, case: Case, now: datetime) -> None:
    worker = await people.person_by_id(session, case.worker_id or 0)
    assert worker is not None
    words = broadcasting.Announcement(f"#{worker.id}", "information", "Good morning")
    await broadcasting.announce(session, person, words, now)


async def _plan_session(
    session: AsyncSession, office: Office, person: Person, case: Case, now: datetime
) -> None:
    worker = await packs.worker_within_reach(session, person, case.worker_id or 0)
    day = office.today(now) + timedelta(days=7)
    await supervision_sessions.plan_session(session, office, person, worker, day, "", now)


async def _first_clock(session: AsyncSession, case: Case) -> int:
    clocks = await cases.deadlines_of_case(session, case.id or 0)
    return next(clock.id or 0 for clock in clocks if clock.state == "open")


DEEDS: tuple[tuple[Thing, Deed], ...] = (
    ("cases", _open_page),
    ("cases", _find),
    ("cases", _clock),
    ("cases", _event),
    ("allocation", _move),
    ("decisions", _agree),
    ("board", _board),
    ("actions-given", _set_action),
    ("actions-given", _change_action),
    ("actions-given", _announce),
    ("board", _plan_session),
)
FOR_MANAGERS = (_board, _plan_session)
"""Of one's own things too, only a manager does these."""


async def _let_through(
    database: Database, deed: Deed, office: Office, person: Person, case: Case, now: datetime
) -> bool:
    class Enough(Exception):
        pass

    try:
        async with database.transaction() as session:
            await deed(session, office, await session.merge(person), await session.merge(case), now)
            raise Enough
    except Enough:
        return True
    except Refusal:
        return False


async def people_and_cases(
    database: Database, office: Office, clock: StoppedClock
) -> tuple[list[Person], list[Case], dict[int, Team]]:
    """Everybody, a case of each worker, and the teams by id."""
    async with database.transaction() as session:
        everybody = [
            await enrol(session, f"{role} {team}", role, clock(), team) for team in TEAMS for role in ROLES
        ]
        for team, service in TEAMS.items():
            await put_in_service(session, team, service, clock())
        held: list[Case] = []
        for number, worker in enumerate(person for person in everybody if person.role == "worker"):
            case = await casework.new_case(session, office, worker, f"CP-{1000 + number}", clock())
            await record(session, office, worker, case, "Tue 2026-11-17 strategy-discussion-held", clock())
            held.append(case)
        return everybody, held, {team.id or 0: team for team in await people.teams(session)}


async def test_what_is_let_through_equals_the_table(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    everybody, held, teams = await people_and_cases(database, office, clock)
    chance = random.Random(9)
    tried = {True: 0, False: 0}
    for _ in range(700):
        person, case, (thing, deed) = chance.choice(everybody), chance.choice(held), chance.choice(DEEDS)
        services = teams[person.team_id].service, teams[case.team_id].service
        expected = may(
            person.role,
            thing,
            own=case.worker_id == person.id and deed not in FOR_MANAGERS,
            same_team=case.team_id == person.team_id,
            same_service=bool(services[0]) and services[0] == services[1],
        )
        let_through = await _let_through(database, deed, office, person, case, clock())
        assert let_through == expected, (person.name, deed.__name__, case.team_id)
        tried[let_through] += 1
    assert min(tried.values()) > 25  # both answers were tried often


async def test_a_head_of_service_sees_the_cases_and_board_of_every_team_in_it(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    everybody, _, _ = await people_and_cases(database, office, clock)
    head = next(one for one in everybody if one.name == "head-of-service North")
    async with database.transaction() as session:
        seen = await cases.open_cases(session, casework.scope_of(head))
        assert [case.reference for case in seen] == ["CP-1000", "CP-1001"]
        reached = await board.teams_in_reach(session, head)
        assert [team.name for team in reached] == ["North", "South"]
        found = await caseload.person_in_reach(session, head, "allocation", "South/worker South")
        assert found.name == "worker South"
