"""Words about delivery itself: repeats, and people who can't be reached."""

from dataclasses import replace

from bot.texts.html import bold, esc, lines
from bot.texts.reply import Say
from storage.tables import Person

REPEAT = "(repeat)"
"""Marks a message that may have arrived before."""


def as_repeat(words: Say) -> Say:
    """The same message, marked: its first copy may have arrived. A change in place needs no mark."""
    if words.replaces is not None:
        return words
    return replace(words, text=f"{REPEAT} {words.text}")


def cannot_be_reached(person: Person, *, mailed: bool) -> str:
    """To the manager, once. mailed: what is due goes to the person's e-mail."""
    return lines(
        bold(f"{person.name} can't be reached"),
        esc("My messages to them come back: they have blocked me or deleted the chat."),
        esc("What is due goes to their e-mail meanwhile." if mailed else "Their reminders wait."),
        esc("Ask them to open the chat and send /start: one digest then says it all."),
    )
