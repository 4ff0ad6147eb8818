"""What a question gets back: an answer, choices, or an honest "I don't know"."""

from collections.abc import Mapping

from bot.rules.guidance import GROUPS, Entry, Guidance
from bot.rules.library import Library
from bot.services.answering import Found
from bot.services.following import Followed
from bot.texts import guidance
from bot.texts.html import bold, esc, lines, plain
from bot.texts.paging import FIRST_SCREEN
from bot.texts.reply import Button, Rows, rows

SMALL_TALK: Mapping[str, str] = {
    "greeting": "Hello. Ask me a procedure question in your own words, or tap /help.",
    "thanks": "You're welcome.",
    "distress": (
        "That sounds hard. I'm only a guidance tool, so please talk to your manager or a colleague now, "
        "or Samaritans on 116 123, any hour. If somebody is in danger, call 999."
    ),
    "swearing": "Fair enough. Tell me what you need, and I'll try to be useful.",
}
SIGNPOSTS: Mapping[str, str] = {
    "pay-and-leave": "Pay, leave and expenses are for your manager or HR.",
    "it": "That's for your IT service desk.",
    "adult-services": "That's for adult social care: ask its duty team.",
    "other-nations": "I only know England. Ask the authority in that nation.",
    "housing": "That's for the council's housing team.",
    "benefits": "Benefits are for a welfare rights adviser or business support.",
    "school-admissions": "That's for the council's school admissions team.",
    "police-enquiries": "That's for the police officer in charge of the case.",
    "legal-advice-live-case": "Advice on a live case is for {legal}.",
    "press": "Say nothing yet, and pass it to the council's press office.",
    "decide-for-me": "I can't decide a case: that's for you and your manager. I can show what the rules say.",
    "named-person": "I know nothing about any person, and nothing about one should be typed here.",
    "instructions": "I only answer procedure questions for children's social workers in England.",
    "private-law": "For their own family dispute, parents need a solicitor or a family law advice line.",
    "criminal-law": "That's criminal law: for the police, the prosecution or a solicitor.",
    "fostering-rates": "What carers are paid is for the fostering team.",
    "professional-registration": "Registration is for Social Work England or your principal social worker.",
}
DONT_KNOW = "I don't have guidance on that, so I won't guess."
NOTED = "I've noted the question (not your name) for the practice lead."


def urgent(library: Library) -> str:
    """The first words when somebody may be in danger now."""
    duty, late = library.contacts["duty"], library.contacts["out-of-hours"]
    return lines(
        bold("Call 999 now if anyone is in danger. Get yourself safe."),
        f"Then {esc(duty)} (out of hours: {esc(late)}).",
    )


# Left out of training, nine in ten tellings of danger reach this; three in a hundred others do too.
MAYBE_DANGER = 0.1


def message(found: Found, library: Library) -> str:
    """The whole reply to a question; in danger the entry's point is all that follows."""
    finding, entry = found.finding, found.entry
    if finding.status == "urgent":
        return lines(urgent(library), guidance.answer(entry, library, most=1) if entry else "")
    calm = _calm(found, library)
    return lines(urgent(library), calm) if finding.danger >= MAYBE_DANGER else calm


def _room(found: Found, library: Library) -> int:
    """What the emergency line leaves of the screen."""
    return FIRST_SCREEN - (len(plain(urgent(library))) + 1 if found.finding.danger >= MAYBE_DANGER else 0)


def _calm(found: Found, library: Library) -> str:
    finding, entry = found.finding, found.entry
    if finding.status == "answer" and entry is not None:
        return guidance.answer(entry, library, found.due, room=_room(found, library))
    if finding.small_talk is not None:
        return esc(SMALL_TALK[finding.small_talk])
    if finding.status == "choices":
        return bold("Which one do you mean?")
    return _refusal(found, library)


def _refusal(found: Found, library: Library) -> str:
    signpost = SIGNPOSTS.get(found.finding.signpost or "")
    who = signpost or "Your team manager or the duty team will know."
    own = library.signposts.get(found.finding.signpost or "", "")
    words = who.replace("{legal}", library.contacts["legal"]) + (f" Here: {own}." if own else "")
    nearest = "The nearest that I have:" if found.offered and signpost is None else ""
    return lines(bold(DONT_KNOW), esc(words), esc(NOTED), nearest)


