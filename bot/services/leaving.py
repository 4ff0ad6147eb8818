"""Somebody leaves: access ends at once, the account is unlinked, the caseload moves or is listed."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require_ending, require_manager
from bot.rules.errors import Refusal
from bot.services import caseload
from bot.services.auditing import note
from bot.services.office import Office
from storage import actions, allocations, cases, dialogues, erasing, leaves, outbox, web_keys
from storage.tables import Case, Person

_WEB_KEYS = ("link", "session", "calendar")


@dataclass(frozen=True)
class Left:
    """What became of it. unheld: cases that nobody holds now. actions: how many still name the leaver."""

    person: Person
    taker: Person | None
    moved: list[Case]
    unheld: list[Case]
    actions: int


async def leaver_in_reach(session: AsyncSession, by: Person, typed: str) -> Person:
    """The colleague whose access `by` may end; raises NotAllowed, NotFound, or Refusal for oneself."""
    require_manager(by.role, "people")
    found = await caseload.person_in_reach(session, by, "people", typed)
    if found.id == by.id:
        raise Refusal("Your own access is ended by somebody else: your head of service or the administrator.")
    require_ending(by.role, found.role)
    return found


async def leave(
    session: AsyncSession,
    office: Office,
    person: Person,
    taker: Person | None,
    now: datetime,
    *,
    by: int | None,
) -> Left:
    """Ends all access in one transaction. The cases go to `taker`, or to nobody until they are handed over.

    What was waiting to be told to the leaver is cancelled; buttons already sent have no effect, because
    they belong to an account that nobody is known by any more.
    """
    assert person.id is not None
    if taker is not None and taker.id == person.id:
        raise Refusal("The cases can't go to the person who leaves. Choose somebody else.")
    held = await cases.open_cases(session, cases.Scope(worker_id=person.id))
    if taker is not None and held:
        await caseload.move(session, office, held, taker, now, by=by)
    elif held:
        await _nobody_holds(session, office, held, now)
    left_over = len(await actions.open_shares_of_person(session, person.id))
    if person.telegram_id is not None:
        await erasing.forget_account(session, person.telegram_id)
    person.active, person.telegram_id, person.email = False, None, ""
    await session.flush()
    await outbox.cancel_for_person(session, person.id, "has left", now)
    await dialogues.end(session, person.id)
    await leaves.end_all(session, person.id)
    for purpose in _WEB_KEYS:
        await web_keys.end_all(session, person.id, purpose, now)
    await note(session, by, "ended access", f"person {person.id}", now)
    moved, unheld = (held, []) if taker is not None else ([], held)
    return Left(person, taker, moved, unheld, left_over)


async def _nobody_holds(session: AsyncSession, office: Office, held: list[Case], now: datetime) -> None:
    today = office.today(now)
    for case in held:
        assert case.id is not None
        await allocations.end_current(session, case.id, today)
        case.worker_id = None
