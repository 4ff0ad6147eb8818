"""Each person's own times, and holding back what would come at the wrong one."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.reminding import Times
from bot.services.office import Office
from storage import cases, hearing, leaves, outbox, people
from storage.ladders import Shape, last_day
from storage.tables import Leave, OutgoingMessage, Person

TOLD_COVER = "on leave: told the cover"


def minute(at: int) -> time:
    """Minutes after midnight as a clock time."""
    return time(*divmod(at, 60))


def times(office: Office, person: Person | Shape, away: Iterable[Leave] = ()) -> Times:
    """The person's times: their own where they chose, else the council's."""
    ladder = office.library.ladder
    return Times(
        days=frozenset(day for day in range(7) if person.work_days >> day & 1),
        quiet_from=minute(person.quiet_from) if person.quiet_from is not None else ladder.quiet_from,
        quiet_to=minute(person.quiet_to) if person.quiet_to is not None else ladder.quiet_to,
        away=tuple((leave.starts_on, leave.until_on) for leave in away),
    )


async def times_of(
    session: AsyncSession, office: Office, person_ids: Iterable[int | None]
) -> dict[int, Times]:
    """The times of several people, in two queries."""
    ids = sorted({person_id for person_id in person_ids if person_id is not None})
    return await times_of_people(session, office, await people.people_by_ids(session, ids))


async def times_of_people(session: AsyncSession, office: Office, known: Iterable[Person]) -> dict[int, Times]:
    """The times of people at hand, in one query."""
    away: dict[int, list[Leave]] = {}
    for leave in await leaves.agreed(session):
        away.setdefault(leave.person_id, []).append(leave)
    return {person.id or 0: times(office, person, away.get(person.id or 0, ())) for person in known}


async def hold_back(session: AsyncSession, office: Office, now: datetime) -> int:
    """What is due and can wait, for people who are off now, waits for them, or goes to whoever covers.

    Returns how many rows waited or went to somebody else.
    """
    await leaves.end_before(session, office.today(now))
    waiting = await hearing.waiting(session, now)
    known = await times_of_people(session, office, [person for person, _bulk in waiting])
    away = await _away(session, office, now)
    held = await _redirect(session, away, await hearing.urgent_for(session, list(away), now), now)
    for person, bulk in waiting:
        held += await _hold(session, office, person, known[person.id or 0], away, now, bulk=bulk)
    return held


async def _away(session: AsyncSession, office: Office, now: datetime) -> Mapping[int, Leave]:
    today = office.today(now)
    found = await leaves.agreed(session)
    return {leave.person_id: leave for leave in found if leave.starts_on <= today <= leave.until_on}


async def _hold(
    session: AsyncSession,
    office: Office,
    person: Person,
    own: Times,
    away: Mapping[int, Leave],
    now: datetime,
    *,
    bulk: bool,
) -> int:
    """Holds back one person's due rows; bulk: whether any of them went to many."""
    local = now.astimezone(office.zone).time()
    off = not own.may_hear(now, office.speaking, office.zone)
    early = bulk and local < office.library.ladder.bulk_from
    if not (off or early):
        return 0
    rows = await hearing.due_for(session, person.id or 0, now)
    held = await _redirect(session, away, await _due_meanwhile(session, away, rows), now)
    for row in rows:
        earliest = office.library.ladder.bulk_from if row.urgency == "bulk" else time(0)
        if row.state == "planned" and (off or earliest > local):
            row.not_before = own.next_hearing(now, office.speaking, office.zone, earliest)
            held += 1
    return held


async def _due_meanwhile(
    session: AsyncSession, away: Mapping[int, Leave], rows: list[OutgoingMessage]
) -> list[OutgoingMessage]:
    """Reminders of clocks that run out before their person is back."""
    found = []
    for row in rows:
        leave = away.get(row.person_id)
        if row.kind != "clock" or leave is None:
            continue
        deadline = await cases.deadline_by_id(session, row.subject_id)
        if deadline is not None and last_day(deadline) <= leave.until_on:
            found.append(row)
    return found


async def _redirect(
    session: AsyncSession, away: Mapping[int, Leave], rows: list[OutgoingMessage], now: datetime
) -> int:
    """These go to the cover instead; what can't wait and has no cover goes to the managers."""
    moved = 0
    for row in rows:
        to = await _instead(session, away[row.person_id], row)
        if row.kind != "clock" or not to:
            continue
        await outbox.plan_all(
            session,
            [
                outbox.Unasked(
                    person_id, row.kind, row.subject_id, f"{row.dedup_key}:for:{person_id}", now, row.urgency
                )
                for person_id in to
            ],
        )
        row.state, row.reason, row.settled_at = "cancelled", TOLD_COVER, now
        moved += 1
    return moved


async def _instead(session: AsyncSession, leave: Leave, row: OutgoingMessage) -> list[int]:
    if leave.cover_id is not None:
        return [leave.cover_id]
    person = await people.person_by_id(session, leave.person_id)
    if row.urgency != "urgent" or person is None:
        return []
    managers = await people.people_of_team(session, person.team_id, "manager")
    return [manager.id for manager in managers if manager.id is not None and manager.id != person.id]
