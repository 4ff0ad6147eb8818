"""What makes a supervision action worth setting: what, why, how we shall know, and by when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.rules.dates import parse_date, show_date
from bot.rules.errors import Refusal, Stale
from bot.rules.measuring import units

KINDS: Mapping[str, str] = {
    "supervision": "Supervision",
    "audit": "Audit finding",
    "oversight": "Management oversight",
    "challenge": "Conference chair's challenge",
    "improvement": "Improvement plan",
}
"""What an action comes from, as it is kept and as it is shown."""
IMPROVEMENT_CLOCKS: Mapping[str, str] = {"draft": "of-apa-draft", "plan": "of-apa-final"}
"""The two timescales that run from the letter after a focused visit: by "draft" or by "plan"."""
FLAGGED_FROM = 3
"""From the third change of its date on, an action says so to both sides."""
FIELDS: Mapping[str, str] = {
    "to": "who it is for (a worker, your team, or a case reference)",
    "do": "what should be done",
    "why": "the purpose",
    "measure": "what will be different, so that you'll both know it's done",
    "by": "the date",
}
OPTIONAL: Mapping[str, str] = {
    "kind": "what it comes from",
    "case": "a case reference",
    "letter": "the day the council received the letter",
}
_OTHER_WORDS = {
    "for": "to", "who": "to", "what": "do", "action": "do", "purpose": "why", "because": "why",
    "how": "measure", "measured by": "measure", "due": "by", "when": "by", "date": "by",
}  # fmt: skip
_VAGUE: Mapping[str, str] = {
    r"asap|as soon as possible": "two visits recorded by Fri, her words in the plan",
    r"ongoing|on-going": "three sessions held and written up",
    r"monitor(ing|ed)?|keep an eye|keep under review": "weekly calls to school, logged, for four weeks",
    r"regular(ly)?|frequent(ly)?": "say how often: every second Friday until the review",
    r"where possible|if possible|in due course|going forward": "say what, and by which day",
    r"follow(ing)? up": "what you will ask, of whom, and where the answer is written",
    r"as (appropriate|necessary|needed|required)": "say when: if she misses a second appointment",
    r"continue to": "what will have changed by the date",
    r"try to|aim to": "what will be there to see",
}
LONGEST = 600


@dataclass(frozen=True)
class ActionTemplate:
    """A ready wording that a manager may start from; a council's own replace or add to ours."""

    title: str
    do: str
    why: str
    measure: str
    kind: str = "supervision"


@dataclass(frozen=True)
class ActionDraft:
    """A complete action before it is sent. to is still the words that were typed."""

    to: str
    what: str
    why: str
    measure: str
    due_on: date
    kind: str = "supervision"
    case: str = ""
    letter_on: date | None = None


def parse_fields(text: str) -> dict[str, str]:
    """The "to:", "do:", "why:", "measure:" and "by:" lines of one message; a line may run on."""
    names = "|".join(sorted([*FIELDS, *OPTIONAL, *_OTHER_WORDS], key=len, reverse=True))
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
    letter = fields.get("letter")
    return ActionDraft(
        to=fields["to"],
        what=check_words(fields["do"]),
        why=check_words(fields["why"]),
        measure=check_words(fields["measure"]),
        due_on=check_due(fields["by"], today),
        kind=check_kind(fields.get("kind", "supervision")),
        case=fields.get("case", ""),
        letter_on=parse_date(letter, today) if letter else None,
    )


def check_kind(typed: str) -> str:
    """The kind that is meant; raises Refusal naming them all."""
    words = " ".join(typed.casefold().split())
    for kind, title in KINDS.items():
        if words in (kind, title.casefold()):
            return kind
    found = [kind for kind, title in KINDS.items() if words and (words in title.casefold() or kind in words)]
    if len(found) == 1:
        return found[0]
    raise Refusal(f"What does it come from? One of: {', '.join(KINDS.values())}.")


def check_words(text: str) -> str:
    """The text, tidied; raises Refusal when it is too long to be read on a phone."""
    tidy = " ".join(text.split())
    if units(tidy) > LONGEST:
        raise Refusal(
            f"That is {units(tidy)} characters; up to {LONGEST} can be read on a phone. Shorten it, please."
        )
    return tidy


def check_due(typed: str, today: date) -> date:
    """The day by which it is due; raises BadDate, or Refusal for one in the past."""
    day = parse_date(typed, today, "future")
    if day < today:
        raise Refusal(f"{show_date(day)} has passed. By when should it be done? (I kept the rest.)")
    return day


def state_after(state: str, act: str) -> str:
    """A share's state after acknowledge, done, close, return or cancel; raises Stale where it can't be.

    Only a manager's close ends what a worker calls done, and acknowledged is never taken for done.
    """
    after = _STEPS.get((state, act))
    if after is None:
        raise Stale(_PASSED.get(state, "That can't be done any more."))
    return after


_STEPS: Mapping[tuple[str, str], str] = {
    ("sent", "acknowledge"): "acknowledged",
    ("returned", "acknowledge"): "acknowledged",
    **{(state, "done"): "done" for state in ("sent", "acknowledged", "returned")},
    **{(state, "cancel"): "cancelled" for state in ("sent", "acknowledged", "returned", "done")},
    ("done", "close"): "closed",
    ("done", "return"): "returned",
}
_PASSED: Mapping[str, str] = {
    "sent": "It isn't marked done yet.",
    "acknowledged": "It isn't marked done yet.",
    "returned": "It isn't marked done again yet.",
    "done": "That is done already.",
    "closed": "That is closed already.",
    "cancelled": "That was cancelled by your manager.",
}


def vague_words(text: str) -> tuple[str, str] | None:
    """The first vague phrase in the text and a better example, or None."""
    for pattern, example in _VAGUE.items():
        found = re.search(rf"\b(?:{pattern})\b", text, re.I)
        if found:
            return found[0], example
    return None
