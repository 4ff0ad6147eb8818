"""What an e-mail says beside the words of the message itself."""

from dataclasses import replace

from bot.texts.html import esc
from bot.texts.reply import Say

SUBJECT = "Driftless: reminders"
"""It names no case: a subject shows on a lock screen."""
_WHY = (
    "I can't reach you in Telegram, so this comes by e-mail. Send /start in the chat, and reminders come "
    "there again. Please don't answer: nobody reads it."
)


def as_letter(words: Say) -> Say:
    """The message as an e-mail: why it comes first, no buttons, no picture."""
    return replace(words, text=f"{esc(_WHY)}\n\n{words.text}", buttons=(), picture=None, file=None)
