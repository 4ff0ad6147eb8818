"""A running bot: who leads, what wakes the loops up, and an orderly end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, timedelta
from functools import wraps

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import SQLAlchemyError
from telegram import BotCommand, BotCommandScopeDefault
from telegram.error import TelegramError

from bot import delivery
from bot.app import build_application
from bot.clock import Clock
from bot.dispatching import Dispatcher
from bot.pulse import Pulse
from bot.receipts import Mail, Receipt
from bot.rules.pace import UNLIMITED, Pace
from bot.services import auditing, digests, editions
from bot.services.office import Office
from bot.services.purging import purge
from bot.services.reconciling import reconcile
from bot.texts.joining import STRANGERS
from bot.texts.reply import Say
from handlers.context import BotApplication, Resources
from handlers.intake import poll, resume
from handlers.sending import send
from storage.database import Database
from storage.replicas import Replica

log = logging.getLogger(__name__)
LEAD_EVERY = 3.0
"""Seconds between looks at who leads: a dead leader is followed within 15 s."""
RESUME_EVERY = timedelta(seconds=20)


class Running:
    """A started bot. tick_now() plans and sends at once what the clock has made due."""

    def __init__(
        self,
        application: BotApplication,
        resources: Resources,
        replica: Replica,
        pace: Pace,
        *,
        polls: bool,
        mail: Mail | None,
    ) -> None:
        self.application = application
        self.resources = resources
        self._replica = replica
        self._polls = polls
        self.pulse = Pulse(resources.clock())
        self.settled = asyncio.Event()
        """Set once it is known whether this process leads, and, if so, what passed while the bot was off."""
        self.polling = asyncio.create_task(self._lead())
        """Ends only when cancelled, or with the error that stops all polling."""
        self._planning = asyncio.Lock()
        self._reconciled_on: date | None = None
        self._purged_on: date | None = None
        self._sending = asyncio.Lock()
        self._under_way: set[asyncio.Task[object]] = set()
        bot = application.bot

        async def to_telegram(chat_id: int, words: Say) -> Receipt:
            return await send(bot, chat_id, words)

        self._dispatcher = Dispatcher(
            resources.database,
            resources.office,
            to_telegram,
            pace=pace,
            me=replica.number,
            alive=replica.alive,
            written_to=lambda: resources.written_to,
            mail=mail,
        )

    async def _lead(self) -> None:
        """Polls as long as this process leads; where it does not, waits for its turn."""
        poller: asyncio.Task[None] | None = None
        try:
            while True:
                led, self.pulse.leading = self.pulse.leading, await self._replica.lead()
                if self.pulse.leading and not led:
                    with suppress(SQLAlchemyError):  # tried again every minute
                        await self._wake()
                        await self.resume(timedelta(0) if self._polls else RESUME_EVERY)
                self.settled.set()
                if self.pulse.leading and self._polls and poller is None:
                    poller = asyncio.create_task(poll(self.application, self.resources))
                elif not self.pulse.leading and poller is not None:
                    log.warning("this process no longer leads; it stops polling")
                    await _ended(poller)
                    poller = None
                if poller is None:
                    await asyncio.sleep(LEAD_EVERY)
                elif (await asyncio.wait({poller}, timeout=LEAD_EVERY))[0]:
                    poller.result()
        finally:
            self.settled.set()
            if poller is not None:
                await _ended(poller)

    async def _wake(self) -> None:
        """Looks whether the bot was off, and what passed meanwhile."""
        async with self._planning, self.resources.database.transaction() as session:
            count = await digests.wake(session, self.resources.office, self.resources.clock())
        if count:
            log.warning("the bot was off; reminders of %s people passed meanwhile", count)

    async def tick_now(self) -> int:
        """Returns how many messages went out."""
        await self.plan()
        return await self.dispatch()

    async def plan(self) -> None:
        """Plans what has become due: the leader does it for all."""
        if not self.pulse.leading:
            return
        database, office, now = self.resources.database, self.resources.office, self.resources.clock()
        async with self._planning:
            await delivery.plan(database, office, now)
            if self._reconciled_on != office.today(now):  # at the start, and then every night
                async with database.transaction() as session:
                    await editions.look(session, office, now)
                await reconcile(database, office, now)
                self._reconciled_on = office.today(now)
            async with database.transaction() as session:
                await auditing.seal_new(session)
            self.pulse.planned_at = now
            await self._purge_nightly(now)

    async def dispatch(self) -> int:
        """Sends what is due, at the agreed pace; returns how many messages went out."""
        async with self._sending:
            return await self._dispatcher.run(self.resources.clock)

    async def resume(self, older_than: timedelta = timedelta(0)) -> None:
        """Goes on with what was received so long ago and is not finished: fresher may be in other hands."""
        before = self.resources.clock() - older_than
        own = not self.pulse.leading  # the leader looks after what the dead have left
        count = await resume(self.application, self.resources, before, own=own)
        if count:
            log.info("%s updates go on where they were left", count)

    async def resume_late(self) -> None:
        """As resume(), for what nobody can still be working on."""
        await self.resume(RESUME_EVERY)

    async def _purge_nightly(self, now: datetime) -> None:
        """At the start, and then every night; after a long time off it goes on at the next ticks."""
        today = self.resources.office.today(now)
        if self._purged_on == today:
            return
        try:
            done = await purge(self.resources.database, self.resources.office, now)
        except SQLAlchemyError as error:
            log.warning("the purge is put off: %s", type(error).__name__)
            return
        if done.finished:
            self._purged_on = today

    def awaited_at_the_end(self, job: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        """The job, which stop() then waits for; an error in it is logged."""

        @wraps(job)
        async def run() -> None:
            me = asyncio.current_task()
            assert me is not None
            self._under_way.add(me)
            try:
                await job()
            except (SQLAlchemyError, OSError) as error:
                log.warning("%s is put off: %s", job.__name__, type(error).__name__)
            finally:
                self._under_way.discard(me)

        return run

    async def stop(self) -> None:
        """Claims nothing more and waits for what is under way."""
        self._dispatcher.stopping = True
        if self._under_way:
            await asyncio.wait(self._under_way)
        await _ended(self.polling)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, TelegramError):
        await task


@asynccontextmanager
async def running(
    token: str,
    api_url: str,
    database: Database,
    office: Office,
    clock: Clock,
    tick_seconds: float,
    pace: Pace = UNLIMITED,
    *,
    polls: bool = True,
    most_a_minute: int = 0,
    mail: Mail | None = None,
) -> AsyncIterator[Running]:
    """Runs the bot until the block is left. polls: False where Telegram brings the updates (webhook).

    most_a_minute: updates taken of one person, 0 for any number. mail: for whom Telegram can't reach.

    Raises InvalidToken or NetworkError where it can't start, AnotherRuns where SQLite is in use already.
    """
    replica = Replica(database)
    resources = Resources(database, office, clock, replica, most_a_minute)
    application = build_application(token, api_url, resources)
    await replica.enter()
    try:
        async with application:
            await application.start()
            bot = Running(application, resources, replica, pace, polls=polls, mail=mail)
            await bot.settled.wait()
            with suppress(TelegramError):
                menu = [BotCommand(name, what) for name, what in STRANGERS]
                await application.bot.set_my_commands(menu, scope=BotCommandScopeDefault())
            scheduler = _schedule(bot, tick_seconds)
            try:
                yield bot
            finally:
                scheduler.pause()
                await bot.stop()
                scheduler.shutdown(wait=False)
                await application.stop()
    finally:
        await replica.leave()


def _schedule(bot: Running, tick_seconds: float) -> AsyncIOScheduler:
    """Wakes the loops up; what is due stands in the database."""
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    jobs: tuple[tuple[Callable[[], Awaitable[object]], float], ...] = (
        (bot.plan, tick_seconds),
        (bot.dispatch, tick_seconds),
        (bot.resume_late, RESUME_EVERY.total_seconds()),
    )
    for job, seconds in jobs:
        scheduler.add_job(bot.awaited_at_the_end(job), "interval", seconds=seconds)
    scheduler.start()
    return scheduler
