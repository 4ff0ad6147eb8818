"""A simulator with one scene and a demonstration's helpers behind it, for tests of scenes and of the page."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import pytest_asyncio
from starlette.applications import Starlette

from bot.simulator.backstage import Backstage
from bot.simulator.clock import VirtualClock
from bot.simulator.driver import Sim
from bot.simulator.scenes import Scene, read_scene
from bot.simulator.server import build_simulator, serve
from tests.simulator.conftest import START, TOKEN
from tests.simulator.echo_bot import echo_bot

STORY = """
title = "A story"
about = "What it is about."
[[cast]]
name = "Worker A"
begins = "/start {code:worker}"
sees = "Hello."
[[cast]]
name = "Manager"
"""


class House:
    """What a demonstration would lend."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.settled: list[datetime] = []
        self.moments: list[datetime] = []
        self.when_settling: Callable[[], None] = lambda: None

    async def settle(self) -> None:
        self.settled.append(self.clock())
        self.when_settling()

    async def next_moment(self) -> datetime | None:
        return next((moment for moment in self.moments if moment > self.clock()), None)

    async def code(self, role: str) -> str:
        return f"code-for-{role}"


def scene(folder: Path, steps: str, head: str = STORY) -> Scene:
    file = folder / "10-story.toml"
    file.write_text(head + steps, "utf-8")
    return read_scene(file)


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[tuple[Starlette, Sim, House]]:
    """A simulator with the scene of story.toml, and the echo bot."""
    clock = VirtualClock(lambda: START)
    house = House(clock)
    told = scene(tmp_path, (Path(__file__).parent / "story.toml").read_text("utf-8"))
    backstage = Backstage(
        scenes=(told,), next_moment=house.next_moment, settle=house.settle, props={"code": house.code}
    )
    app = build_simulator(clock=clock, bot_token=TOKEN, backstage=backstage)
    app.state.stage.patience = 2.0
    async with serve(app) as port:
        url = f"http://127.0.0.1:{port}"
        async with echo_bot(url), Sim(url) as sim:
            yield app, sim, house