def buttons(found: Found, library: Library) -> Rows:
    """What fits the reply: sections, choices, or the nearest entries."""
    finding, entry = found.finding, found.entry
    if finding.status == "urgent" and entry is not None:
        whole = Button("All about this", f"entry:{entry.id}")
        return (*_danger_buttons(library), (Button("Steps", f"sec:s:{entry.id}"), whole))
    if finding.status == "answer" and entry is not None:
        not_right = Button("Not what I asked", f"notright:{found.question_id or 0}")
        shown = guidance.lines_shown(entry, library, found.due, room=_room(found, library))
        *others, last = guidance.answer_buttons(entry, library, shown)
        return (*others, (*last, not_right))
    if finding.small_talk is not None:
        return ()
    offered = [Button(choice.title, f"entry:{choice.id}") for choice in found.offered]
    if finding.status == "choices":
        return rows(*offered, Button("None of these", f"none:{found.question_id or 0}"))
    if finding.signpost is not None:
        return ((Button("Browse topics", "topics"),),)
    return rows(*offered, Button("Browse topics", "topics"))


FOLLOWED = {"who": "w", "if": "i", "record": "r", "steps": "s", "next": "s"}
"""Which section answers a follow-up."""


def followed(follow: Followed, library: Library) -> tuple[str, Rows]:
    """The part of the entry shown before that a follow-up asks for, with what comes next on buttons."""
    entry, kind = follow.entry, follow.kind
    onward = rows(*(Button(f"Next: {stage.title}", f"entry:{stage.id}") for stage in follow.next_stages))
    if kind == "sources":
        return guidance.sources(entry)
    code = FOLLOWED.get(kind, "")
    if kind == "next" and onward:
        return lines(bold(f"After “{entry.title}”"), "What usually comes next:"), onward
    if code and guidance.SECTION_CODES[code] in entry.sections:
        return guidance.section(entry, code, library)
    return guidance.answer(entry, library), guidance.answer_buttons(entry, library)


def browse_instead(found: Found, library: Library) -> tuple[str, Rows]:
    """Asked twice without getting clear: the likeliest once more, and the whole tree."""
    likely = (Button(entry.title, f"entry:{entry.id}") for entry in found.offered[:2])
    text, groups = topics(library.guidance)
    words = lines(bold("I still can't tell which one."), "Is it one of these? Or pick from the topics.", text)
    calm = lines(urgent(library), words) if found.finding.danger >= MAYBE_DANGER else words
    return calm, (*rows(*likely), *groups)


JOIN_FIRST = "Join your team's bot first"
_MOST_INLINE = 5


def inline_results(found: Found, library: Library) -> list[tuple[str, str, str, str]]:
    """What an inline query offers: slug, title, a line, the words that are sent; nothing for a refusal."""
    if found.finding.status == "none":
        return []
    entries = [entry for entry in (found.entry, *found.offered) if entry is not None]
    once = list({entry.id: entry for entry in entries}.values())[:_MOST_INLINE]
    first = urgent(library) if found.finding.danger >= MAYBE_DANGER else ""
    return [
        (
            entry.id,
            entry.title,
            plain(guidance.filled(entry.sections["Short answer"][0], library)),
            lines(first, bold(entry.title), guidance.answer(entry, library)),
        )
        for entry in once
    ]


def _danger_buttons(library: Library) -> Rows:
    wanted = ("police-protection", "emergency-protection-order", "strategy-discussion")
    entries = [entry for entry in map(library.guidance.find, wanted) if entry is not None]
    return rows(*(Button(entry.title, f"entry:{entry.id}") for entry in entries))


def topics(book: Guidance) -> tuple[str, Rows]:
    """The browse tree's first level: groups in pathway order."""
    used = {entry.header.group for entry in book.entries}
    groups = [Button(title, f"grp:{group}") for group, title in GROUPS.items() if group in used]
    return bold("Topics, in the order of a case"), rows(*groups)


def group(book: Guidance, name: str) -> tuple[str, Rows]:
    """One group's entries in pathway order."""
    entries = [
        Button(entry.title, f"entry:{entry.id}") for entry in book.entries if entry.header.group == name
    ]
    return bold(GROUPS.get(name, "Topics")), rows(*entries, Button("All topics", "topics"))


def related(entry: Entry, book: Guidance) -> tuple[str, Rows]:
    """What goes with an entry."""
    others = [other for other in map(book.find, entry.header.related) if other is not None]
    return bold(f"Goes with “{entry.title}”"), rows(*(Button(o.title, f"entry:{o.id}") for o in others))
