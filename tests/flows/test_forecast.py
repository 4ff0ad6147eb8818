"""What the demonstration's clock can step to."""

from dataclasses import replace

from bot.scenes.forecast import next_moment
from bot.services import supervision
from bot.services.office import Office
from storage.database import Database
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.test_supervision import DRAFT


async def test_beyond_the_known_bank_holidays_nothing_is_foretold(
    sqlite: Database, office: Office, clock: StoppedClock
) -> None:
    clock.to("2028-12-27T10:00+00:00")
    async with sqlite.transaction() as session:
        await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        draft = replace(DRAFT, to="Worker A", due_on=day("Thu 2028-12-28"))
        await supervision.create_action(session, office, manager, draft, clock())
    assert await next_moment(sqlite, office, clock()) is not None
    clock.to("2028-12-29T23:00+00:00")
    assert await next_moment(sqlite, office, clock()) is None
