"""Loads all content once, checked; the bot does not start on content that fails."""

from pathlib import Path

from bot.content.guidance_files import load_guidance
from bot.content.overlay import load_overlay
from bot.content.timescale_files import load_timescales
from bot.rules.library import Library


def load_library(overlay: Path | None = None) -> Library:
    """The library with the council's overlay; raises BrokenContent."""
    book = load_timescales()
    local, contacts = load_overlay(overlay, book)
    return Library(book, load_guidance(book), local, contacts)
