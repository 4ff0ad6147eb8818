"""Takes a person out of the rows: what is theirs alone goes, what is the council's names nobody."""

import re

from sqlalchemy import delete, update
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bulk import batches
from storage.tables import (
    Action,
    ActionChange,
    ActionRecipient,
    AdminProof,
    Allocation,
    Broadcast,
    BroadcastRecipient,
    Case,
    Deadline,
    Dialogue,
    EntryNotice,
    Flood,
    InboxUpdate,
    JoinAttempts,
    Leave,
    NamedMessage,
    OutgoingMessage,
    Person,
    SendingLane,
    ShownEntry,
    SupervisionSession,
    Tick,
    WebKey,
)

_THEIR_OWN = (AdminProof, Dialogue, EntryNotice, NamedMessage, OutgoingMessage, ShownEntry, WebKey)
_GIVEN_TO = "Given to "


async def forget_account(session: AsyncSession, telegram_id: int) -> None:
    """Wrong codes tried, floods, when it wrote, and when its chat may be written to."""
    await session.exec(delete(Flood).where(col(Flood.account) == telegram_id))
    await session.exec(
        update(InboxUpdate).where(col(InboxUpdate.account) == telegram_id).values(account=None)
    )
    await session.exec(delete(JoinAttempts).where(col(JoinAttempts.telegram_id) == telegram_id))
    await session.exec(delete(SendingLane).where(col(SendingLane.key) == f"chat:{telegram_id}"))


async def forget_own(session: AsyncSession, person_id: int) -> None:
    """Whatever is kept for the person alone, leave and lists ticked off for oneself among it."""
    for table in _THEIR_OWN:
        await session.exec(
            delete(table)
            .where(col(table.person_id) == person_id)
            .execution_options(synchronize_session=False)
        )
    await session.exec(delete(Tick).where(col(Tick.person_id) == person_id, col(Tick.case_id).is_(None)))
    await session.exec(delete(Leave).where(col(Leave.person_id) == person_id))
    await session.exec(update(Leave).where(col(Leave.cover_id) == person_id).values(cover_id=None))
    await session.exec(
        update(SupervisionSession)
        .where(
            or_(
                col(SupervisionSession.worker_id) == person_id,
                col(SupervisionSession.manager_id) == person_id,
            ),
            col(SupervisionSession.state) == "planned",
        )
        .values(state="cancelled")
    )


async def end_snoozes(session: AsyncSession, case_ids: list[int]) -> None:
    """Nobody put these cases' clocks off any more; how often it was done stays with the case."""
    for ids in batches(case_ids):
        await session.exec(
            update(Deadline)
            .where(col(Deadline.case_id).in_(ids))
            .values(snoozed_until=None, snooze_reason="")
        )


async def rename(session: AsyncSession, person: Person, new: str) -> None:
    """The person is called so from now on, also where the name was written into words by the program."""
    old, person.name = person.name, new
    await session.flush()
    team = select(Person.id).where(Person.team_id == person.team_id)
    theirs = select(ActionRecipient.action_id).where(ActionRecipient.person_id == person.id)
    about = select(Action.id).where(or_(col(Action.manager_id).in_(team), col(Action.id).in_(theirs)))
    for column in (ActionChange.before, ActionChange.after):
        await session.exec(
            update(ActionChange)
            .where(col(ActionChange.action_id).in_(about), col(column) == old)
            .values({column: new})
            .execution_options(synchronize_session=False)
        )
    await session.exec(
        update(ActionRecipient)
        .where(col(ActionRecipient.action_id).in_(about), col(ActionRecipient.reason) == f"{_GIVEN_TO}{old}")
        .values(reason=f"{_GIVEN_TO}{new}")
        .execution_options(synchronize_session=False)
    )
    await _rename_in_announcements(session, person.id or 0, old, new)


async def _rename_in_announcements(session: AsyncSession, person_id: int, old: str, new: str) -> None:
    """To whom it was sent, as typed; and who was outstanding, as last shown."""
    received = select(BroadcastRecipient.broadcast_id).where(BroadcastRecipient.person_id == person_id)
    name = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.IGNORECASE)
    for broadcast in await session.exec(select(Broadcast).where(col(Broadcast.id).in_(received))):
        broadcast.to_words = name.sub(new, broadcast.to_words)
        broadcast.progress_shown = name.sub(new, broadcast.progress_shown)


async def to_be_allocated(session: AsyncSession, person_id: int) -> list[Case]:
    """Open cases that this person held last and nobody holds now, by reference."""
    latest = (
        select(Allocation.worker_id)
        .where(Allocation.case_id == Case.id)
        .order_by(col(Allocation.id).desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    found = await session.exec(
        select(Case)
        .where(col(Case.worker_id).is_(None), col(Case.closed_at).is_(None), latest == person_id)
        .order_by(Case.reference)
    )
    return list(found.all())
