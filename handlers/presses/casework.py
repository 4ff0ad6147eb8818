"""Buttons about cases: pages, events, visits, history, families, handover."""

from bot.conversations.cases import case_replies
from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.access import manages, require
from bot.rules.errors import Stale
from bot.rules.events import ANSWERS, EVENTS
from bot.rules.visits import WHY_NOT_ALONE
from bot.services import casework, happenings, visiting
from bot.services.auditing import SAW_CASE, note
from bot.texts import cases as case_texts
from bot.texts import happenings as event_texts
from bot.texts.html import esc
from bot.texts.reply import Button, Edit, Reply, Say, Toast
from handlers import commands
from handlers.presses.parsing import Press, id_of
from handlers.responding import Incoming


async def _cases(talk: Talk, _rest: list[str]) -> list[Reply]:
    return await commands.case_list(talk, _NOTHING_SAID)


async def _case(talk: Talk, rest: list[str]) -> list[Reply]:
    return await case_replies(
        talk, await casework.case_within_reach(talk.session, talk.person, id_of(rest[0]))
    )


async def _event(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, id_of(rest[0]))
    return await FLOWS.start(talk, "event", {"case": case.reference})


async def _visit(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, id_of(rest[0]))
    return await FLOWS.start(talk, "visit", {"case": case.reference})


async def _flow_on_case(talk: Talk, flow: str, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, id_of(rest[0]))
    return await FLOWS.start(talk, flow, {"case": case.reference})


def _on_case(flow: str) -> Press:
    async def start(talk: Talk, rest: list[str]) -> list[Reply]:
        return await _flow_on_case(talk, flow, rest)

    return start


async def _page(talk: Talk, rest: list[str]) -> casework.CasePage:
    case = await casework.case_within_reach(talk.session, talk.person, id_of(rest[0]))
    await note(talk.session, talk.person_id, SAW_CASE, f"case {case.id}", talk.now)
    return await casework.case_page(talk.session, talk.office, talk.person, case, talk.office.today(talk.now))


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
    event, case = await happenings.event_within_reach(talk.session, talk.person, id_of(rest[0]))
    text = event_texts.event_card(case.reference, EVENTS[event.kind].title, event.happened_on)
    return [Say(text, event_texts.event_card_buttons(event))]


async def _correct(talk: Talk, rest: list[str]) -> list[Reply]:
    event, _ = await happenings.event_within_reach(talk.session, talk.person, id_of(rest[0]))
    return await FLOWS.start(talk, "correct", {"event": event.id, "kind": event.kind})


async def _order_end(talk: Talk, rest: list[str]) -> list[Reply]:
    event, _ = await happenings.event_within_reach(talk.session, talk.person, id_of(rest[0]))
    if not EVENTS[event.kind].sealed_end:
        raise Stale("Only a court order has an end of its own.")
    known = {"event": event.id, "kind": event.kind, "day": event.happened_on.isoformat()}
    return await FLOWS.start(talk, "order-end", known)


async def _more(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, id_of(rest[0]))
    manager = manages(talk.person.role, "allocation")
    return [Say(f"<b>{esc(case.reference)}</b>", case_texts.more(id_of(rest[0]), manager=manager))]


async def _why(talk: Talk, rest: list[str]) -> list[Reply]:
    visit, case = await visiting.own_visit(talk.session, talk.person, id_of(rest[0]))
    if len(rest) == 1:
        return [Say(f"{esc(case.reference)}: why not alone?", event_texts.why_buttons(id_of(rest[0])))]
    await visiting.say_why(talk.session, talk.person, id_of(rest[0]), rest[1], talk.now)
    return [
        Edit(f"{esc(case.reference)}: not alone, because: {esc(WHY_NOT_ALONE[visit.why_not_alone].lower())}.")
    ]


async def _quality(talk: Talk, rest: list[str]) -> list[Reply]:
    if len(rest) < 3:
        raise Stale("That choice isn't offered any more.")
    yes = rest[2] == "y"
    await visiting.say_quality(talk.session, talk.person, id_of(rest[0]), rest[1], yes, talk.now)
    said = {"purpose": "purpose met", "voice": "voice captured"}[rest[1]]
    return [Toast(f"Noted: {said}: {'yes' if yes else 'no'}")]


async def _disabled(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, id_of(rest[0]))
    case.disabled = not case.disabled
    marked = "marked as disabled" if case.disabled else "unmarked as disabled"
    await note(talk.session, talk.person_id, marked, f"case {case.id}", talk.now)
    said = "is marked as a disabled child" if case.disabled else "isn't marked as a disabled child any more"
    return [Say(f"<b>{esc(case.reference)}</b> {said}.")]


async def _hand_over(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await casework.case_within_reach(talk.session, talk.person, id_of(rest[0]))
    require(talk.person.role, "allocation")
    return await FLOWS.start(talk, "handover", {"what": case.reference})


async def _missed(talk: Talk, rest: list[str]) -> list[Reply]:
    case = await visiting.miss_visit(talk.session, talk.person, id_of(rest[0]), talk.now)
    text = f"<b>{esc(case.reference)}</b>: noted as missed. When will you visit instead?"
    return [Edit(text, ((Button("Plan another day", f"plan:{case.id}"),),))]


async def _family_too(talk: Talk, rest: list[str]) -> list[Reply]:
    results = await happenings.record_for_family(
        talk.session, talk.office, talk.person, id_of(rest[0]), talk.now
    )
    if not results:
        raise Stale("It is recorded on all of them already.")
    today, zone = talk.office.today(talk.now), talk.office.zone
    return [Say("\n\n".join(event_texts.recorded(result, today, zone, []) for result in results))]


async def _answer_event(talk: Talk, rest: list[str]) -> list[Reply]:
    if len(rest) < 2 or rest[1] not in {answer.detail for answer in ANSWERS}:
        raise Stale("That choice isn't offered any more.")
    result = await happenings.answer_event(
        talk.session, talk.office, talk.person, id_of(rest[0]), rest[1], talk.now
    )
    label = next(answer.label for answer in ANSWERS if answer.detail == rest[1])
    lines = event_texts.opened_lines(result.changes, talk.office.today(talk.now), talk.office.zone)
    text = "\n".join([f"<b>{esc(result.case.reference)}: {esc(label.lower())}.</b>", *lines])
    return [Say(text, event_texts.recorded_buttons(result))]


async def _undo(talk: Talk, rest: list[str]) -> list[Reply]:
    result = await happenings.void_event(talk.session, talk.office, talk.person, id_of(rest[0]), talk.now)
    lines = event_texts.opened_lines(result.changes, talk.office.today(talk.now), talk.office.zone)
    return [Edit("\n".join([f"<b>{esc(result.case.reference)}: taken back.</b>", *lines]))]


_NOTHING_SAID = Incoming(account=0, first_name="", text="", args="", pressed=True, private=True)


VERBS: dict[str, Press] = {
    "miss": _missed,
    "cases": _cases,
    "case": _case,
    "ev": _event,
    "vis": _visit,
    "ans": _answer_event,
    "undo": _undo,
    "fam": _family_too,
    "his": _history,
    "tl": _timeline,
    "evt": _past_event,
    "fix": _correct,
    "oend": _order_end,
    "more": _more,
    "why": _why,
    "vq": _quality,
    "dis": _disabled,
    "hand": _hand_over,
    "plan": _on_case("plan-visit"),
    "freq": _on_case("frequency"),
    "famset": _on_case("family"),
    "close": _on_case("close"),
}
