"""An unchanged python-telegram-bot application that polls the simulator: what the tests talk to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.simulator.things import sample_picture
from tests.simulator.conftest import TOKEN

Context = ContextTypes.DEFAULT_TYPE
LONG_LABEL = "Reports and preparing the family for the conference"


async def _start(update: Update, _context: Context) -> None:
    assert update.message
    rows = [[InlineKeyboardButton("Change it", callback_data="change")]]
    rows += [[InlineKeyboardButton(LONG_LABEL, callback_data="alert")]]
    words = "<b>Hello.</b> Try <code>CP-1042</code>"
    await update.message.reply_html(words, reply_markup=InlineKeyboardMarkup(rows))


async def _echo(update: Update, _context: Context) -> None:
    assert update.message
    await update.message.reply_text(f"You said: {update.message.text}")


async def _edited(update: Update, _context: Context) -> None:
    assert update.edited_message
    await update.edited_message.reply_text(f"You corrected: {update.edited_message.text}")


async def _picture(update: Update, _context: Context) -> None:
    assert update.message
    await update.message.reply_photo(sample_picture(), caption="A board")
    await update.message.reply_document(b"reference\n", filename="caseload.csv")


async def _photo(update: Update, _context: Context) -> None:
    assert update.message
    file = await update.message.photo[-1].get_file()
    content = await file.download_as_bytearray()
    await update.message.reply_text(f"A picture of {len(content)} bytes")


async def _press(update: Update, _context: Context) -> None:
    query = update.callback_query
    assert query
    if query.data == "alert":
        await query.answer("This can't be undone.", show_alert=True)
        return
    await query.answer("Changed")
    await query.edit_message_text("<i>Changed in place</i>", parse_mode="HTML")


async def _inline(update: Update, _context: Context) -> None:
    query = update.inline_query
    assert query
    content = InputTextMessageContent(f"Inline: {query.query}")
    found = [InlineQueryResultArticle("1", f"About {query.query}", content, description="one line")]
    await query.answer(found if query.query.strip() != "nothing" else [])


@asynccontextmanager
async def echo_bot(url: str) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    """Polling until the block ends."""
    application = (
        ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").build()
    )
    application.add_handler(MessageHandler(filters.UpdateType.EDITED, _edited))
    application.add_handler(CommandHandler("start", _start))
    application.add_handler(CommandHandler("picture", _picture))
    application.add_handler(MessageHandler(filters.PHOTO, _photo))
    application.add_handler(MessageHandler(filters.TEXT, _echo))
    application.add_handler(CallbackQueryHandler(_press))
    application.add_handler(InlineQueryHandler(_inline))
    async with application:
        commands = [BotCommand("start", "Begin"), BotCommand("picture", "Get a picture")]
        await application.bot.set_my_commands(commands)
        await application.start()
        assert application.updater
        await application.updater.start_polling(poll_interval=0)
        try:
            yield application
        finally:
            await application.updater.stop()
            await application.stop()
