"""What members type: commands with their words, and plain text."""

import base64

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.access import require
from bot.rules.checklists import find_term
from bot.rules.dates import leading_date
from bot.rules.errors import Refusal
from bot.services import answering, casework, drift, following, practice
from bot.services.agenda import Agenda, agenda
from bot.services.auditing import note
from bot.services.exporting import team_workbook
from bot.texts import answers, joining
from bot.texts import caseload as caseload_texts
from bot.texts import cases as case_texts
from bot.texts import clocks as clock_texts
from bot.texts import practice as practice_texts
from bot.texts import ticking as ticking_texts
from bot.texts.exports import WORDING
from bot.texts.html import esc
from bot.texts.reply import Button, Document, Reply, Say, rows
from handlers.responding import Incoming
from handlers.trespass import EDITED
from storage import cases, shown

_SEEN_ENDINGS = ("not-seen", "not seen", "seen not alone", "not alone", "seen alone", "alone", "seen")


async def words(talk: Talk, said: Incoming) -> list[Reply]:
    """Plain text: the answer to the running dialogue's question, or else a question to the guidance.

    Whoever tells of danger in the middle of a dialogue reads the emergency line first all the same.
    """
    dialogue = await FLOWS.running(talk)
    if dialogue is None:
        return await answer(talk, said.text)
    found = answering.find(talk.office, said.text, talk.office.today(talk.now))
    if found.finding.status != "urgent":
        return await FLOWS.said(talk, dialogue, said.text)
    library = talk.office.library
    alarm = Say(answers.message(found, library), answers.buttons(found, library))
    try:
        async with talk.session.begin_nested():
            return [alarm, *await FLOWS.said(talk, dialogue, said.text)]
    except Refusal as refusal:
        return [alarm, Say(esc(str(refusal)))]


async def answer(talk: Talk, question: str) -> list[Reply]:
    """Curated answers, a part of the entry shown before, choices, or an honest "I don't know"."""
    library = talk.office.library
    follow = await following.followed(talk.session, talk.office, talk.person_id, question, talk.now)
    if follow is not None:
        await shown.remember(talk.session, talk.person_id, follow.entry.id, talk.now)
        return [Say(*answers.followed(follow, library))]
    unclear = await following.was_offered_choices(talk.session, talk.person_id, talk.now)
    found = await answering.ask(talk.session, talk.office, question, talk.now, talk.person_id)
    if unclear and found[-1].finding.status == "choices":
        return [Say(*answers.browse_instead(found[-1], library))]
    return [Say(answers.message(each, library), answers.buttons(each, library)) for each in found]


async def new_case(talk: Talk, said: Incoming) -> list[Reply]:
    """/newcase REF."""
    casework.scope_of(talk.person)
    return await FLOWS.start(talk, "newcase", typed=_given(reference=said.args))


async def case(talk: Talk, said: Incoming) -> list[Reply]:
    """/case REF."""
    casework.scope_of(talk.person)
    return await FLOWS.start(talk, "case", typed=_given(case=said.args))


async def event(talk: Talk, said: Incoming) -> list[Reply]:
    """/event REF EVENT DATE, in words as they come; what is missing is asked."""
    casework.scope_of(talk.person)
    reference, _, rest = said.args.partition(" ")
    kind, day = split_day(talk, rest)
    return await FLOWS.start(talk, "event", typed=_given(case=reference, kind=kind, day=day))


async def visit(talk: Talk, said: Incoming) -> list[Reply]:
    """/visit REF DATE alone|seen|not-seen."""
    casework.scope_of(talk.person)
    reference, _, rest = said.args.partition(" ")
    ending = next((e for e in _SEEN_ENDINGS if rest.lower().endswith(e)), "")
    day = rest[: len(rest) - len(ending)].strip()
    return await FLOWS.start(talk, "visit", typed=_given(case=reference, day=day, seen=ending))


def _given(**parts: str) -> dict[str, str]:
    return {key: value.strip() for key, value in parts.items() if value.strip()}


def split_day(talk: Talk, text: str) -> tuple[str, str]:
    """("core group held", "3 Nov") of "core group held 3 Nov": the longest ending that is a date."""
    parts = text.split()
    today = talk.office.today(talk.now)
    for _, before in leading_date(parts, today):
        if before:
            return " ".join(before), " ".join(parts[len(before) :])
    return _split_unreadable_day(parts)


def _split_unreadable_day(parts: list[str]) -> tuple[str, str]:
    """Something with a digit at the end was meant as a date: it goes there, to be refused with its reason."""
    first = next((i for i, part in enumerate(parts) if part[0].isdigit()), len(parts))
    return " ".join(parts[:first]), " ".join(parts[first:])


async def case_list(talk: Talk, _said: Incoming) -> list[Reply]:
    """/cases: each with what is next."""
    scope = casework.scope_of(talk.person)
    found = await agenda(talk.session, talk.office, talk.person, talk.now, days_ahead=3660)
    next_up: dict[int | None, str] = {}
    for view in (*found.overdue, *found.due_today, *found.this_week):
        due = clock_texts.due_words(view, found.today, talk.office.zone)
        next_up.setdefault(view.case.id, f"{clock_texts.clock_title(view)}, {due}")
    open_cases = await cases.open_cases(talk.session, scope)
    listed = [(case.reference, next_up.get(case.id, "no clock running")) for case in open_cases]
    buttons = [Button(case.reference, f"case:{case.id}") for case in open_cases[:12]]
    return [Say(case_texts.case_list(listed), rows(*buttons, wide=3))]


