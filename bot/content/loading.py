"""Loads all content once, checked; the bot does not start on content that fails."""

from pathlib import Path

from bot.content.guidance_files import LoadedGuidance, load_guidance
from bot.content.ladder import load_ladder
from bot.content.overlay import load_overlay
from bot.content.signing import read_sign_offs, still_signed
from bot.content.timescale_files import load_timescales
from bot.content.word_lists import load_checklists, load_glossary, load_prompts, load_templates
from bot.rules.library import Library
from bot.rules.timescales import TimescaleBook

ENTRIES = "guidance"
"""The overlay's folder of entries."""


def load_entries(overlay: Path | None) -> tuple[TimescaleBook, LoadedGuidance]:
    """The timescales and the entries with the council's own; raises BrokenContent."""
    book = load_timescales()
    return book, load_guidance(book, overlay=overlay / ENTRIES if overlay is not None else None)


def load_library(overlay: Path | None = None) -> Library:
    """The library with the council's overlay; raises BrokenContent."""
    book, loaded = load_entries(overlay)
    own = load_overlay(overlay, book)
    slugs = frozenset(entry.id for entry in loaded.guidance.entries)
    checklists = load_checklists(slugs)
    return Library(
        book=book,
        guidance=loaded.guidance,
        local=own.limits,
        contacts=own.contacts,
        signposts=own.signposts,
        signed=still_signed(read_sign_offs(overlay), loaded.contents),
        checklists=checklists,
        glossary=load_glossary(slugs),
        prompts=load_prompts(slugs, checklists.keys()),
        ladder=load_ladder(overlay),
        templates=load_templates(overlay),
    )
