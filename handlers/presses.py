"""What members press: a verb and ids; each is checked for whose it is and whether it still holds."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.conversations.cases import case_replies
from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.access import reach
from bot.rules.errors import NotAllowed, NotFound, Stale
from bot.rules.events import ANSWERS, EVENTS
from bot.rules.guidance import Entry
from bot.rules.visits import WHY_NOT_ALONE
from bot.services import casework, clocks, closing, happenings, supervision, ticking, visiting
from bot.texts import answers, guidance, joining
from bot.texts import caseload as caseload_texts
from bot.texts import cases as case_texts
from bot.texts import supervision as action_texts
from bot.texts import ticking as ticking_texts
from bot.texts.html import esc
from bot.texts.reply import Button, Edit, Reply, Say, Toast
from handlers import commands
from handlers.joining import role_of
from handlers.responding import Incoming
from storage import questions

Press = Callable[[Talk, list[str]], Awaitable[list[Reply]]]


async def press(talk: Talk, said: Incoming) -> list[Reply]:
    """Routes a press by its verb; raises Stale for one that no version of ours has made."""
    verb, *rest = said.text.split(":")
    if verb == "d" and len(rest) >= 2:
        return await FLOWS.pressed(talk, _id(rest[0]), ":".join(rest[1:]))
    handler = _VERBS.get(verb)
    if handler is None or not (rest or verb in ("cases", "topics", "help")):
        raise Stale("That button is from an older version. /help shows what I can do.")
    return await handler(talk, rest)


def _id(text: str) -> int:
    if not text.isdecimal():
        raise Stale("That button can't be read. Start again, please.")
    return int(text)


def _entry(talk: Talk, slug: str) -> Entry:
    entry = talk.office.library.guidance.find(slug)
    if entry is None:
        raise NotFound("That guidance isn't here any more. Ask your question again.")
    return entry


async def _show_entry(talk: Talk, rest: list[str]) -> list[Reply]:
    entry, library = _entry(talk, rest[0]), talk.office.library
    return [Say(guidance.answer(entry, library), guidance.answer_buttons(entry, library))]


async def _section(talk: Talk, rest: list[str]) -> list[Reply]:
    entry = _entry(talk, rest[1])
    if guidance.SECTION_CODES.get(rest[0]) not in entry.sections:
        raise Stale("That part isn't in the guidance any more.")
    buttons = ((Button("Tick them off", f"tks:{entry.id}"),),) if rest[0] == "s" else ()
    return [Say(guidance.section(entry, rest[0], talk.office.library), buttons)]


async def _sources(talk: Talk, rest: list[str]) -> list[Reply]:
    return [Say(guidance.sources(_entry(talk, rest[0])))]


async def _related(talk: Talk, rest: list[str]) -> list[Reply]:
    return [Say(*answers.related(_entry(talk, rest[0]), talk.office.library.guidance))]


async def _not_right(talk: Talk, rest: list[str]) -> list[Reply]:
    question = await questions.question_by_id(talk.session, _id(rest[0]))
    if question is not None:
        question.not_right = True
    text, buttons = answers.topics(talk.office.library.guidance)
    return [Say(f"Sorry. {esc(answers.NOTED)} Ask it in other words, or browse.\n{text}", buttons)]


async def _try(talk: Talk, rest: list[str]) -> list[Reply]:
    examples = joining.EXAMPLES.get(talk.person.role, joining.EXAMPLES["worker"])
    return await commands.answer(talk, examples[_id(rest[0]) % len(examples)])


async def _topics(talk: Talk, _rest: list[str]) -> list[Reply]:
    return [Edit(*answers.topics(talk.office.library.guidance))]


async def _group(talk: Talk, rest: list[str]) -> list[Reply]:
    return [Edit(*answers.group(talk.office.library.guidance, rest[0]))]


async def _help(talk: Talk, _rest: list[str]) -> list[Reply]:
    return [Say(joining.help_text(role_of(talk.person)))]


async def _cases(talk: Talk, _rest: list[str]) -> list[Reply]:
    return await commands.case_list(talk, _NOTHING_SAID)


async def _case(talk: Talk, rest: list[str]) -> list[Reply]:
    return await case_replies(talk, await casework.case_within_reach(talk.session, talk.person, _id(rest[0])))


async def _event(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, _id(rest[0]))
    return await FLOWS.start(talk, "event", {"case": case.reference})


async def _visit(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, _id(rest[0]))
    return await FLOWS.start(talk, "visit", {"case": case.reference})


async def _start_clock(talk: Talk, rest: list[str]) -> list[Reply]:
    casework.scope_of(talk.person)
    return await FLOWS.start(talk, "start-clock", {"timescale": rest[0]})


async def _clock(talk: Talk, rest: list[str]) -> list[Reply]:
    deadline, case = await casework.deadline_within_reach(talk.session, talk.person, _id(rest[0]))
    view = await clocks.view(talk.session, talk.office, deadline, case)
    today = talk.office.today(talk.now)
    return [Say(case_texts.clock_card(view, today, talk.office.zone), case_texts.clock_buttons(view))]


async def _done(talk: Talk, rest: list[str]) -> list[Reply]:
    deadline, _ = await casework.deadline_within_reach(talk.session, talk.person, _id(rest[0]))
    return await FLOWS.start(talk, "done", {"deadline": deadline.id})


async def _snooze(talk: Talk, rest: list[str]) -> list[Reply]:
    deadline, case = await casework.deadline_within_reach(talk.session, talk.person, _id(rest[0]))
    assert deadline.id is not None
    if len(rest) == 1:
        return [Say(f"Remind you about {case.reference} when?", case_texts.snooze_buttons(deadline.id))]
    until = _until(talk, rest[1])
    await closing.snooze(talk.session, talk.person, deadline, until, talk.now)
    return [Edit(case_texts.snoozed(until, talk.office.zone, deadline.due_on))]


def _until(talk: Talk, preset: str) -> datetime:
    today = talk.office.today(talk.now)
    if preset == "1h":
        return talk.now + timedelta(hours=1)
    if preset == "1d":
        return talk.office.at(today + timedelta(days=1), clocks.ON_THE_DAY_AT)
    if preset == "wd":
        return talk.office.at(talk.office.calendar.forward(today, 1), clocks.ON_THE_DAY_AT)
    raise Stale("That choice isn't offered any more.")


async def _answer_event(talk: Talk, rest: list[str]) -> list[Reply]:
    if len(rest) < 2 or rest[1] not in {answer.detail for answer in ANSWERS}:
        raise Stale("That choice isn't offered any more.")
    result = await happenings.answer_event(
        talk.session, talk.office, talk.person, _id(rest[0]), rest[1], talk.now
    )
    label = next(answer.label for answer in ANSWERS if answer.detail == rest[1])
    lines = case_texts.opened_lines(result.changes, talk.office.today(talk.now), talk.office.zone)
    text = "\n".join([f"<b>{esc(result.case.reference)}: {esc(label.lower())}.</b>", *lines])
    return [Say(text, case_texts.recorded_buttons(result))]


async def _undo(talk: Talk, rest: list[str]) -> list[Reply]:
    result = await happenings.void_event(talk.session, talk.office, talk.person, _id(rest[0]), talk.now)
    lines = case_texts.opened_lines(result.changes, talk.office.today(talk.now), talk.office.zone)
    return [Edit("\n".join([f"<b>{esc(result.case.reference)}: taken back.</b>", *lines]))]


async def _acknowledge(talk: Talk, rest: list[str]) -> list[Reply]:
    view = await supervision.acknowledge(talk.session, talk.person, _id(rest[0]), talk.now)
    return [
        Toast("Acknowledged"),
        Edit(action_texts.acknowledged(view), action_texts.card_buttons(view)),
    ]


async def _action_done(talk: Talk, rest: list[str]) -> list[Reply]:
    view = await supervision.own_share(talk.session, talk.person, _id(rest[0]))
    if view.share.done_at is not None:
        raise Stale("That is done already.")
    return await FLOWS.start(talk, "action-done", {"share": view.share.id})


async def _flow_on_case(talk: Talk, flow: str, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, _id(rest[0]))
    return await FLOWS.start(talk, flow, {"case": case.reference})


def _on_case(flow: str) -> Press:
    async def start(talk: Talk, rest: list[str]) -> list[Reply]:
        return await _flow_on_case(talk, flow, rest)

    return start


def _on_clock(flow: str) -> Press:
    async def start(talk: Talk, rest: list[str]) -> list[Reply]:
        deadline, _ = await casework.deadline_within_reach(talk.session, talk.person, _id(rest[0]))
        return await FLOWS.start(talk, flow, {"deadline": deadline.id})

    return start


async def _family_too(talk: Talk, rest: list[str]) -> list[Reply]:
    results = await happenings.record_for_family(
        talk.session, talk.office, talk.person, _id(rest[0]), talk.now
    )
    if not results:
        raise Stale("It is recorded on all of them already.")
    today, zone = talk.office.today(talk.now), talk.office.zone
    return [Say("\n\n".join(case_texts.recorded(result, today, zone, []) for result in results))]


async def _page(talk: Talk, rest: list[str]) -> casework.CasePage:
    case = await casework.case_within_reach(talk.session, talk.person, _id(rest[0]))
    return await casework.case_page(talk.session, talk.office, case, talk.office.today(talk.now))


async def _history(talk: Talk, rest: list[str]) -> list[Reply]:
    page = await _page(talk, rest)
    if not page.events:
        return [Say("Nothing is recorded on it yet.")]
    return [Say(*case_texts.history(page))]


async def _timeline(talk: Talk, rest: list[str]) -> list[Reply]:
    page = await _page(talk, rest)
    if not page.events:
        return [Say("Nothing is recorded on it yet, so there is no timeline.")]
    return [case_texts.timeline(page, talk.office.today(talk.now))]


async def _past_event(talk: Talk, rest: list[str]) -> list[Reply]:
    event, case = await happenings.event_within_reach(talk.session, talk.person, _id(rest[0]))
    text = case_texts.event_card(case.reference, EVENTS[event.kind].title, event.happened_on)
    return [Say(text, case_texts.event_card_buttons(_id(rest[0])))]


async def _correct(talk: Talk, rest: list[str]) -> list[Reply]:
    event, _ = await happenings.event_within_reach(talk.session, talk.person, _id(rest[0]))
    return await FLOWS.start(talk, "correct", {"event": event.id})


async def _more(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, _id(rest[0]))
    manager = reach(talk.person.role, "cases") == "team"
    return [Say(f"<b>{esc(case.reference)}</b>", case_texts.more(_id(rest[0]), manager=manager))]


async def _why(talk: Talk, rest: list[str]) -> list[Reply]:
    visit, case = await visiting.own_visit(talk.session, talk.person, _id(rest[0]))
    if len(rest) == 1:
        return [Say(f"{esc(case.reference)}: why not alone?", case_texts.why_buttons(_id(rest[0])))]
    await visiting.say_why(talk.session, talk.person, _id(rest[0]), rest[1], talk.now)
    return [
        Edit(f"{esc(case.reference)}: not alone, because: {esc(WHY_NOT_ALONE[visit.why_not_alone].lower())}.")
    ]


async def _quality(talk: Talk, rest: list[str]) -> list[Reply]:
    if len(rest) < 3:
        raise Stale("That choice isn't offered any more.")
    yes = rest[2] == "y"
    await visiting.say_quality(talk.session, talk.person, _id(rest[0]), rest[1], yes, talk.now)
    said = {"purpose": "purpose met", "voice": "voice captured"}[rest[1]]
    return [Toast(f"Noted: {said}: {'yes' if yes else 'no'}")]


async def _disabled(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, _id(rest[0]))
    case.disabled = not case.disabled
    said = "is marked as a disabled child" if case.disabled else "isn't marked as a disabled child any more"
    return [Say(f"<b>{esc(case.reference)}</b> {said}.")]


async def _hand_over(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, _id(rest[0]))
    if reach(talk.person.role, "cases") != "team":
        raise NotAllowed("Only a manager moves cases. Ask yours.")
    return await FLOWS.start(talk, "handover", {"what": case.reference})


async def _decide(talk: Talk, rest: list[str]) -> list[Reply]:
    if len(rest) < 2:
        raise Stale("That choice isn't offered any more.")
    request, view = await closing.decide(
        talk.session, talk.office, talk.person, _id(rest[0]), agreed=rest[1] == "y", now=talk.now
    )
    said = "Agreed" if request.state == "agreed" else "Declined"
    return [Toast(said), Edit(f"{said}: {caseload_texts.decision(request, view)}")]


async def _checklists(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, _id(rest[0]))
    buttons = ticking_texts.checklists(talk.office.library.checklists, _id(rest[0]))
    return [Say(f"<b>{esc(case.reference)}</b>: which checklist?", buttons)]


async def _open_checklist(talk: Talk, rest: list[str]) -> list[Reply]:
    case_id = _id(rest[1]) if len(rest) > 1 else 0
    found = talk.office.library.checklists.get(rest[0])
    if found is not None and found.per == "case" and not case_id:
        casework.scope_of(talk.person)
        return await FLOWS.start(talk, "checklist", {"list": rest[0]})
    shown = await ticking.open_list(
        talk.session, talk.office, talk.person, rest[0], case_id or None, steps=False
    )
    return [Say(ticking_texts.tick_list(shown, talk.office.library), ticking_texts.tick_buttons(shown))]


async def _open_steps(talk: Talk, rest: list[str]) -> list[Reply]:
    shown = await ticking.open_list(talk.session, talk.office, talk.person, rest[0], None, steps=True)
    return [Say(ticking_texts.tick_list(shown, talk.office.library), ticking_texts.tick_buttons(shown))]


def _tick(*, steps: bool) -> Press:
    async def act(talk: Talk, rest: list[str]) -> list[Reply]:
        if len(rest) < 4:
            raise Stale("That list has changed since. Open it again, please.")
        case_id = _id(rest[3]) or None
        shown = await ticking.open_list(talk.session, talk.office, talk.person, rest[0], case_id, steps=steps)
        now_shown = await ticking.tick(
            talk.session, talk.office, talk.person, shown, _id(rest[1]), rest[2], talk.now
        )
        text = ticking_texts.tick_list(now_shown, talk.office.library)
        return [Edit(text, ticking_texts.tick_buttons(now_shown))]

    return act


_NOTHING_SAID = Incoming(account=0, first_name="", text="", args="", pressed=True, private=True)
_VERBS: dict[str, Press] = {
    "entry": _show_entry,
    "sec": _section,
    "src": _sources,
    "rel": _related,
    "notright": _not_right,
    "none": _not_right,
    "try": _try,
    "topics": _topics,
    "grp": _group,
    "help": _help,
    "cases": _cases,
    "case": _case,
    "ev": _event,
    "vis": _visit,
    "start": _start_clock,
    "clk": _clock,
    "done": _done,
    "snz": _snooze,
    "ans": _answer_event,
    "undo": _undo,
    "ack": _acknowledge,
    "cls": _checklists,
    "clo": _open_checklist,
    "tks": _open_steps,
    "tk": _tick(steps=False),
    "ts": _tick(steps=True),
    "fam": _family_too,
    "his": _history,
    "tl": _timeline,
    "evt": _past_event,
    "fix": _correct,
    "more": _more,
    "why": _why,
    "vq": _quality,
    "dis": _disabled,
    "hand": _hand_over,
    "req": _decide,
    "plan": _on_case("plan-visit"),
    "freq": _on_case("frequency"),
    "famset": _on_case("family"),
    "close": _on_case("close"),
    "ext": _on_clock("extend"),
    "nn": _on_clock("not-needed"),
    "adone": _action_done,
}
