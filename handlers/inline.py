"""@bot and a question, in any chat: guidance alone. Nothing that is typed there is kept or counted."""

import logging

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.services.answering import find
from bot.texts.answers import JOIN_FIRST, inline_results
from handlers.context import BotContext
from storage import people

log = logging.getLogger(__name__)
_KEPT_BY_TELEGRAM = 60  # seconds
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def guidance_for(update: Update, context: BotContext) -> None:
    """Offers the entries that a query may mean; those who have not joined get a way in, and no entry."""
    query, resources = update.inline_query, context.resources
    if query is None:
        return
    async with resources.database.transaction() as session:
        person = await people.person_of_account(session, query.from_user.id)
    offered = []
    if person is not None and query.query.strip():
        office = resources.office
        found = find(office, query.query, office.today(resources.clock()))
        offered = inline_results(found, office.library)
    articles = [
        InlineQueryResultArticle(
            id=slug,
            title=title,
            description=description,
            input_message_content=InputTextMessageContent(
                text, parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW
            ),
        )
        for slug, title, description, text in offered
    ]
    join = InlineQueryResultsButton(JOIN_FIRST, start_parameter="join") if person is None else None
    try:
        await query.answer(articles, cache_time=_KEPT_BY_TELEGRAM, is_personal=True, button=join)
    except TelegramError as error:
        log.warning("an inline query went unanswered: %s", type(error).__name__)
