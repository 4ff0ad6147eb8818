"""python-telegram-bot, unchanged, works against the simulator."""

import asyncio

import pytest
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.simulator.driver import Sim
from bot.simulator.things import sample_picture
from tests.simulator.conftest import Api
from tests.simulator.echo_bot import LONG_LABEL, echo_bot


async def test_a_whole_conversation(api: Api, sim: Sim) -> None:
    async with echo_bot(str(api.http.base_url)):
        worker = await sim.person("Worker A")
        await worker.says("/start")
        hello = await worker.sees("Hello.")
        assert hello.html == "<strong>Hello.</strong> Try <code>CP-1042</code>"
        assert hello.rows == (("Change it",), (LONG_LABEL,))
        await worker.presses("Reports and")
        assert (await worker.sees_toast("undone")).is_alert is True
        await worker.presses("Change it")
        changed = await worker.sees("Changed in place")
        assert (changed.id, changed.edited, changed.labels) == (hello.id, True, [])
        said = await worker.says("strat was tues")
        await worker.sees("You said: strat was tues")
        await worker.edits(said, "strat was Wed")
        await worker.sees("You corrected: strat was Wed")
        picture = sample_picture(10, 10)
        await worker.sends("photo", picture)
        await worker.sees(f"A picture of {len(picture)} bytes")
        await worker.says("/picture")
        await worker.sees_file("photo")
        assert (await worker.sees_file("document")).raw["files"][0]["name"] == "caseload.csv"
        assert await worker.menu() == ["start", "picture"]
        assert await sim.refusals() == []


async def test_refusals_become_the_librarys_own_errors(
    api: Api, sim: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it RetryAfter warns, and warnings are errors here
    async with echo_bot(str(api.http.base_url)) as application:
        worker = await sim.person("Worker A")
        with pytest.raises(BadRequest, match="Chat not found"):
            await application.bot.send_message(worker.id, "x")
        await worker.says("/start")
        await worker.sees("Hello")
        with pytest.raises(BadRequest, match="find end tag"):
            await application.bot.send_message(worker.id, "<b>x", parse_mode="HTML")
        await sim.fault("too-many", method="sendMessage", seconds=9, count=1)
        with pytest.raises(RetryAfter):
            await application.bot.send_message(worker.id, "x")
        await worker.blocks()
        with pytest.raises(Forbidden, match="blocked by the user"):
            await application.bot.send_message(worker.id, "x")


async def test_many_messages_pass_quickly_and_in_order(api: Api, sim: Sim) -> None:
    async with echo_bot(str(api.http.base_url)):
        worker = await sim.person("Worker A")
        async with asyncio.timeout(20):
            for number in range(50):
                await worker.says(f"number {number}.")
            await worker.sees("number 49.")
        replies = [message.text for message in await worker.chat() if message.from_bot]
        assert replies == [f"You said: number {number}." for number in range(50)]
