"""Scenes: read strictly, played step by step, honest about what did not happen."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette

from bot.simulator.backstage import Backstage
from bot.simulator.clock import VirtualClock
from bot.simulator.driver import Sim
from bot.simulator.moving import moment_of
from bot.simulator.scenes import BrokenScene, load_scenes
from bot.simulator.server import build_simulator, serve
from bot.simulator.telegram import Telegram
from tests.simulator.conftest import START, TOKEN
from tests.simulator.staging import STORY, House, scene, stage

__all__ = ["stage"]


async def test_a_scene_is_played_step_by_step(stage: tuple[Starlette, Sim, House]) -> None:
    _, sim, house = stage
    offered = await sim.get("/sim/scenes")
    assert offered["scenes"] == [
        {"id": "story", "title": "A story", "about": "What it is about.", "steps": 9}
    ]
    begun = await sim.begins("story")
    assert [step["state"] for step in begun["steps"]][:2] == ["next", "later"]
    worker, manager = await sim.people()
    assert "/start code-for-worker" in [message.text for message in await worker.chat()]
    assert await manager.chat() == []
    first = await sim.next_step()
    assert (first["tell"], first["learn"], first["state"]) == ("The worker speaks.", "It is heard.", "done")
    assert (await worker.chat())[-1].text == "You said: CP-01 on 01/11/2026"
    assert (await sim.next_step())["state"] == "done"  # /start
    assert (await sim.next_step())["state"] == "done"  # a press, with its toast
    assert (await sim.next_step())["state"] == "done"  # the clock, to Wednesday
    assert house.settled == [await sim.now()] == [datetime(2026, 11, 4, 8, 31, tzinfo=UTC)]


async def test_what_does_not_happen_is_told_and_the_scene_goes_on(
    stage: tuple[Starlette, Sim, House],
) -> None:
    _, sim, _ = stage
    steps = await sim.plays("story")
    troubles = {step["number"]: step["trouble"] for step in steps if step["state"] == "failed"}
    assert troubles == {
        5: "Manager did not see “what nobody says”.",
        6: "Worker A got no note with “a note that never comes”.",
        7: "Worker A heard something, and should not have.",
        8: "Worker A has no button “Nowhere”",
        9: "no reminder is planned",
    }
    assert (await sim.get("/sim/scenes"))["playing"]["over"] is True
    with pytest.raises(AssertionError, match=r"refused \(409\): no scene is being played"):
        await sim.next_step()


async def test_references_differ_from_play_to_play_and_nobody_joins_twice(
    stage: tuple[Starlette, Sim, House],
) -> None:
    _, sim, _ = stage
    for _ in range(2):
        await sim.begins("story")
        assert (await sim.next_step())["state"] == "done"
    worker, manager = await sim.people()
    said = [message.text for message in await worker.chat() if not message.from_bot]
    assert said == ["/start code-for-worker", "CP-01 on 01/11/2026", "CP-02 on 01/11/2026"]
    await worker.blocks()
    await manager.goes_offline()
    await sim.begins("story")
    assert [(p["blocked"], p["offline"]) for p in await sim.get("/sim/people")] == [(False, False)] * 2


async def test_a_scene_can_be_ended_and_only_one_step_is_played_at_a_time(
    stage: tuple[Starlette, Sim, House],
) -> None:
    app, sim, _ = stage
    await sim.begins("story")
    async with app.state.stage._busy:
        with pytest.raises(AssertionError, match=r"refused \(409\): a step is being played"):
            await sim.next_step()
    assert (await sim.delete("/sim/scenes/playing"))["playing"] is None
    with pytest.raises(AssertionError, match=r"refused \(404\): no such scene"):
        await sim.begins("another")


async def test_the_cast_can_not_come_in_when_the_bot_is_silent(tmp_path: Path) -> None:
    clock = VirtualClock(lambda: START)
    told = scene(
        tmp_path, '[[steps]]\ntell = "x"\nwho = "Worker A"\nsays = "x"', STORY.replace("{code:worker}", "")
    )
    app = build_simulator(clock=clock, bot_token=TOKEN, backstage=Backstage(scenes=(told,)))
    app.state.stage.patience = 0.1
    async with serve(app) as port, Sim(f"http://127.0.0.1:{port}") as sim:
        with pytest.raises(AssertionError, match="Worker A could not come in"):
            await sim.begins("story")
        assert (await sim.get("/sim/scenes"))["playing"] is None
        with pytest.raises(AssertionError, match="nobody has told this simulator"):
            await sim.move_clock("next-reminder")


async def test_the_clock_steps_to_the_next_reminder_and_tells_what_came(
    stage: tuple[Starlette, Sim, House],
) -> None:
    app, sim, house = stage
    worker = await sim.person("Worker A")
    await worker.says("/start")
    await worker.sees("Hello")
    house.moments = [START + timedelta(days=days) for days in (1, 2)]
    telegram: Telegram = app.state.telegram

    def speak_on_the_second_day() -> None:
        if telegram.clock() >= house.moments[1]:
            telegram.post(telegram.chats[worker.id], telegram.bot, words="Due today")

    house.when_settling = speak_on_the_second_day
    assert await sim.move_clock("next-reminder") == house.moments[1]
    came = [("Worker A", "Due today", "2026-11-05T10:00:00+00:00")]
    assert [(one["chat"], one["text"], one["at"]) for one in await sim.fired()] == came
    with pytest.raises(AssertionError, match="no reminder is planned"):
        await sim.move_clock("next-reminder")
    await worker.says("thanks")
    await worker.sees("You said: thanks")
    assert len(await sim.fired()) == 1, "an answer is nothing that came of the clock"
    house.when_settling = lambda: None
    await sim.move_clock(hours=1)
    assert await sim.fired() == []


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("Tuesday 10:01", "2026-11-03T10:01+00:00"),
        ("Tuesday 10:00", "2026-11-10T10:00+00:00"),
        ("Monday 08:30", "2026-11-09T08:30+00:00"),
        ("1 day 09:00", "2026-11-04T09:00+00:00"),
        ("14 days 16:00", "2026-11-17T16:00+00:00"),
        ("next-morning", "2026-11-04T08:30+00:00"),
    ],
)
def test_moments_are_given_as_people_say_them(words: str, moment: str) -> None:
    assert moment_of(VirtualClock(lambda: START), words) == datetime.fromisoformat(moment)


SPEAKS = '[[steps]]\ntell = "x"\nwho = "Worker A"\nsays = "x"\n'


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("", "needs a cast and steps"),
        ('[[steps]]\nwho = "Worker A"\nsays = "x"', "step 1 needs tell"),
        (SPEAKS + '[[steps]]\ntell = "x"\nwho = "Worker A"', "step 2 needs exactly one of: clock, says"),
        (SPEAKS + 'clock = "next-morning"', "step 1 needs exactly one of"),
        (SPEAKS + 'shouts = "x"', "step 1 has unknown fields: shouts"),
        (SPEAKS + 'sees = {"Worker Z" = "x"}', "step 1: not in the cast: Worker Z"),
        (SPEAKS.replace("Worker A", "Worker Z"), "step 1: not in the cast: Worker Z"),
        (SPEAKS.replace('who = "Worker A"\n', ""), "step 1: not in the cast: nobody"),
        (SPEAKS + 'toast = "x"', "only a press is answered with a toast"),
        (SPEAKS.replace('says = "x"', 'says = " "'), "step 1 needs says"),
        ('[[steps]]\ntell = "x"\nclock = "one day"', "can't be moved to “one day”"),
        ('[[steps]]\ntell = "x"\nclock = "0 days 09:00"', "can't be moved to"),
        ('[[steps]]\ntell = "x"\nclock = "until-seen"', "until-seen needs what is to be seen"),
        ("[[steps]", "10-story.toml: "),
    ],
)
def test_a_broken_scene_is_refused_with_its_place(tmp_path: Path, steps: str, words: str) -> None:
    with pytest.raises(BrokenScene, match=words):
        scene(tmp_path, steps)


def test_scenes_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    for name in ("20-second", "10-first"):
        (tmp_path / f"{name}.toml").write_text(STORY + SPEAKS, "utf-8")
    assert [one.id for one in load_scenes(tmp_path)] == ["first", "second"]


async def test_without_backstage_there_are_no_scenes() -> None:
    app = build_simulator(clock=VirtualClock(lambda: START), bot_token=TOKEN)
    async with serve(app) as port, Sim(f"http://127.0.0.1:{port}") as sim:
        state = await sim.get("/sim/state")
        assert (state["has_scenes"], state["knows_reminders"]) == (False, False)
        assert await sim.get("/sim/scenes") == {"scenes": [], "playing": None}
