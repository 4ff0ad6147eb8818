"""A day's planning asks only for whom something is due, and leaves nobody out."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.services import digests, hours
from bot.services.office import Office
from storage import outbox, people
from storage.database import Database
from storage.tables import OutgoingMessage
from tests.conftest import StoppedClock
from tests.people import enrol

MINUTES = (300, 505, 510, 511, 719, 1319, 1320)


async def planned(database: Database) -> dict[int, datetime]:
    """When each person's digest was planned for; each has one at most."""
    async with database.transaction() as session:
        rows = (await session.exec(select(OutgoingMessage).where(OutgoingMessage.kind == "digest"))).all()
    assert len({row.person_id for row in rows}) == len(rows)
    return {row.person_id: row.not_before for row in rows}


async def test_each_digest_is_planned_once_and_when_its_moment_has_come(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        for minute in MINUTES:
            (await enrol(session, f"Worker {minute}", "worker", clock())).digest_minute = minute
    clock.to("2026-11-26T00:01+00:00")
    before: datetime | None = None
    seen: set[int] = set()
    while clock() < datetime.fromisoformat("2026-11-26T23:50+00:00"):
        async with database.transaction() as session:
            await digests.plan_digests(session, office, clock(), before)
        found = await planned(database)
        assert all(moment <= clock() for moment in found.values())
        assert all(before is None or found[new] > before for new in found.keys() - seen)
        before, seen = clock(), set(found)
        clock.forward(minutes=23)
    assert len(seen) == len(MINUTES)


async def test_a_digest_that_is_planned_is_not_looked_at_again(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        one = await enrol(session, "Worker A", "worker", clock())
        await enrol(session, "Worker B", "worker", clock())
        today = office.today(clock())
        assert len(await people.still_to_digest(session, 500, 520, today)) == 2
        assert await people.still_to_digest(session, 511, 520, today) == []
        key = f"digest:{one.id}:{today}"
        await outbox.plan(session, person_id=1, kind="digest", subject_id=1, key=key, not_before=clock())
        assert [left.name for left in await people.still_to_digest(session, 500, 520, today)] == ["Worker B"]
        await outbox.cancel(session, "digest", 1, "not now", clock())
        assert len(await people.still_to_digest(session, 500, 520, today)) == 2


async def test_what_goes_to_many_waits_until_nine_and_holds_nothing_else_up(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    now = clock.to("2026-11-26T08:30+00:00")
    async with database.transaction() as session:
        for name in ("Worker A", "Worker B"):
            await enrol(session, name, "worker", now)
        for person, urgency in ((1, "normal"), (1, "bulk"), (2, "normal")):
            key = f"test:{person}:{urgency}"
            told = outbox.Unasked(person, "test", person, key, now - timedelta(minutes=1), urgency)
            await outbox.plan_all(session, [told])
        assert await hours.hold_back(session, office, now) == 1
    async with database.transaction() as session:
        found = await session.exec(select(OutgoingMessage).where(col(OutgoingMessage.not_before) > now))
        assert [(row.dedup_key, row.not_before.hour) for row in found] == [("test:1:bulk", 9)]