async def today(talk: Talk, _said: Incoming) -> list[Reply]:
    """/today: overdue and due today."""
    found = await _agenda(talk)
    found.this_week = []
    return _agenda_reply(talk, found, "Nothing is due today, and nothing is overdue.")


async def week(talk: Talk, _said: Incoming) -> list[Reply]:
    """/week: the next seven days."""
    return _agenda_reply(talk, await _agenda(talk), "Nothing is due in the next seven days.")


async def overdue(talk: Talk, _said: Incoming) -> list[Reply]:
    """/overdue: what has passed its date."""
    found = await _agenda(talk)
    found.this_week, found.due_today = [], []
    found.actions = [view for view in found.actions if view.action.due_on < found.today]
    return _agenda_reply(talk, found, "Nothing is overdue.")


async def _agenda(talk: Talk) -> Agenda:
    return await agenda(talk.session, talk.office, talk.person, talk.now)


def _agenda_reply(talk: Talk, found: Agenda, nothing: str) -> list[Reply]:
    if found.empty:
        return [Say(nothing)]
    return [Say(clock_texts.agenda(found, talk.office.zone), clock_texts.agenda_buttons(found))]


async def close(talk: Talk, said: Incoming) -> list[Reply]:
    """/close REF."""
    casework.scope_of(talk.person)
    return await FLOWS.start(talk, "close", typed=_given(case=said.args))


async def family(talk: Talk, said: Incoming) -> list[Reply]:
    """/family REF FAMILY."""
    casework.scope_of(talk.person)
    reference, _, shared = said.args.partition(" ")
    return await FLOWS.start(talk, "family", typed=_given(case=reference, family=shared))


async def hand_over(talk: Talk, said: Incoming) -> list[Reply]:
    """/handover REF or a worker's name; a manager's."""
    require(talk.person.role, "allocation")
    return await FLOWS.start(talk, "handover", typed=_given(what=said.args))


async def drifting(talk: Talk, _said: Incoming) -> list[Reply]:
    """/drift: the cases that drift most, with the signs."""
    found = await drift.drifting(talk.session, talk.office, talk.person, talk.now)
    return [Say(caseload_texts.drift(found), caseload_texts.drift_buttons(found))]


async def pre_proceedings(talk: Talk, _said: Incoming) -> list[Reply]:
    """/plo: every case in pre-proceedings, the longest first."""
    day = talk.office.today(talk.now)
    found = await drift.pre_proceedings(talk.session, talk.office, talk.person, day)
    shown = [case for case, _, _ in found]
    coming = await drift.next_of(talk.session, talk.office, shown, day)
    buttons = [Button(case.reference, f"case:{case.id}") for case in shown[:12]]
    return [Say(caseload_texts.tracker(found, coming, day, talk.office.zone), rows(*buttons, wide=3))]


async def spreadsheet(talk: Talk, _said: Incoming) -> list[Reply]:
    """/spreadsheet: clocks and pre-proceedings tracker, for the meeting that still lives in one."""
    content = await team_workbook(
        talk.session, talk.office, casework.scope_of(talk.person), talk.now, WORDING
    )
    await note(talk.session, talk.person_id, "took spreadsheet", f"person {talk.person_id}", talk.now)
    day = talk.office.today(talk.now)
    return [
        Document(f"driftless-{day}.xlsx", base64.b64encode(content).decode(), "Clocks and pre-proceedings.")
    ]


async def questions(talk: Talk, _said: Incoming) -> list[Reply]:
    """/questions: the practice lead's month."""
    view = await practice.practice_view(talk.session, talk.office, talk.person, talk.now)
    return [Say(practice_texts.practice(view), practice_texts.practice_buttons(view))]


async def checklist(talk: Talk, _said: Incoming) -> list[Reply]:
    """/checklist: choose one to tick off."""
    buttons = ticking_texts.checklists(talk.office.library.checklists, 0)
    return [Say("Which checklist?", buttons)]


async def glossary(talk: Talk, said: Incoming) -> list[Reply]:
    """/glossary ICPC."""
    known = talk.office.library.glossary
    if not said.args:
        return [Say("Which abbreviation? For instance: /glossary ICPC")]
    found = find_term(known, said.args)
    if found is None:
        near = [name for name in known if name.casefold().startswith(said.args[:2].casefold())][:6]
        return [Say(ticking_texts.unknown_term(said.args, near))]
    return [Say(*ticking_texts.term(*found))]


async def topics(talk: Talk, _said: Incoming) -> list[Reply]:
    """/topics: browse in the order of a case."""
    return [Say(*answers.topics(talk.office.library.guidance))]


async def cancel(talk: Talk, _said: Incoming) -> list[Reply]:
    """/cancel: ends the running dialogue."""
    return await FLOWS.cancel(talk)


async def unknown(_talk: Talk, _said: Incoming) -> list[Reply]:
    """A command that isn't one of ours."""
    return [Say(esc(joining.UNKNOWN_COMMAND))]


async def unsupported(_talk: Talk, _said: Incoming) -> list[Reply]:
    """A picture, voice note, sticker, location, file …"""
    return [Say(esc(joining.NO_PICTURES), ((Button("Help", "help"),),))]


async def edited(talk: Talk, said: Incoming) -> list[Reply]:
    """An edited message has no effect but a line in the trail."""
    await note(talk.session, talk.person_id, EDITED, f"message {said.message}", talk.now)
    return [Say(esc(joining.NO_EDITS))]
