"""The least that a bot can be: python-telegram-bot, long polling, the same words back."""

import os
import sys
from typing import Any

from telegram import Update
from telegram.ext import ApplicationBuilder, CallbackContext, MessageHandler, filters


async def _echo(update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> None:
    assert update.message is not None
    await update.message.reply_text(f"You said: {update.message.text}")


async def _ready(_application: object) -> None:
    sys.stdout.write("is running\n")
    sys.stdout.flush()


if __name__ == "__main__":
    url = os.environ["BOT_API_URL"]
    application = (
        ApplicationBuilder()
        .token(os.environ["BOT_TOKEN"])
        .base_url(f"{url}/bot")
        .concurrent_updates(True)
        .post_init(_ready)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, _echo))
    application.run_polling()
