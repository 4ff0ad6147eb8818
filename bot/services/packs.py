"""The supervision page of one worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import manages, require
from bot.rules.errors import NotFound
from bot.services import board, supervision, supervision_sessions
from bot.services.clocks import ClockView
from bot.services.facts import running_clocks, standing_events
from bot.services.office import Office
from bot.services.supervision import ShareView
from storage import boards, sessions
from storage.tables import Case, Person, SupervisionSession, Visit

CLOCKS_AHEAD = 10
"""How many working days of clocks the page looks ahead."""


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
        last_actions=await supervision_sessions.actions_of(session, office, last) if last is not None else [],
        planned=await sessions.planned_of(session, worker.id),
    )


def _visits(case: Case, newest_first: Sequence[Visit]) -> LastVisits:
    return LastVisits(
        case,
        next(iter(newest_first), None),
        next((visit for visit in newest_first if visit.seen == "alone"), None),
    )
