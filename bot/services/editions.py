"""What changed: who was shown an entry, or counts days by it, hears once that its words are others now."""

from datetime import datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.editions import fingerprint
from bot.services.office import Office
from storage import editions
from storage.tables import EntryEdition, EntryNotice, Person


async def look(session: AsyncSession, office: Office, now: datetime) -> int:
    """Compares each entry with how it stood before; returns how many notes were made.

    A note is made where the council had signed off the former words: until then they were nobody's rule.
    A new entry is only remembered, and a withdrawn one is noted as a changed one.
    """
    before, notes = await editions.known(session), 0
    for entry in office.library.guidance.entries:
        print_now, signed = fingerprint(entry, office.library), entry.id in office.library.signed
        former = before.pop(entry.id, None)
        if former is None:
            session.add(
                EntryEdition(
                    entry=entry.id, title=entry.title, fingerprint=print_now, signed=signed, since=now
                )
            )
            continue
        if former.fingerprint != print_now:
            if former.signed:
                notes += await _tell(session, office, entry.id, entry.title, entry.header.clocks, now)
            former.fingerprint, former.title, former.since = print_now, entry.title, now
        former.signed = signed
    for gone in before.values():
        if gone.signed:
            notes += await _tell(session, office, gone.entry, gone.title, (), now)
        await session.delete(gone)
    return notes


async def _tell(
    session: AsyncSession, office: Office, entry: str, title: str, clocks: tuple[str, ...], now: datetime
) -> int:
    since = office.notice.retention.cut_off("shown", now) or now
    return await editions.tell(session, entry, title, clocks, since, now)


async def changed_for(
    session: AsyncSession, office: Office, person: Person, now: datetime
) -> list[EntryNotice]:
    """The changed entries that the person's digest of this day tells, the same all day."""
    assert person.id is not None
    return await editions.unsaid(session, person.id, office.at(office.today(now), time(0)))
