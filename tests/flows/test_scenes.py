"""Every training scene, played to its end in the demonstration itself, as somebody at the page would."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

import pytest

from bot.demo import Demonstration, demonstration, seed
from bot.scenes import FOLDER
from bot.services.office import Office
from bot.simulator.driver import Sim
from bot.simulator.scenes import load_scenes
from storage.database import Database
from tests.flows.town import running_from

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
    async with opening(ORDINARY) as (_, sim):
        await sim.begins("conference")
        worker = (await sim.people())[0]
        await worker.says("/newcase CP-2001")
        await worker.sees("is added")
        await worker.says("/event CP-2001 icpc 20/11")
        await worker.sees("First core group")
        came = []
        for _ in range(3):
            moment = await sim.move_clock("next-reminder")
            came += [(f"{moment:%a %d %b %H:%M}", one["text"].splitlines()[0]) for one in await sim.fired()]
        assert [when for when, _ in came if "Worker" not in when][:1] == ["Mon 30 Nov 08:30"]
        assert all(text for _, text in came)
