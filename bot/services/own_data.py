"""Everything that is held about one person: for themselves, or for an administrator who answers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import reach
from bot.services.auditing import note
from bot.services.caseload import scope_for
from bot.services.office import Office
from storage import mentions, people
from storage.mentions import MENTIONS, Mention
from storage.tables import Person

YOU, SOMEBODY = "you", "a colleague"
NOT_YOURS = "a case that isn't within your reach now"
_PERSON = re.compile(r"\bperson (\d+)")
_CASE = re.compile(r"\bcase (\d+)")
Value = str | int | float | bool | datetime | date | None


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included, as the office's days."""

    first: date
    last: date


@dataclass(frozen=True)
class Part:
    """One table's rows about the person: column and value, in the table's order."""

    table: str
    rows: Sequence[Mapping[str, Value]]


@dataclass(frozen=True)
class OwnData:
    """Every part, also the empty ones; what is not in it, with why."""

    person: Person
    made_at: datetime
    period: Period | None
    parts: Sequence[Part]
    not_held: Mapping[str, str]


async def own_data(session: AsyncSession, office: Office, person: Person, now: datetime) -> OwnData:
    """The person's own copy; a line in the audit trail says that it was made."""
    found = await gather(session, office, person, now)
    await note(session, person.id, "exported own data", f"person {person.id}", now)
    return found


async def gather(
    session: AsyncSession, office: Office, person: Person, now: datetime, period: Period | None = None
) -> OwnData:
    """Reads every table that mentions the person.

    Others stand in it as "a colleague", and a case by its reference only where the person reaches it now.
    """
    assert person.id is not None
    await session.flush()
    since = office.at(period.first, time(0)) if period is not None else None
    until = office.at(period.last + timedelta(days=1), time(0)) if period is not None else None
    found = [(one, await mentions.rows_of(session, one, person.id, since, until)) for one in MENTIONS]
    names = await _names(session, person, found)
    parts = [
        Part(str(one.table.__tablename__), [names.shown(one, row) for row in rows]) for one, rows in found
    ]
    return OwnData(person, now, period, parts, not_held())


def not_held() -> dict[str, str]:
    """Tables that nobody's copy holds, with why."""
    return {str(table.__tablename__): why for table, why in mentions.EXCEPTIONS.items()}


@dataclass(frozen=True)
class _Names:
    """What ids stand for in this person's copy."""

    me: int
    teams: Mapping[int, str]
    references: Mapping[int, str]
    clocks: Mapping[int, int]

    def shown(self, mention: Mention, row: Any) -> dict[str, Value]:
        mine = not mention.people or getattr(row, mention.people[0]) == self.me
        given: dict[str, Value] = {}
        if mention.case:
            given["case"] = self._case(getattr(row, mention.case), mention.case)
        for column in mention.people if len(mention.people) > 1 or not mine else ():
            given[column.removesuffix("_id")] = self._person(getattr(row, column))
        for column in mention.shown:
            if mine or column not in mention.own:
                given["team" if column == "team_id" else column] = self._value(column, getattr(row, column))
        return given

    def _person(self, person_id: int | None) -> str:
        return "" if person_id is None else YOU if person_id == self.me else SOMEBODY

    def _case(self, row_id: int | None, column: str) -> str:
        if row_id is None:
            return ""
        case_id = self.clocks.get(row_id, 0) if column == "deadline_id" else row_id
        return self.references.get(case_id, NOT_YOURS)

    def _value(self, column: str, value: Value) -> Value:
        if column == "team_id":
            return self.teams.get(int(str(value)), "")
        if column == "subject":
            said = _PERSON.sub(lambda found: self._person(int(found[1])), str(value))
            return _CASE.sub(lambda found: self._case(int(found[1]), "case_id"), said)
        return value


async def _names(
    session: AsyncSession, person: Person, found: Sequence[tuple[Mention, Sequence[Any]]]
) -> _Names:
    clock_ids = {
        row.deadline_id for one, rows in found if one.case == "deadline_id" for row in rows if row.deadline_id
    }
    clocks = await mentions.cases_of_clocks(session, sorted(clock_ids))
    ids = {row.case_id for one, rows in found if one.case == "case_id" for row in rows if row.case_id}
    for _, rows in found:
        for row in rows:
            ids |= {int(case_id) for case_id in _CASE.findall(str(getattr(row, "subject", "")))}
    far = reach(person.role, "cases") if person.active else "none"
    scope = scope_for(person, far) if far != "none" else None
    references = await mentions.references_of(session, sorted(ids | set(clocks.values())), scope)
    teams = {team.id or 0: team.name for team in await people.teams(session)}
    return _Names(person.id or 0, teams, references, clocks)
