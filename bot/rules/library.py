"""Everything that answers are made from: guidance, timescales and what the council added to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.rules.checklists import Checklists, Glossary
from bot.rules.guidance import Guidance
from bot.rules.pathway import LocalLimits
from bot.rules.prompts import Prompts
from bot.rules.reminding import Ladder
from bot.rules.supervision import ActionTemplate
from bot.rules.timescales import TimescaleBook


@dataclass(frozen=True)
class Library:
    """Checked content.

    contacts: the council's own, by name (duty, out-of-hours, legal …). signposts: its own contact for
    questions that no entry covers, by kind. signed: the ids of the entries
    that the council's practice lead has signed off as they stand.
    """

    book: TimescaleBook
    guidance: Guidance
    local: LocalLimits
    contacts: Mapping[str, str]
    signposts: Mapping[str, str]
    signed: frozenset[str]
    checklists: Checklists
    glossary: Glossary
    prompts: Prompts
    ladder: Ladder
    templates: Mapping[str, ActionTemplate] = field(default_factory=dict)
    """Ready wordings of actions, by id."""
