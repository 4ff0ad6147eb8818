"""The only wiring: builds the office and the PTB application, lists the handlers in order, runs the loops."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import BotCommand, BotCommandScopeDefault
from telegram.error import TelegramError
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot import delivery
from bot.clock import Clock
from bot.content.bank_holidays import england
from bot.content.loading import load_library
from bot.rules.references import ReferencePattern
from bot.services.office import Office
from bot.settings import Settings
from bot.texts.html import esc
from bot.texts.joining import PRIVATE_ONLY, STRANGERS
from bot.texts.reply import Reply, Say
from handlers import commands, joining, membership, presses, team, uploads
from handlers.context import BotApplication, BotContext, Resources
from handlers.intake import PerPersonProcessor, poll, resume
from handlers.responding import Incoming, TalkAct, member_responds, responds
from handlers.sending import send
from storage import inbox, questions
from storage.database import Database
from storage.tables import Person

log = logging.getLogger(__name__)
os.environ.setdefault("PTB_TIMEDELTA", "true")  # waits come as timedelta, without a deprecation warning
RESUME_EVERY = timedelta(minutes=1)
INBOX_KEPT_FOR = timedelta(days=2)
QUESTIONS_KEPT_FOR = timedelta(days=365)

COMMANDS: dict[str, TalkAct] = {
    "help": joining.help_me,
    "today": commands.today,
    "week": commands.week,
    "overdue": commands.overdue,
    "cases": commands.case_list,
    "case": commands.case,
    "newcase": commands.new_case,
    "event": commands.event,
    "visit": commands.visit,
    "close": commands.close,
    "family": commands.family,
    "handover": commands.hand_over,
    "plo": commands.pre_proceedings,
    "drift": commands.drifting,
    "team": team.team,
    "whatmymanagersees": team.what_my_manager_sees,
    "calendar": commands.calendar,
    "spreadsheet": commands.spreadsheet,
    "action": commands.action,
    "actions": commands.actions,
    "topics": commands.topics,
    "checklist": commands.checklist,
    "questions": commands.questions,
    "glossary": commands.glossary,
    "cancel": commands.cancel,
}


def build_office(settings: Settings) -> Office:
    """Loads and checks all content; raises BrokenContent."""
    extra = dict.fromkeys(settings.extra_bank_holidays, "Bank holiday (from settings)")
    return Office.open(
        library=load_library(settings.guidance_overlay),
        calendar=england(extra),
        zone=settings.zone,
        references=ReferencePattern(settings.case_reference_pattern),
    )


def build_application(token: str, api_url: str, resources: Resources) -> BotApplication:
    """The PTB application with every handler; updates reach it through its queue alone."""
    application: BotApplication = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url.rstrip('/')}/bot")
        .base_file_url(f"{api_url.rstrip('/')}/file/bot")
        .updater(None)
        .concurrent_updates(PerPersonProcessor())
        .context_types(ContextTypes(context=BotContext))
        .job_queue(None)
        .get_updates_read_timeout(40)
        .connection_pool_size(64)
        .build()
    )
    application.bot_data["resources"] = resources
    _add_handlers(application)
    return application


def _add_handlers(application: BotApplication) -> None:
    """First match wins: edits and groups are turned away before a command in them could take effect."""
    private = filters.ChatType.PRIVATE
    application.add_handler(
        MessageHandler(filters.UpdateType.EDITED & private, member_responds(commands.edited))
    )
    application.add_handler(MessageHandler(~private & filters.UpdateType.MESSAGE, responds(_private_only)))
    application.add_handler(CommandHandler("start", responds(joining.start)))
    for name, act in COMMANDS.items():
        application.add_handler(CommandHandler(name, member_responds(act)))
    application.add_handler(MessageHandler(filters.COMMAND, member_responds(commands.unknown)))
    application.add_handler(MessageHandler(filters.TEXT & private, member_responds(commands.words)))
    application.add_handler(MessageHandler(filters.Document.ALL & private, uploads.document))
    application.add_handler(MessageHandler(private, member_responds(commands.unsupported)))
    application.add_handler(CallbackQueryHandler(member_responds(presses.press)))
    application.add_handler(ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER))


async def _private_only(
    _session: AsyncSession, _office: Office, _person: Person | None, _said: Incoming, _now: datetime
) -> Sequence[Reply]:
    return [Say(esc(PRIVATE_ONLY))]


class Running:
    """A started bot. tick_now() plans and sends at once what the clock has made due."""

    def __init__(self, application: BotApplication, resources: Resources) -> None:
        self._application = application
        self._resources = resources
        self.polling = asyncio.create_task(poll(application, resources))
        """Ends only when cancelled, or with the error that stops all polling."""
        self._one_at_a_time = asyncio.Lock()

    async def tick_now(self) -> int:
        """Returns how many messages went out."""
        resources, bot = self._resources, self._application.bot

        async def to_telegram(chat_id: int, words: Say) -> delivery.Receipt:
            return await send(bot, chat_id, words)

        async with self._one_at_a_time:
            return await delivery.tick(resources.database, resources.office, to_telegram, resources.clock())

    async def resume(self) -> None:
        """Goes on with what was received and not finished."""
        count = await resume(self._application, self._resources)
        if count:
            log.info("%s updates go on where they were left", count)

    async def tidy(self) -> None:
        """Forgets finished updates and old questions."""
        now = self._resources.clock()
        async with self._resources.database.transaction() as session:
            await inbox.forget_before(session, now - INBOX_KEPT_FOR)
            await questions.forget_before(session, now - QUESTIONS_KEPT_FOR)


@asynccontextmanager
async def running(
    token: str, api_url: str, database: Database, office: Office, clock: Clock, tick_seconds: float
) -> AsyncIterator[Running]:
    """Runs the bot until the block is left; raises InvalidToken or NetworkError where it can't start."""
    resources = Resources(database, office, clock)
    application = build_application(token, api_url, resources)
    async with application:
        await application.start()
        bot = Running(application, resources)
        await bot.resume()
        with suppress(TelegramError):
            menu = [BotCommand(name, what) for name, what in STRANGERS]
            await application.bot.set_my_commands(menu, scope=BotCommandScopeDefault())
        scheduler = _schedule(bot, tick_seconds)
        try:
            yield bot
        finally:
            scheduler.shutdown(wait=False)
            bot.polling.cancel()
            with suppress(asyncio.CancelledError, TelegramError):
                await bot.polling
            await application.stop()


def _schedule(bot: Running, tick_seconds: float) -> AsyncIOScheduler:
    """Wakes the loops up; what is due stands in the database."""
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    jobs: tuple[tuple[Callable[[], Awaitable[object]], float], ...] = (
        (bot.tick_now, tick_seconds),
        (bot.resume, RESUME_EVERY.total_seconds()),
        (bot.tidy, 3600),
    )
    for job, seconds in jobs:
        scheduler.add_job(job, "interval", seconds=seconds)
    scheduler.start()
    return scheduler
