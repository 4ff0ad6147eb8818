"""Supervision sessions: planned, reminded, held with what was set in them, and asked about where nothing is
recorded."""

from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require_manager
from bot.rules.dates import show_date
from bot.rules.deadlines import add_months
from bot.rules.errors import NotFound, Refusal, Stale
from bot.services.auditing import note
from bot.services.caseload import team_ids_in_reach
from bot.services.office import Office
from bot.services.recalling import recall
from bot.services.shares import ShareView, share_view
from storage import hearing, outbox, people, sessions
from storage.outbox import Unasked
from storage.tables import Person, SupervisionSession

KIND = "session"
"""The reminder before a session. What begins with it is about sessions, and is cancelled with them."""
UNRECORDED = "session-unrecorded"
"""The question to the manager once the day has passed."""
REMIND_AT = time(14)
ASK_AT = time(9)
ASKED_FOR = timedelta(weeks=4)
"""A session that passed longer ago is not asked about any more: the supervision page still says so."""
EVERY = {"month": "monthly", "4": "every 4 weeks", "2": "every 2 weeks", "1": "weekly", "": "once"}


async def plan_session(
    session: AsyncSession,
    office: Office,
    manager: Person,
    worker: Person,
    day: date,
    every: str,
    now: datetime,
) -> SupervisionSession:
    """Plans the worker's next session, instead of one that is planned; both are reminded the day before."""
    require_manager(manager.role, "board")
    if every not in EVERY:
        raise Refusal("Choose how often: monthly, every 4, 2 or 1 weeks, or once.")
    assert worker.id is not None
    assert manager.id is not None
    before = await sessions.planned_of(session, worker.id)
    planned = SupervisionSession(
        worker_id=worker.id, manager_id=manager.id, planned_on=day, every=every, created_at=now
    )
    session.add(planned)
    await session.flush()
    heard = before is not None and await _cancel(session, office, before, now)
    await _remind(session, office, planned, now, at_once=heard)
    await note(session, manager.id, "planned supervision", f"session {planned.id}", now)
    return planned


async def _cancel(session: AsyncSession, office: Office, planned: SupervisionSession, now: datetime) -> bool:
    """Another day takes its place. True where the worker has been reminded of a day still to come."""
    assert planned.id is not None
    planned.state = "cancelled"
    await outbox.cancel(session, KIND, planned.id, "session moved", now)
    await session.flush()
    reminded = await hearing.sent_about(session, KIND, [planned.id], planned.created_at)
    await recall(session, office, KIND, [planned.id], now)
    heard = any(row.kind == KIND and row.person_id == planned.worker_id for row in reminded)
    return heard and planned.planned_on >= office.today(now)


async def _remind(
    session: AsyncSession, office: Office, planned: SupervisionSession, now: datetime, *, at_once: bool
) -> None:
    """Both the working day before. The worker also now, where that moment has passed or they know another."""
    assert planned.id is not None
    moment = office.at(office.speaking.back(planned.planned_on, 1), REMIND_AT)
    wanted = [
        Unasked(person_id, KIND, planned.id, f"{KIND}:{planned.id}:{person_id}", moment)
        for person_id in (planned.worker_id, planned.manager_id)
        if moment > now
    ]
    if at_once or (moment <= now and planned.planned_on >= office.today(now)):
        wanted.append(
            Unasked(planned.worker_id, KIND, planned.id, f"{KIND}:{planned.id}:{planned.worker_id}:now", now)
        )
    await outbox.plan_all(session, wanted)


