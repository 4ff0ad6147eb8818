"""The supervision page of one worker, and their sessions: planned, reminded, held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import manages, require, require_manager
from bot.rules.dates import show_date
from bot.rules.deadlines import add_months
from bot.rules.errors import NotFound, Refusal
from bot.services import board, supervision
from bot.services.auditing import note
from bot.services.clocks import ClockView
from bot.services.facts import running_clocks, standing_events
from bot.services.office import Office
from bot.services.supervision import ShareView
from storage import boards, outbox, people, sessions
from storage.tables import Case, Person, SupervisionSession, Visit

CLOCKS_AHEAD = 10
"""How many working days of clocks the page looks ahead."""
REMIND_AT = time(14)
EVERY = {"month": "monthly", "4": "every 4 weeks", "2": "every 2 weeks", "1": "weekly", "": "once"}


@dataclass(frozen=True)
class LastVisits:
    """A case's last visit, and the last at which the child was seen alone."""

    case: Case
    last: Visit | None
    alone: Visit | None


@dataclass(frozen=True)
class Pack:
    """What a supervision session needs, on one page."""

    worker: Person
    board: board.Board
    actions: list[ShareView]
    clocks: list[ClockView]
    visits: list[LastVisits]
    last: SupervisionSession | None
    last_actions: list[ShareView]
    planned: SupervisionSession | None


async def workers_in_reach(session: AsyncSession, person: Person) -> list[Person]:
    """Whose page this person may see: a manager's workers, by name; oneself for anybody else with cases."""
    if not manages(person.role, "board"):
        require(person.role, "board")
        return [person]
    teams = await board.teams_in_reach(session, person)
    found = await boards.people_of_teams(session, [team.id or 0 for team in teams])
    return [one for one in found if one.role == "worker"]


async def worker_named(session: AsyncSession, person: Person, name: str) -> Person:
    """The worker of this name within reach; raises NotFound naming those that are."""
    workers = await workers_in_reach(session, person)
    found = [one for one in workers if one.name.casefold() == " ".join(name.split()).casefold()]
    if not found:
        names = ", ".join(one.name for one in workers) or "nobody has joined yet"
        raise NotFound(f"“{name.strip()[:40]}” isn't a worker of yours. Yours: {names}.")
    return found[0]


async def worker_within_reach(session: AsyncSession, person: Person, worker_id: int) -> Person:
    """The worker with this id, for a button; raises NotFound outside the person's reach."""
    found = next((one for one in await workers_in_reach(session, person) if one.id == worker_id), None)
    if found is None:
        raise NotFound("That person isn't a worker of yours any more.")
    return found


async def pack(session: AsyncSession, office: Office, worker: Person, now: datetime) -> Pack:
    """The page as it is now; whoever asks has been checked before."""
    assert worker.id is not None
    today = office.today(now)
    cases = await boards.open_cases_of_worker(session, worker.id)
    ids = [case.id or 0 for case in cases]
    events = await standing_events(session, ids)
    horizon = office.speaking.forward(today, CLOCKS_AHEAD)
    running = await running_clocks(session, office, cases, events, horizon)
    visits = await boards.visits_of_cases(session, ids)
    last = await sessions.last_held(session, worker.id)
    return Pack(
        worker=worker,
        board=await board.board_of_worker(session, office, worker, now),
        actions=await supervision.shares_received(session, worker),
        clocks=sorted(
            (view for views in running.values() for view in views), key=lambda view: view.effective
        ),
        visits=[_visits(case, visits[case.id or 0]) for case in cases],
        last=last,
        last_actions=await _actions_of(session, office, last) if last is not None else [],
        planned=await sessions.planned_of(session, worker.id),
    )


def _visits(case: Case, newest_first: Sequence[Visit]) -> LastVisits:
    return LastVisits(
        case,
        next(iter(newest_first), None),
        next((visit for visit in newest_first if visit.seen == "alone"), None),
    )


async def _actions_of(session: AsyncSession, office: Office, held: SupervisionSession) -> list[ShareView]:
    """What the manager set from the day of the session to the end of the working day after its recording."""
    assert held.held_on is not None
    recorded = office.today(held.recorded_at) if held.recorded_at is not None else held.held_on
    end = office.at(office.speaking.forward(recorded, 1) + timedelta(days=1), time(0))
    rows = await sessions.shares_set_between(
        session, held.worker_id, held.manager_id, office.at(held.held_on, time(0)), end
    )
    return [await supervision.share_view(session, share, action) for share, action in rows]


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
    if before is not None:
        await _cancel(session, before, now)
    planned = SupervisionSession(
        worker_id=worker.id, manager_id=manager.id, planned_on=day, every=every, created_at=now
    )
    session.add(planned)
    await session.flush()
    await _remind(session, office, planned, now)
    await note(session, manager.id, "planned supervision", f"session {planned.id}", now)
    return planned


async def _cancel(session: AsyncSession, planned: SupervisionSession, now: datetime) -> None:
    planned.state = "cancelled"
    assert planned.id is not None
    await outbox.cancel(session, "session", planned.id, "session moved", now)


async def _remind(session: AsyncSession, office: Office, planned: SupervisionSession, now: datetime) -> None:
    moment = office.at(office.speaking.back(planned.planned_on, 1), REMIND_AT)
    assert planned.id is not None
    if moment > now:
        await outbox.plan_all(
            session,
            [
                outbox.Unasked(person_id, "session", planned.id, f"session:{planned.id}:{person_id}", moment)
                for person_id in (planned.worker_id, planned.manager_id)
            ],
        )


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
    await outbox.cancel(session, "session", held.id, "session held", now)
    held.state, held.held_on, held.recorded_at, held.manager_id = "held", day, now, manager.id
    await note(session, manager.id, "held supervision", f"session {held.id}", now)
    await session.flush()
    following = next_day(office, day, held.every)
    planned = (
        await plan_session(session, office, manager, worker, following, held.every, now)
        if following is not None
        else None
    )
    return held, await _actions_of(session, office, held), planned


def next_day(office: Office, day: date, every: str) -> date | None:
    """The working day on or after the next session's date; None where it doesn't repeat."""
    if not every:
        return None
    later = add_months(day, 1, beginning=False) if every == "month" else day + timedelta(weeks=int(every))
    return office.speaking.on_or_after(later)


async def person_of(session: AsyncSession, person_id: int) -> Person:
    """The worker of a session, who may have left."""
    found = await people.person_by_id(session, person_id)
    assert found is not None
    return found
