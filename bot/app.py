"""The only wiring: builds the office and the PTB application, and lists the handlers in order."""

import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.content.bank_holidays import england
from bot.content.loading import load_library
from bot.finding import shipped_models
from bot.rules.references import ReferencePattern
from bot.services import auditing
from bot.services.office import Notice, Office
from bot.settings import Settings
from bot.texts.html import esc
from bot.texts.joining import PRIVATE_ONLY
from bot.texts.reply import Reply, Say
from handlers import (
    attaching,
    commands,
    inline,
    joining,
    managing,
    membership,
    packs,
    presses,
    privacy,
    rosters,
    settings,
    team,
    web,
)
from handlers.context import BotApplication, BotContext, Resources
from handlers.http import Patience, Request
from handlers.lanes import PerPersonProcessor
from handlers.responding import Incoming, TalkAct, member_responds, responds
from handlers.trespass import IN_A_GROUP
from storage.tables import Person

log = logging.getLogger(__name__)
os.environ.setdefault("PTB_TIMEDELTA", "true")  # waits come as timedelta, without a deprecation warning
_UPGRADED = filters.StatusUpdate.MIGRATE
"""A group tells that it has become a supergroup; the sending follows it, and nothing is said."""
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
    "figures": team.figures,
    "board": web.board,
    "pack": packs.pack,
    "whatmymanagersees": team.what_my_manager_sees,
    "calendar": web.calendar,
    "spreadsheet": commands.spreadsheet,
    "action": managing.action,
    "actions": managing.actions,
    "announce": managing.announce,
    "announcements": managing.announcements,
    "leaver": rosters.leaver,
    "roster": rosters.roster,
    "code": rosters.code,
    "topics": commands.topics,
    "checklist": commands.checklist,
    "questions": commands.questions,
    "glossary": commands.glossary,
    "settings": settings.settings,
    "away": settings.away,
    "privacy": privacy.privacy,
    "export": privacy.export,
    "deleteme": privacy.delete_me,
    "cancel": commands.cancel,
}


def build_office(settings: Settings) -> Office:
    """Loads and checks all content; raises BrokenContent."""
    extra = dict.fromkeys(settings.extra_bank_holidays, "Bank holiday (from settings)")
    with ThreadPoolExecutor(1) as beside:  # models are unpacked and set up while Python reads the content
        models = beside.submit(shipped_models)
        library, calendar = load_library(settings.guidance_overlay), england(extra)
        return Office.open(
            library=library,
            calendar=calendar,
            zone=settings.zone,
            references=ReferencePattern(settings.case_reference_pattern),
            web_address=settings.web_address.rstrip("/") if settings.web_port is not None else "",
            notice=Notice(settings.run_by, settings.privacy_contact, settings.retention),
            mails=bool(settings.smtp_host),
            models=models.result(),
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
        .request(Request(64))
        .get_updates_request(Request(1, Patience(read=40.0)))
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
    application.add_handler(
        MessageHandler(~private & filters.UpdateType.MESSAGES & ~_UPGRADED, responds(_private_only))
    )
    application.add_handler(CommandHandler("start", responds(joining.start)))
    for name, act in COMMANDS.items():
        application.add_handler(CommandHandler(name, member_responds(act, name)))
    application.add_handler(MessageHandler(filters.COMMAND, member_responds(commands.unknown)))
    application.add_handler(MessageHandler(filters.TEXT & private, member_responds(commands.words)))
    application.add_handler(MessageHandler((filters.Document.ALL | filters.PHOTO) & private, attaching.file))
    application.add_handler(MessageHandler(private, member_responds(commands.unsupported)))
    application.add_handler(CallbackQueryHandler(member_responds(presses.press)))
    application.add_handler(InlineQueryHandler(inline.guidance_for))
    application.add_handler(ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER))


async def _private_only(
    session: AsyncSession, _office: Office, person: Person | None, said: Incoming, now: datetime
) -> Sequence[Reply]:
    await auditing.note(session, person.id if person else None, IN_A_GROUP, f"chat {said.chat}", now)
    return [Say(esc(PRIVATE_ONLY))]
