"""What changed: one note in the next digest, to whoever was shown the entry or counts days by it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from bot import delivery
from bot.rules.editions import fingerprint
from bot.rules.events import EVENTS
from bot.rules.guidance import Entry, Guidance
from bot.rules.library import Library
from bot.services import casework, editions, happenings
from bot.services.office import Office
from storage import shown
from storage.database import Database
from storage.tables import EntryNotice
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.morning import Telegram

NOTE = "Guidance that you use has changed: “"


def rewritten(office: Office, slug: str, *, signed: bool = True) -> Office:
    """The office after a line of one entry has changed."""
    entry = office.library.guidance.find(slug)
    assert entry is not None
    first, *others = entry.sections["Short answer"]
    other = Entry(entry.header, {**entry.sections, "Short answer": (f"Now: {first}", *others)})
    entries = tuple(other if one.id == slug else one for one in office.library.guidance.entries)
    library = replace(office.library, guidance=Guidance(entries))
    return replace(office, library=replace(library, signed=frozenset({slug}) if signed else frozenset()))


def signed_off(office: Office, *slugs: str) -> Office:
    return replace(office, library=replace(office.library, signed=frozenset(slugs)))


async def look(database: Database, office: Office, clock: StoppedClock) -> int:
    async with database.transaction() as session:
        return await editions.look(session, office, clock())


async def test_who_was_shown_a_changed_entry_reads_of_it_once_in_the_next_digest(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        other = await enrol(session, "Worker B", "worker", clock())
        await shown.remember(session, worker.id or 0, "icpc", clock())
        await shown.remember(session, other.id or 0, "glossary", clock())
    assert await look(database, signed_off(office, "icpc"), clock) == 0
    changed = rewritten(office, "icpc")
    clock.forward(hours=1)
    assert await look(database, changed, clock) == 1
    assert await look(database, changed, clock) == 0, "the same words again are no change"
    telegram = Telegram()
    await delivery.plan(database, changed, clock())  # the day's digests have passed
    for morning in ("2026-11-25T09:00+00:00", "2026-11-25T15:00+00:00", "2026-11-26T09:00+00:00"):
        await delivery.tick(database, changed, telegram, clock.to(morning))
    said = [text for text in telegram.to(worker) if NOTE in text]
    assert len(said) == 1
    assert "Wed 25 Nov" in said[0]
    assert "Initial child protection conference (ICPC)" in said[0]
    assert not telegram.to(other)


async def test_who_counts_days_by_a_changed_entry_reads_of_it_too(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await enrol(session, "Worker B", "worker", clock())
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        event = EVENTS["icpc-held"]
        await happenings.record_event(session, office, worker, case, event, day("Fri 2026-11-13"), clock())
    core = office.library.guidance.for_clock("core-group-first")
    assert core is not None
    await look(database, signed_off(office, core.id), clock)
    assert await look(database, rewritten(office, core.id), clock) == 1
    async with database.transaction() as session:
        notice = (await session.exec(select(EntryNotice))).one()
        assert (notice.person_id, notice.entry) == (worker.id, core.id)


@pytest.mark.parametrize("days", [89, 91])
async def test_what_was_shown_long_ago_is_nobodys_rule_any_more(
    database: Database, office: Office, clock: StoppedClock, days: int
) -> None:
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await shown.remember(session, worker.id or 0, "icpc", clock() - timedelta(days=days))
    await look(database, signed_off(office, "icpc"), clock)
    assert await look(database, rewritten(office, "icpc"), clock) == (1 if days < 90 else 0)


async def test_words_that_nobody_had_signed_off_change_in_silence(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await shown.remember(session, worker.id or 0, "icpc", clock())
    await look(sqlite, signed_off(office), clock)
    assert await look(sqlite, rewritten(office, "icpc"), clock) == 0
    assert await look(sqlite, office, clock) == 1, (
        "the second words were signed off, the third say other things"
    )


async def test_an_entry_withdrawn_is_told_and_a_new_one_is_not(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    async with sqlite.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        await shown.remember(session, worker.id or 0, "icpc", clock())
    whole = signed_off(office, "icpc")
    without = Guidance(tuple(entry for entry in office.library.guidance.entries if entry.id != "icpc"))
    await look(sqlite, whole, clock)
    assert await look(sqlite, replace(whole, library=replace(whole.library, guidance=without)), clock) == 1
    assert await look(sqlite, whole, clock) == 0


def _entry(office: Office, slug: str) -> Entry:
    entry = office.library.guidance.find(slug)
    assert entry is not None
    return entry


def _with_local(library: Library) -> Library:
    return replace(library, local={**library.local, "icpc": library.local[next(iter(library.local))]})


def test_the_fingerprint_is_of_what_a_reader_relies_on(office: Office) -> None:
    entry, library = _entry(office, "icpc"), office.library
    same = fingerprint(entry, library)
    checked = Entry(replace(entry.header, checked_on=day("Tue 2026-11-24")), entry.sections)
    assert fingerprint(checked, library) == same
    assert fingerprint(entry, replace(library, contacts={**library.contacts, "duty": "another"})) == same
    assert fingerprint(entry, _with_local(library)) != same, "a number behind the words"
    assert fingerprint(_entry(rewritten(office, "icpc"), "icpc"), library) != same
