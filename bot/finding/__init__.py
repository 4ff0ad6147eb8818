"""Finding the entry that answers a question."""

from bot.finding.finder import Finder, Models, shipped_models
from bot.finding.result import EntryText, Finding

__all__ = ["EntryText", "Finder", "Finding", "Models", "shipped_models"]
