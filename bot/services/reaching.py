"""People who can't be reached: their manager hears of it once, their messages wait, one digest is next."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from storage import outbox, people
from storage.tables import Person

LOST = "unreachable"
_IN_A_DIGEST = ("clock", "digest", "action-new", "action-due", "action-redated")
"""Kinds that a digest says as well: they are put away in its favour. All others come by themselves."""
BY_MAIL = ("clock", "digest", "action-due")
"""Kinds that go by e-mail meanwhile, to those whose address is known."""
_NEWEST = ("weekly", "practice")
"""Summaries of a whole: of several that waited only the newest comes."""


async def lost(session: AsyncSession, person_id: int, now: datetime) -> None:
    """Telegram takes no message for this person any more: their rows wait, their managers are told once."""
    person = await people.person_by_id(session, person_id)
    if person is None or not person.reachable:
        return
    person.reachable = False
    managers = await people.people_of_team(session, person.team_id, "manager")
    await outbox.plan_all(
        session,
        [
            outbox.Unasked(
                manager.id, LOST, person_id, f"{LOST}:{person_id}:{manager.id}:{now.isoformat()}", now
            )
            for manager in managers
            if manager.id is not None and manager.id != person_id
        ],
    )


async def back(session: AsyncSession, person: Person, now: datetime) -> None:
    """The person can be reached again: what became due meanwhile is told in one digest."""
    if person.reachable:
        return
    person.reachable = True
    assert person.id is not None
    put_away = await outbox.put_away_due(session, person.id, _IN_A_DIGEST, now)
    await outbox.keep_newest(session, person.id, _NEWEST, now)
    if put_away or person.email:  # what went by e-mail is said again, in one
        await outbox.plan(
            session,
            person_id=person.id,
            kind="digest",
            subject_id=person.id,
            key=f"digest-back:{person.id}:{now.isoformat()}",
            not_before=now,
        )