async def hold_session(
    session: AsyncSession, office: Office, manager: Person, worker: Person, day: date, now: datetime
) -> tuple[SupervisionSession, list[ShareView], SupervisionSession | None]:
    """Records that it was held: the session, its actions so far, and the next one where they repeat."""
    require_manager(manager.role, "board")
    assert worker.id is not None
    assert manager.id is not None
    if await sessions.held_on(session, worker.id, day) is not None:
        raise Refusal(f"A session on {show_date(day)} is already recorded.")
    held = await sessions.planned_of(session, worker.id)
    if held is None:
        held = SupervisionSession(worker_id=worker.id, manager_id=manager.id, planned_on=day, created_at=now)
        session.add(held)
        await session.flush()
    assert held.id is not None
    await outbox.cancel(session, KIND, held.id, "session held", now)
    held.state, held.held_on, held.recorded_at, held.manager_id = "held", day, now, manager.id
    await note(session, manager.id, "held supervision", f"session {held.id}", now)
    await session.flush()
    await recall(session, office, KIND, [held.id], now)
    following = next_day(office, day, held.every)
    planned = (
        await plan_session(session, office, manager, worker, following, held.every, now)
        if following is not None
        else None
    )
    return held, await actions_of(session, office, held), planned


async def standing(
    session: AsyncSession, manager: Person, session_id: int
) -> tuple[SupervisionSession, Person]:
    """A session that is planned and its worker, for a button.

    Raises NotFound outside the manager's reach, Stale where it is held or moved by now.
    """
    require_manager(manager.role, "board")
    planned = await sessions.session_by_id(session, session_id)
    worker = await people.person_by_id(session, planned.worker_id) if planned is not None else None
    if planned is None or worker is None or not await records(session, manager, worker):
        raise NotFound("That person isn't a worker of yours any more.")
    if planned.state != "planned":
        raise Stale("That session is recorded already." if planned.state == "held" else "That was moved.")
    return planned, worker


async def records(session: AsyncSession, manager: Person, worker: Person) -> bool:
    """Whether this person may record the worker's sessions: both are here, in one team or service."""
    reached = await team_ids_in_reach(session, manager, "board")
    return manager.active and worker.active and worker.team_id in reached


async def plan_questions(session: AsyncSession, office: Office, now: datetime) -> int:
    """Plans a question about each session whose day has passed and of which nothing is recorded.

    It goes to the manager of the session, on the next working day; where they have left or changed team,
    to the managers of the worker's team. Returns how many are new.
    """
    today = office.today(now)
    wanted = [
        Unasked(
            person_id,
            UNRECORDED,
            planned.id or 0,
            f"{UNRECORDED}:{planned.id}:{person_id}",
            office.at(office.speaking.forward(planned.planned_on, 1), ASK_AT),
        )
        for planned, worker, manager in await sessions.passed(session, today - ASKED_FOR, today)
        for person_id in await _who_records(session, worker, manager)
    ]
    return len(await outbox.plan_all(session, wanted)) if wanted else 0


async def _who_records(session: AsyncSession, worker: Person, manager: Person) -> list[int]:
    if await records(session, manager, worker):
        return [manager.id or 0]
    return [one.id or 0 for one in await people.people_of_team(session, worker.team_id, "manager")]


async def actions_of(session: AsyncSession, office: Office, held: SupervisionSession) -> list[ShareView]:
    """What the manager set from the day of the session to the end of the working day after its recording."""
    assert held.held_on is not None
    recorded = office.today(held.recorded_at) if held.recorded_at is not None else held.held_on
    end = office.at(office.speaking.forward(recorded, 1) + timedelta(days=1), time(0))
    rows = await sessions.shares_set_between(
        session, held.worker_id, held.manager_id, office.at(held.held_on, time(0)), end
    )
    return [await share_view(session, share, action) for share, action in rows]


def next_day(office: Office, day: date, every: str) -> date | None:
    """The working day on or after the next session's date; None where it doesn't repeat."""
    if not every:
        return None
    later = add_months(day, 1, beginning=False) if every == "month" else day + timedelta(weeks=int(every))
    return office.speaking.on_or_after(later)


async def person_of(session: AsyncSession, person_id: int) -> Person:
    """The worker or manager of a session, who may have left."""
    found = await people.person_by_id(session, person_id)
    assert found is not None
    return found
