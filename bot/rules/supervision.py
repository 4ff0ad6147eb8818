"""What makes a supervision action worth setting: what, why, how we shall know, and by when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.rules.dates import parse_date, show_date
from bot.rules.errors import Refusal

FIELDS: Mapping[str, str] = {
    "to": "who it is for (a worker, your team, or a case reference)",
    "do": "what should be done",
    "why": "the purpose",
    "measure": "what will be different, so that you'll both know it's done",
    "by": "the date",
}
_OTHER_WORDS = {
    "for": "to", "who": "to", "what": "do", "action": "do", "purpose": "why", "because": "why",
    "how": "measure", "measured by": "measure", "due": "by", "when": "by", "date": "by",
}  # fmt: skip
_VAGUE: Mapping[str, str] = {
    r"asap|as soon as possible": "two visits recorded by Fri, her words in the plan",
    r"ongoing|on-going": "three sessions held and written up",
    r"monitor(ing)?|keep an eye": "weekly calls to school, logged, for four weeks",
    r"as (appropriate|necessary|needed|required)": "say when: if she misses a second appointment",
    r"continue to": "what will have changed by the date",
    r"try to|aim to": "what will be there to see",
}
LONGEST = 600


@dataclass(frozen=True)
class ActionDraft:
    """A complete action before it is sent. to is still the words that were typed."""

    to: str
    what: str
    why: str
    measure: str
    due_on: date


def parse_fields(text: str) -> dict[str, str]:
    """The "to:", "do:", "why:", "measure:" and "by:" lines of one message; a line may run on."""
    names = "|".join(sorted([*FIELDS, *_OTHER_WORDS], key=len, reverse=True))
    pattern = re.compile(rf"^\s*({names})\s*:\s*", re.I | re.M)
    pieces = pattern.split(text)
    fields: dict[str, str] = {}
    for name, value in zip(pieces[1::2], pieces[2::2], strict=True):
        key = _OTHER_WORDS.get(name.lower(), name.lower())
        if value.strip():
            fields[key] = " ".join(value.split())
    return fields


def complete(fields: Mapping[str, str], today: date) -> ActionDraft:
    """The draft made of these fields; raises Refusal naming every part that is missing or wrong."""
    missing = [f"{name}: ({what})" for name, what in FIELDS.items() if not fields.get(name)]
    if missing:
        raise Refusal(f"Still missing: {', '.join(missing)}. Send it again with that added.")
    return ActionDraft(
        to=fields["to"],
        what=check_words(fields["do"]),
        why=check_words(fields["why"]),
        measure=check_words(fields["measure"]),
        due_on=check_due(fields["by"], today),
    )


def check_words(text: str) -> str:
    """The text, tidied; raises Refusal when it is too long to be read on a phone."""
    tidy = " ".join(text.split())
    if len(tidy) > LONGEST:
        raise Refusal(
            f"That is {len(tidy)} characters; up to {LONGEST} can be read on a phone. Shorten it, please."
        )
    return tidy


def check_due(typed: str, today: date) -> date:
    """The day by which it is due; raises BadDate, or Refusal for one in the past."""
    day = parse_date(typed, today, "future")
    if day < today:
        raise Refusal(f"{show_date(day)} has passed. By when should it be done? (I kept the rest.)")
    return day


def vague_words(text: str) -> tuple[str, str] | None:
    """The first vague phrase in the text and a better example, or None."""
    for pattern, example in _VAGUE.items():
        found = re.search(rf"\b(?:{pattern})\b", text, re.I)
        if found:
            return found[0], example
    return None
