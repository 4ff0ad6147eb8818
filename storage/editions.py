"""How each entry stood when the bot last started, and who is to hear that one has changed: ids only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import col, exists, func, literal, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Case, Deadline, EntryEdition, EntryNotice, OutgoingMessage, Person, ShownEntry


async def known(session: AsyncSession) -> dict[str, EntryEdition]:
    """Every entry as it stood last, by its id."""
    return {edition.entry: edition for edition in (await session.exec(select(EntryEdition))).all()}


async def tell(
    session: AsyncSession, entry: str, title: str, clocks: Sequence[str], shown_since: datetime, now: datetime
) -> int:
    """Notes for everybody concerned that the entry has changed; an earlier note of it goes. Returns how many.

    Concerned is who was shown it since then, and whose case has an open clock by one of these timescales.
    """
    shown = select(ShownEntry.person_id).where(
        ShownEntry.entry == entry, col(ShownEntry.shown_at) >= shown_since
    )
    counted = (
        select(Case.worker_id)
        .join(Deadline, col(Deadline.case_id) == Case.id)
        .where(
            Deadline.state == "open",
            col(Deadline.timescale_id).in_(clocks),
            col(Case.closed_at).is_(None),
            col(Case.worker_id).is_not(None),
        )
    )
    await session.exec(delete(EntryNotice).where(col(EntryNotice.entry) == entry))
    people = select(col(Person.id), literal(entry), literal(title), literal(now, type_=_moment())).where(
        col(Person.active).is_(True), or_(col(Person.id).in_(shown), col(Person.id).in_(counted))
    )
    await session.exec(insert(EntryNotice).from_select(["person_id", "entry", "title", "changed_at"], people))
    made = select(func.count()).select_from(EntryNotice).where(EntryNotice.entry == entry)
    return (await session.exec(made)).one()


def _moment() -> Any:
    return EntryNotice.__table__.c.changed_at.type  # type: ignore[attr-defined]  # SQLModel's own table


async def unsaid(session: AsyncSession, person_id: int, today: datetime) -> list[EntryNotice]:
    """The notes that no digest before this day (its first moment) has told the person, oldest first."""
    told = exists().where(
        col(OutgoingMessage.person_id) == person_id,
        col(OutgoingMessage.kind) == "digest",
        col(OutgoingMessage.state) == "sent",
        col(OutgoingMessage.settled_at) > EntryNotice.changed_at,
        col(OutgoingMessage.settled_at) < today,
    )
    found = await session.exec(
        select(EntryNotice)
        .where(EntryNotice.person_id == person_id, ~told)
        .order_by(col(EntryNotice.changed_at), col(EntryNotice.id))
    )
    return list(found.all())
