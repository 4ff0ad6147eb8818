"""Every training scene, played to its end in the demonstration itself, as somebody at the page would."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.demo import Demonstration, demonstration, seed
from bot.scenes import FOLDER
from bot.services.office import Office
from bot.simulator.driver import Sim
from bot.simulator.scenes import load_scenes
from storage import people
from storage.database import Database
from tests.browser import browser
from tests.flows.test_story import SHOTS
from tests.flows.town import running_from

__all__ = ["browser"]

SCENES = [scene.id for scene in load_scenes(FOLDER)]
ORDINARY = "2026-11-27T15:00+00:00"
BEFORE_CHRISTMAS = "2026-12-16T15:00+00:00"

Shown = tuple[Demonstration, Sim]
Opening = Callable[[str], AbstractAsyncContextManager[Shown]]


@pytest.fixture
def opening(sqlite: Database, office: Office) -> Opening:
    """Opens the demonstration at a moment."""

    @asynccontextmanager
    async def opened(start: str) -> AsyncIterator[Shown]:
        clock = running_from(datetime.fromisoformat(start))
        async with demonstration(sqlite, office, clock) as shown, Sim(shown.url) as sim:
            yield shown, sim
            assert await sim.refusals() == []

    return opened


async def _troubles(play: Awaitable[list[dict[str, object]]]) -> list[str]:
    return [f"step {step['number']}: {step['trouble']}" for step in await play if step["state"] != "done"]


def test_the_scenes_that_were_asked_for_are_there() -> None:
    assert SCENES == ["week", "conference", "pre-proceedings", "leaving"]


@pytest.mark.parametrize("scene", SCENES)
async def test_a_scene_goes_as_told(opening: Opening, scene: str) -> None:
    """From nothing: its people join with codes of their own."""
    async with opening(ORDINARY) as (_, sim):
        assert await _troubles(sim.plays(scene)) == []


@pytest.mark.parametrize("scene", SCENES)
async def test_a_scene_goes_as_told_among_other_cases_and_over_christmas(
    opening: Opening, scene: str
) -> None:
    async with opening(BEFORE_CHRISTMAS) as (shown, sim):
        await seed(shown)
        assert await _troubles(sim.plays(scene)) == []


async def test_the_scenes_follow_each_other_and_one_can_be_played_again(opening: Opening) -> None:
    async with opening(ORDINARY) as (shown, sim):
        await seed(shown)
        for scene in ("leaving", "leaving", "conference"):
            assert await _troubles(sim.plays(scene)) == []


async def test_the_clock_steps_from_reminder_to_reminder(opening: Opening) -> None:
    async with opening(ORDINARY) as (shown, sim):
        worker = await sim.person("Worker A")
        await worker.says(f"/start {await shown.code('worker')}")
        await worker.sees("Hello")
        await worker.says("/settings discreet off")
        await worker.sees("Discreet: off")
        with pytest.raises(AssertionError, match="no reminder is planned"):
            await sim.move_clock("next-reminder")
        await worker.says("/newcase CP-2001")
        await worker.sees("is added")
        await worker.says("/event CP-2001 icpc 20/11")
        await worker.sees("First core group")
        moments = [f"{await sim.move_clock('next-reminder'):%a %d %b %H:%M}" for _ in range(7)]
        assert moments == [
            "Mon 30 Nov 08:30",
            "Tue 01 Dec 08:30",
            "Wed 02 Dec 08:30",
            "Thu 03 Dec 08:30",
            "Thu 03 Dec 14:00",
            "Fri 04 Dec 08:30",
            "Fri 04 Dec 09:00",
        ]
        heads = [one["text"].splitlines()[0] for one in await sim.fired()]
        assert heads == [
            "2 clocks: 2 due today.",
        ]


async def test_an_action_that_is_not_done_is_stepped_to(opening: Opening) -> None:
    async with opening(ORDINARY) as (shown, sim):
        for name, role in (("Worker A", "worker"), ("Manager", "manager")):
            person = await sim.person(name)
            await person.says(f"/start {await shown.code(role)}")
            await person.sees("Hello")
        await person.says(
            "/action\nto: Worker A\ndo: the chronology\nwhy: to see it\nmeasure: filed\nby: Mon 30 Nov"
        )
        await person.sees("Sent to Worker A")
        async with shown.database.transaction() as session:
            for member in await people.everybody(session):
                member.digest_minute = 10 * 60
        moments = [f"{await sim.move_clock('next-reminder'):%a %d %b %H:%M}" for _ in range(3)]
        assert moments == ["Mon 30 Nov 09:00", "Mon 30 Nov 10:00", "Tue 01 Dec 10:00"]
        assert {one["chat"] for one in await sim.fired()} == {"Worker A", "Manager"}


async def test_a_scene_in_the_browser(opening: Opening, browser: Browser) -> None:
    async with opening(ORDINARY) as (shown, _):
        await seed(shown)
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        await page.goto(shown.url)
        await page.wait_for_selector("body[data-ready]")
        await page.get_by_role("button", name="Scenes").click()
        await page.get_by_role("button", name="Play: From a strategy discussion").click()
        strip = page.get_by_label("Scene being played")
        for number in range(1, 10):
            await expect(strip).to_contain_text(f"step {number} of 16", timeout=15_000)
            await page.get_by_role("button", name="Next step").click()
        await expect(strip).to_contain_text("The sum is shown", timeout=15_000)
        await expect(page.get_by_label("Messages of Worker A")).to_contain_text("15 working days from")
        if SHOTS:
            await page.wait_for_timeout(300)
            await page.screenshot(path=Path(SHOTS) / "scene.png")
        assert troubles == []
