"""/privacy, /export and /deleteme as people meet them, over HTTP."""

import asyncio
import json
from datetime import timedelta

import httpx
from sqlmodel import col, select

from bot.simulator.driver import SimPerson
from storage.tables import Audit, Person
from tests.flows.town import Town
from tests.services.test_deleting import everywhere


async def _file(town: Town, person: SimPerson, ending: str) -> bytes:
    """The newest file of this kind in the chat."""
    files = [file for one in await person.chat() for file in one.raw["files"]]
    found = next(file for file in reversed(files) if str(file["name"]).endswith(ending))
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{town.url}{found['url']}")).content


async def test_the_notice_in_one_screen_and_whole(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/privacy")
    shown = await worker.sees("Your data here")
    assert len(shown.text) < 900
    assert "by a manager of your team, a head of service of your service" in shown.text
    assert "references in old messages 30 days" in shown.text
    assert list(shown.data) == ["My data", "Delete me", "The whole notice"]
    await worker.presses("The whole notice")
    await worker.sees("Who runs it")
    await worker.presses("More")
    await worker.sees("Page 2 of")
    await worker.presses("Back")
    await worker.sees("Page 1 of")
    await worker.presses("Back")
    await worker.sees("Your data here")


async def test_my_data_comes_as_two_files_to_me_alone(town: Town) -> None:
    worker, other = await town.joined("Worker A"), await town.joined("Worker B")
    await worker.says("/newcase CP-2001")
    await worker.sees("is added")
    before = len(await other.chat())
    await worker.says("/export")
    await worker.sees("Everything held about you")
    await worker.sees("The same for a machine.")
    data = json.loads(await _file(town, worker, ".json"))
    assert data["held"]["case_file"][0]["reference"] == "CP-2001"
    assert data["held"]["person"][0]["telegram_id"] == worker.id
    page = (await _file(town, worker, ".html")).decode()
    assert "What Driftless holds about Worker A" in page
    assert "Worker B" not in page
    assert len(await other.chat()) == before
    async with town.database.transaction() as session:
        said = await session.exec(select(Audit).where(Audit.what == "exported own data"))
        assert len(said.all()) == 1


async def test_in_a_group_nothing_is_told(town: Town) -> None:
    worker = await town.joined("Worker A")
    group = await town.sim.group("Team", worker, privacy=False)
    await group.says(worker, "/export")
    await group.sees("I only talk in private")
    async with town.database.transaction() as session:
        assert (await session.exec(select(Audit).where(Audit.what == "exported own data"))).all() == []


async def _forgotten(town: Town, worker: SimPerson) -> None:
    """Once the last message has gone out, no table holds the account."""
    for _ in range(100):
        async with town.database.transaction() as session:
            if not await everywhere(session, str(worker.id)):
                return
        await asyncio.sleep(0.05)
    async with town.database.transaction() as session:
        assert await everywhere(session, str(worker.id)) == set()


async def test_deleting_oneself(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    other = await town.joined("Worker B")
    await worker.says("/newcase CP-2001")
    added = await worker.sees("is added")
    await worker.says("/privacy")
    await worker.sees("Your data here")
    await worker.presses("Delete me")
    asked = await worker.sees("Delete your account here?")
    assert "Your case goes back to be allocated. Your manager is told." in asked.text
    await worker.presses("Keep it")
    await worker.sees("Nothing was deleted.")
    await worker.presses_data(asked, asked.data["Delete my account"])  # replayed
    await worker.sees_toast("That step is over")
    await worker.says("/deleteme")
    asked = await worker.sees("Delete your account here?")
    await other.presses_data((await other.chat())[-1], asked.data["Delete my account"])
    await other.sees_toast("That step is over")
    await worker.says("how long till the ICPC?")
    await worker.sees("Tap one of the two buttons")
    await worker.presses("Delete my account", on=asked)
    gone = await worker.sees("Your account here is deleted.")
    assert "Now delete this chat too" in gone.text
    assert not gone.rows
    await _forgotten(town, worker)
    await worker.presses_data(gone, asked.data["Delete my account"])  # twice
    await worker.sees_toast("To join, ask your manager")
    await worker.presses("Record an event", on=added)
    await worker.sees_toast("To join, ask your manager")
    assert await worker.menu() == ["start", "help"]
    await town.bot.tick_now()
    told = await manager.sees("A worker of team North has deleted their account here")
    assert "To be allocated: CP-2001" in told.text
    assert "Worker A" not in told.text
    await manager.presses("Allocate CP-2001")
    await manager.sees("Who")
    await manager.presses("Worker B")
    await manager.sees("CP-2001")
    await other.says("/cases")
    await other.sees("CP-2001")
    async with town.database.transaction() as session:
        left = (await session.exec(select(Person).where(col(Person.active).is_(False)))).one()
        assert (left.telegram_id, left.name) == (None, f"Former colleague {left.id}")


async def test_the_button_is_good_for_ten_minutes(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/deleteme")
    await worker.sees("Delete your account here?")
    await town.sim.move_clock(town.clock() + timedelta(minutes=11))
    await worker.presses("Delete my account")
    await worker.sees("That was left for too long")
    await worker.says("/cases")
    await worker.sees("You have no open cases")
