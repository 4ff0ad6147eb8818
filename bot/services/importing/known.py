"""What is known before a file is read: people, cases, what happened on them and their clocks."""

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.importing.report import BadField
from storage import bulk
from storage.tables import CaseEvent, Deadline, Person

_HOLD_CASES = ("worker", "manager")


class Workers:
    """Everybody who may hold a case, by name."""

    def __init__(self, people: Sequence[tuple[Person, str]]) -> None:
        """people: each person with their team's name."""
        self._teams = {team.casefold() for _person, team in people}
        self._named: dict[tuple[str, str], list[Person]] = defaultdict(list)
        for person, team in people:
            if person.role in _HOLD_CASES:
                for where in ("", team.casefold()):
                    self._named[where, person.name.casefold()].append(person)

    def find(self, typed: str) -> Person:
        """ "Worker A", or "North/Worker A" where two teams have one of that name; raises BadField."""
        team, _slash, name = (part.strip() for part in typed.rpartition("/"))
        if team and team.casefold() not in self._teams:
            raise BadField("worker", typed, f"there is no team {team}", "a team that somebody has joined")
        found = self._named.get((team.casefold(), name.casefold()), [])
        if not found:
            raise BadField(
                "worker", typed, "nobody of that name has joined", "a worker's name as they joined with it"
            )
        if len(found) > 1:
            raise BadField("worker", typed, "that name is in several teams", f"Team/{name}")
        return found[0]


async def known_workers(session: AsyncSession) -> Workers:
    """Everybody who has joined."""
    return Workers([(person, team.name) for person, team in await bulk.people_with_teams(session)])


async def events_by_case(session: AsyncSession, case_ids: Sequence[int]) -> dict[int, list[CaseEvent]]:
    """What was ever recorded on each of these cases."""
    found: dict[int, list[CaseEvent]] = defaultdict(list)
    for event in await bulk.all_events_of_cases(session, case_ids):
        found[event.case_id].append(event)
    return found


async def deadlines_by_case(session: AsyncSession, case_ids: Sequence[int]) -> dict[int, list[Deadline]]:
    """The clocks of each of these cases."""
    found: dict[int, list[Deadline]] = defaultdict(list)
    for deadline in await bulk.deadlines_of_cases(session, case_ids):
        found[deadline.case_id].append(deadline)
    return found
