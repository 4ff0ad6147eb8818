"""Which cases drift, and why: facts gathered from the rows, judged by the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.drift import CaseFacts, drift_signs
from bot.rules.plo import Tracker
from bot.rules.visits import Sign
from bot.services import casework
from bot.services.clocks import ClockView
from bot.services.facts import facts_of, running_clocks, standing_events
from bot.services.office import Office
from bot.services.tracking import trackers
from storage import cases, people
from storage.actions import next_actions_of_cases
from storage.tables import Action, Case, Person

_AHEAD = timedelta(weeks=26)


@dataclass(frozen=True)
class Drifting:
    """A case with the signs that it drifts, strongest first."""

    case: Case
    signs: list[Sign]

    @property
    def weight(self) -> int:
        """How strongly it pulls."""
        return sum(sign.weight for sign in self.signs)


async def signs_of(session: AsyncSession, office: Office, case: Case, now: datetime) -> list[Sign]:
    """Every sign of drift of one case."""
    facts = await facts_of(session, office, [case], now)
    return drift_signs(facts[case.id or 0], office.today(now))


async def drifting(session: AsyncSession, office: Office, person: Person, now: datetime) -> list[Drifting]:
    """Every case within the person's reach that shows a sign, the strongest first."""
    held = await cases.open_cases(session, casework.scope_of(person))
    return ranked(held, await facts_of(session, office, held, now), office.today(now))


def ranked(of: Sequence[Case], facts: Mapping[int, CaseFacts], today: date) -> list[Drifting]:
    """The cases that show a sign, the strongest first."""
    judged = (Drifting(case, drift_signs(facts[case.id or 0], today)) for case in of)
    return sorted(
        (found for found in judged if found.signs), key=lambda found: (-found.weight, found.case.reference)
    )


@dataclass(frozen=True)
class Next:
    """What comes next on a case: the clock that runs out first, and the action due first with its owner."""

    clock: ClockView | None
    action: Action | None
    owner: str


async def next_of(session: AsyncSession, office: Office, of: Sequence[Case], today: date) -> dict[int, Next]:
    """What comes next on each of these cases; nothing set and nothing running is itself worth knowing."""
    ids = [case.id or 0 for case in of]
    running = await running_clocks(session, office, of, await standing_events(session, ids), today + _AHEAD)
    actions = await next_actions_of_cases(session, ids)
    found = {}
    for case_id in ids:
        action, owner = actions.get(case_id, (None, ""))
        found[case_id] = Next(next(iter(running[case_id]), None), action, owner)
    return found


async def pre_proceedings(
    session: AsyncSession, office: Office, person: Person, today: date
) -> list[tuple[Case, str, Tracker]]:
    """Every case in pre-proceedings within reach, with its worker's name, the longest first."""
    found = []
    held = await cases.open_cases(session, casework.scope_of(person))
    tracked = await trackers(session, office, held, today)
    for case in held:
        tracker = tracked.get(case.id or 0)
        if tracker is None or tracker.started is None or tracker.ended or tracker.issued:
            continue
        worker = await people.person_by_id(session, case.worker_id) if case.worker_id is not None else None
        found.append((case, worker.name if worker else "", tracker))
    return sorted(found, key=lambda row: row[2].started or today)
