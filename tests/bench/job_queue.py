"""The other side: python-telegram-bot's JobQueue with APScheduler's SQLAlchemy job store.

The library's jobs can't be pickled as they are; as its users do, what is stored is the callback's name, the
chat and the data.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from apscheduler.job import Job as StoredJob
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from telegram.ext import ApplicationBuilder, CallbackContext, ExtBot

from bot.clock import utc_now

_FAR = timedelta(days=30)
_AT_ONCE = 64


class _Sender:
    """Where the stored jobs find the bot; counts what has gone."""

    bot: ExtBot[None]
    text = ""
    gone = 0
    wanted = 0
    room = asyncio.Semaphore(_AT_ONCE)
    done = asyncio.Event()


async def fire(chat_id: int) -> None:
    """What a stored job does."""
    async with _Sender.room:
        await _Sender.bot.send_message(chat_id, _Sender.text)
    _Sender.gone += 1
    if _Sender.gone == _Sender.wanted:
        _Sender.done.set()


async def _never(_context: CallbackContext[Any, Any, Any, Any]) -> None:
    """The callback that is given to the queue; the store keeps fire() in its place."""


class _Store(SQLAlchemyJobStore):  # type: ignore[misc]  # APScheduler ships no types
    def add_job(self, job: StoredJob) -> None:
        queue_job = job.args[1]
        state = job.__getstate__()
        state |= {"func": "tests.bench.job_queue:fire", "args": (queue_job.chat_id,), "kwargs": {}}
        stored = StoredJob.__new__(StoredJob)
        stored.__setstate__(state)
        super().add_job(stored)


async def planned_and_sent(
    bot: ExtBot[None], folder: Path, accounts: list[int], text: str, planned: int, sent: int
) -> tuple[float, float]:
    """Seconds to plan so many far jobs, and to send so many that are due."""
    application = ApplicationBuilder().bot(bot).updater(None).build()
    queue = application.job_queue
    assert queue is not None
    queue.scheduler.configure(job_defaults={"misfire_grace_time": None})
    queue.scheduler.add_jobstore(_Store(url=f"sqlite:///{folder / 'jobs.sqlite'}"))
    queue.scheduler.start()
    far = utc_now() + _FAR
    began = perf_counter()
    for number in range(planned):
        queue.run_once(_never, far, chat_id=accounts[number % len(accounts)])
    planning = perf_counter() - began
    queue.scheduler.remove_all_jobs()
    _Sender.bot, _Sender.text, _Sender.wanted = bot, text, sent
    queue.scheduler.pause()
    for number in range(sent):
        queue.run_once(_never, utc_now(), chat_id=accounts[number % len(accounts)])
    began = perf_counter()
    queue.scheduler.resume()
    await _Sender.done.wait()
    sending = perf_counter() - began
    queue.scheduler.shutdown(wait=False)
    return planning, sending
