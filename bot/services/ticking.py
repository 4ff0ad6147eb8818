"""Ticking: checklists on a case or one's own, and the steps of an entry; kept, and taken up again later."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.checklists import item_key
from bot.rules.errors import NotFound, Stale
from bot.services.casework import case_within_reach
from bot.services.office import Office
from storage import ticks
from storage.tables import Case, Person

STEPS = "steps"


@dataclass(frozen=True)
class TickList:
    """A list with what is ticked. list_id: a checklist's id, or an entry's for its steps."""

    list_id: str
    title: str
    items: tuple[str, ...]
    ticked: tuple[bool, ...]
    case: Case | None
    steps: bool

    @property
    def done(self) -> int:
        """How many are ticked."""
        return sum(self.ticked)


async def open_list(
    session: AsyncSession, office: Office, person: Person, list_id: str, case_id: int | None, *, steps: bool
) -> TickList:
    """The list as it stands; raises NotFound for one that isn't there or a case out of reach."""
    title, items, per_case = _words(office, list_id, steps=steps)
    case = await case_within_reach(session, person, case_id) if case_id and per_case else None
    assert person.id is not None
    kept = await ticks.ticked(
        session, _kept_id(list_id, steps=steps), person_id=person.id, case_id=case.id if case else None
    )
    ticked = tuple(item_key(item) in kept for item in items)
    return TickList(list_id, title, items, ticked, case, steps)


def _kept_id(list_id: str, *, steps: bool) -> str:
    return f"{STEPS}:{list_id}" if steps else list_id


def _words(office: Office, list_id: str, *, steps: bool) -> tuple[str, tuple[str, ...], bool]:
    if steps:
        entry = office.library.guidance.find(list_id)
        if entry is None:
            raise NotFound("That guidance isn't here any more. Ask your question again.")
        return entry.title, entry.sections.get("Steps", ()), False
    found = office.library.checklists.get(list_id)
    if found is None:
        raise NotFound("That checklist isn't here any more. /checklist shows all of them.")
    return found.title, found.items, found.per == "case"


async def tick(
    session: AsyncSession,
    office: Office,
    person: Person,
    shown: TickList,
    number: int,
    mark: str,
    now: datetime,
) -> TickList:
    """Ticks or unticks item `number` (from 0); Stale where its words have changed since it was shown."""
    if number >= len(shown.items) or not item_key(shown.items[number]).startswith(mark):
        raise Stale("That list has changed since. Open it again, please.")
    assert person.id is not None
    await ticks.toggle(
        session,
        _kept_id(shown.list_id, steps=shown.steps),
        item_key(shown.items[number]),
        person_id=person.id,
        case_id=shown.case.id if shown.case else None,
        now=now,
    )
    case_id = shown.case.id if shown.case else None
    return await open_list(session, office, person, shown.list_id, case_id, steps=shown.steps)
