"""Planning and sending reminders: the outbox, beside a job queue and beside a bare loop; and its pace."""

import argparse
import asyncio
import tempfile
from datetime import datetime
from pathlib import Path
from time import perf_counter

from bot.app import build_office
from bot.clock import utc_now
from bot.dispatching import Dispatcher
from bot.receipts import Receipt
from bot.rules.pace import UNLIMITED, Pace
from bot.settings import Settings
from bot.simulator.control_client import ControlClient
from bot.texts.reply import Say
from handlers.sending import send
from storage import outbox
from tests.bench import job_queue
from tests.bench.stage import TEXT, bare_bot_at, bot_at, chats, database_in, say, shares, simulator, verdict

_PEOPLE = 200


async def _compare(planned: int, sent: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with simulator() as url:
            accounts = await chats(url, _PEOPLE)
            bot = bare_bot_at(url)
            async with bot:
                planning, sending = await _ours(url, folder, accounts, planned, sent)
                began = perf_counter()
                for number in range(sent):
                    await bot.send_message(accounts[number % _PEOPLE], TEXT)
                bare = perf_counter() - began
                their_planning, their_sending = await job_queue.planned_and_sent(
                    bot, folder, accounts, TEXT, planned, sent
                )
    _say("planning", planned, planned / planning, planned / their_planning, "JobQueue", 40)
    _say("sending without a pace", sent, sent / sending, sent / their_sending, "JobQueue", 3)
    _say("sending without a pace", sent, sent / sending, sent / bare, "a bare loop", 0.6)


def _say(what: str, count: int, ours: float, theirs: float, other: str, floor: float) -> None:
    ratio = ours / theirs
    say(
        f"{what}, {count:,} reminders: {ours:,.0f} a second, {other} {theirs:,.0f}, "
        f"ratio {ratio:.2f}; at least {floor}: {verdict(ratio >= floor)}"
    )


async def _ours(
    url: str, folder: Path, accounts: list[int], planned: int, sent: int, pace: Pace = UNLIMITED
) -> tuple[float, float]:
    """Seconds to plan so many and to send so many."""
    database, office = await database_in(folder), build_office(Settings(_env_file=None))
    wanted = await shares(database, accounts, max(planned, sent))
    began = perf_counter()
    async with database.transaction() as session:
        await outbox.plan_all(session, wanted[:planned])
    planning = perf_counter() - began
    async with database.transaction() as session:
        await outbox.cancel_all(session, "action", [one.subject_id for one in wanted[sent:]], "", utc_now())
    async with bot_at(url) as bot:

        async def to_telegram(chat: int, words: Say) -> Receipt:
            return await send(bot, chat, words)

        began = perf_counter()
        gone = await Dispatcher(database, office, to_telegram, pace=pace).run(utc_now)
        sending = perf_counter() - began
    assert gone == sent
    await database.close()
    return planning, sending


async def _keep_pace(sent: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        async with simulator() as url:
            accounts = await chats(url, _PEOPLE)
            await _ours(url, Path(name), accounts, sent, sent, Pace(in_all=25))
            async with ControlClient(url) as control:
                calls = [call for call in await control.get("/sim/calls") if call["method"] == "sendMessage"]
    moments = [datetime.fromisoformat(call["at"]) for call in calls]
    rate = (len(moments) - 1) / (moments[-1] - moments[0]).total_seconds()
    say(
        f"sustained rate at a pace of 25 a second, {len(moments)} reminders: {rate:.2f} a second, "
        f"{rate / 25:.1%}; at least 97 % and never above: {verdict(0.97 <= rate / 25 <= 1)}"
    )


def main() -> None:
    """Prints both sides of each ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--planned", type=int, default=10_000)
    parser.add_argument("--sent", type=int, default=2_000)
    asked = parser.parse_args()
    asyncio.run(_compare(asked.planned, asked.sent))
    asyncio.run(_keep_pace(500))


if __name__ == "__main__":
    main()
