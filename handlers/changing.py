"""Changing or taking back a message that was sent before, and the look that all messages share."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.receipts import Receipt, Sent
from bot.texts.reply import Rows, Say
from handlers.errors import Trouble, receipt, trouble

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Telegram's form of our buttons."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(button.label, callback_data=button.data) for button in row] for row in rows]
    )


async def change(bot: ExtBot[None], chat_id: int, message_id: int, words: Say) -> Receipt:
    """Changes a message that was sent before; one that is gone or says so already is as good as changed."""
    markup = keyboard(words.buttons)
    try:
        if words.file is not None or words.picture is not None:
            await bot.edit_message_caption(
                chat_id, message_id, caption=words.text, parse_mode=ParseMode.HTML, reply_markup=markup
            )
        else:
            await bot.edit_message_text(
                words.text,
                chat_id=chat_id,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                link_preview_options=NO_PREVIEW,
            )
    except TelegramError as error:
        return Sent(message_id) if trouble(error) in (Trouble.GONE, Trouble.NOT_MODIFIED) else receipt(error)
    return Sent(message_id)


async def take_back(bot: ExtBot[None], chat_id: int, message_id: int, words: Say) -> Receipt:
    """Deletes a message with its file and says so; one that is too old to delete says so in its caption."""
    try:
        await bot.delete_message(chat_id, message_id)
    except TelegramError as error:
        what = trouble(error)
        if what is Trouble.REFUSED:
            return await change(bot, chat_id, message_id, words)
        if what is not Trouble.GONE:
            return receipt(error)
    try:
        said = await bot.send_message(
            chat_id, words.text, parse_mode=ParseMode.HTML, disable_notification=True
        )
    except TelegramError as error:
        return receipt(error)
    return Sent(said.message_id)
