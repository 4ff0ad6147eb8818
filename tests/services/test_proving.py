"""An administrator's commands stay shut until a server code opens them, for twelve hours from each use."""

import pytest

from bot.rules.errors import NotAllowed
from bot.services import proving
from storage.database import Database
from tests.conftest import StoppedClock
from tests.people import enrol


async def test_twelve_hours_from_the_last_use(database: Database, clock: StoppedClock) -> None:
    async with database.transaction() as session:
        admin = await enrol(session, "Administrator", "admin", clock(), team="Office")
        with pytest.raises(NotAllowed, match="driftless code"):
            await proving.require_fresh(session, admin, clock())
        code = await proving.make_code(session, admin, clock())
        assert await proving.prove(session, admin, code.lower().replace("-", " "), clock()) == ""
        for hours in (12, 12, 11.9):
            await proving.require_fresh(session, admin, clock.forward(hours=hours))
        with pytest.raises(NotAllowed):
            await proving.require_fresh(session, admin, clock.forward(hours=12, seconds=1))


async def test_a_code_works_once_for_ten_minutes_and_only_the_newest(
    database: Database, clock: StoppedClock
) -> None:
    async with database.transaction() as session:
        admin = await enrol(session, "Administrator", "admin", clock(), team="Office")
        older = await proving.make_code(session, admin, clock())
        code = await proving.make_code(session, admin, clock())
        assert "isn't right" in await proving.prove(session, admin, older, clock())
        assert await proving.prove(session, admin, code, clock.forward(minutes=9)) == ""
        assert "isn't right" in await proving.prove(session, admin, code, clock())
        late = await proving.make_code(session, admin, clock())
        assert "has run out" in await proving.prove(session, admin, late, clock.forward(minutes=10))


async def test_five_wrong_codes_lock_for_an_hour(database: Database, clock: StoppedClock) -> None:
    async with database.transaction() as session:
        admin = await enrol(session, "Administrator", "admin", clock(), team="Office")
        code = await proving.make_code(session, admin, clock())
        for _ in range(5):
            assert "isn't right" in await proving.prove(session, admin, "AAAAA-AAAAA", clock())
        assert "Too many" in await proving.prove(session, admin, code, clock())
        fresh = await proving.make_code(session, admin, clock.forward(hours=1))
        assert await proving.prove(session, admin, fresh, clock()) == ""


async def test_others_neither_need_nor_get_a_code(sqlite: Database, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        await proving.require_fresh(session, manager, clock())
        with pytest.raises(NotAllowed, match="no administrator"):
            await proving.make_code(session, manager, clock())
        with pytest.raises(NotAllowed, match="Only administrators"):
            await proving.prove(session, manager, "AAAAA-AAAAA", clock())
