"""Beyond the known bank holidays nothing is counted, but everything that is due is still said."""

from dataclasses import replace

import pytest

from bot.delivery import tick
from bot.rules.calendar import HolidaysUnknown
from bot.scenes.forecast import next_moment
from bot.services import supervision
from bot.services.office import Office
from storage.database import Database
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol
from tests.services.test_supervision import DRAFT, Chats


async def test_the_bot_still_speaks_in_a_year_whose_bank_holidays_are_unknown(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    chats = Chats()
    clock.to("2028-12-27T10:00+00:00")
    async with database.transaction() as session:
        worker = await enrol(session, "Worker A", "worker", clock())
        manager = await enrol(session, "Manager", "manager", clock())
        await enrol(session, "Practice lead", "practice-lead", clock())
        draft = replace(DRAFT, to="Worker A", due_on=day("Thu 2028-12-28"))
        await supervision.create_action(session, office, manager, draft, clock())
    for moment in ("2028-12-27T10:01", "2029-01-02T10:00", "2029-01-03T10:00", "2029-01-08T10:00"):
        await tick(database, office, chats, clock.to(f"{moment}+00:00"))
        foretold = await next_moment(database, office, clock())
        assert foretold is not None
        assert foretold > clock()
    assert len(chats.to(worker.telegram_id)) >= 2, "the action, and that it is overdue"
    with pytest.raises(HolidaysUnknown):
        office.calendar.forward(day("Thu 2028-12-28"), 5)
