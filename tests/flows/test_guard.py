"""A name that is typed is deleted at once and kept nowhere, over real HTTP."""

import pytest
from sqlmodel import select

from bot.services.office import Office
from storage.database import Database
from storage.tables import Audit, InboxUpdate, Question
from tests.flows.town import town_at


async def _kept(database: Database) -> str:
    async with database.transaction() as session:
        rows = [
            *(await session.exec(select(InboxUpdate))).all(),
            *(await session.exec(select(Question))).all(),
        ]
        rows += (await session.exec(select(Audit))).all()
        return " ".join(str(row.model_dump()) for row in rows).lower()


async def test_a_name_is_deleted_and_nothing_of_it_is_kept(
    address: str, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    async with town_at(address, office) as town:
        worker = await town.joined("Worker A")
        await worker.says("tyler kowalczyk dob 3/4/15 not seen alone again")
        reply = await worker.sees("I’ve deleted that")
        assert "a name and a date of birth" in reply.text
        assert "Say it with the case reference" in reply.text
        shown = " ".join(message.text for message in await worker.chat())
        assert "kowalczyk" not in shown
        assert "kowalczyk" not in await _kept(town.database)
        assert "kowalczyk" not in caplog.text.lower()
        await worker.presses("Why?")
        await worker.sees("goes through Telegram")


async def test_danger_comes_first_even_with_a_name(sqlite_address: str, office: Office) -> None:
    async with town_at(sqlite_address, office) as town:
        worker = await town.joined("Worker A")
        await worker.says("at tylers house dad has a knife and is attacking tyler kowalczyk now")
        await worker.sees("999")
        await worker.sees("I’ve deleted that")


async def test_a_colleague_is_named_where_one_is_asked_for(sqlite_address: str, office: Office) -> None:
    async with town_at(sqlite_address, office) as town:
        await town.joined("Tyler")
        manager = await town.joined("Manager", "manager")
        lines = ("/action", "to: Tyler", "do: two direct-work sessions", "why: her view in the plan")
        await manager.says("\n".join((*lines, "measure: two sessions recorded", "by: 11/12")))
        await manager.sees("Tyler")
        await manager.says("tyler not seen alone")
        await manager.sees("I’ve deleted that")


async def test_a_name_in_the_place_of_a_code_is_deleted_too(sqlite_address: str, office: Office) -> None:
    async with town_at(sqlite_address, office) as town:
        worker = await town.joined("Worker A")
        for typed in ("/start kowalczyk", "/kowalczyk"):
            await worker.says(typed)
            await worker.sees("I’ve deleted that")
        assert "kowalczyk" not in await _kept(town.database)
        assert "kowalczyk" not in " ".join(message.text for message in await worker.chat())
