"""Flows about cases: add one, record what happened, record a visit, start or finish a clock."""

from bot.conversations import orders
from bot.conversations.engine import Draft, Flow, Onward, Step, Talk
from bot.conversations.steps import kept_day, what_time, which_case, which_day
from bot.rules.errors import Refusal
from bot.rules.events import EVENTS, find_event
from bot.services import casework, clocks, closing, happenings, ticking, visiting
from bot.services.auditing import SAW_CASE, note
from bot.texts import cases as case_texts
from bot.texts import clocks as clock_texts
from bot.texts import happenings as event_texts
from bot.texts import ticking as ticking_texts
from bot.texts.html import bold, esc
from bot.texts.reply import Button, Reply, Say, rows
from storage.tables import Case

COMMON_EVENTS = (
    "strategy-discussion-held", "s47-started", "s47-outcome", "icpc-held", "core-group-held", "rcpc-held",
    "legal-planning-meeting-held", "pre-proceedings-decided", "letter-before-proceedings-sent",
    "pre-proceedings-meeting-held", "proceedings-issued", "plan-ended",
)  # fmt: skip
VISIT_KINDS = frozenset(visiting.VISIT_KINDS)
"""Events that are asked about as a visit: was the child seen, and alone?"""
_SEEN_WORDS = {
    "alone": "alone", "seen alone": "alone", "yes alone": "alone",
    "seen": "seen", "seen not alone": "seen", "not alone": "seen", "seen, not alone": "seen",
    "not-seen": "not-seen", "not seen": "not-seen", "no": "not-seen",
}  # fmt: skip


async def _case(talk: Talk, draft: Draft) -> Case:
    return await casework.find_case(talk.session, talk.office, talk.person, str(draft["case"]))


async def _ask_reference(_talk: Talk, _draft: Draft) -> Say:
    return Say(bold("Which reference?") + " As in your case system, like CP-1042. Never a name.")


async def _take_reference(talk: Talk, _draft: Draft, given: str) -> str:
    return talk.office.references.parse(given)


async def _add_case(talk: Talk, draft: Draft) -> list[Reply]:
    case = await casework.new_case(talk.session, talk.office, talk.person, str(draft["reference"]), talk.now)
    return [
        Say(
            f"{bold(case.reference)} is added. Record what has happened, and I'll work out every date.",
            ((Button("Record an event", f"ev:{case.id}"), Button("Record a visit", f"vis:{case.id}")),),
        )
    ]


NEW_CASE = Flow("newcase", (Step("reference", _ask_reference, _take_reference),), _add_case)


async def case_replies(talk: Talk, case: Case) -> list[Reply]:
    """A case's page; that it was seen leaves a line in the trail."""
    await note(talk.session, talk.person_id, SAW_CASE, f"case {case.id}", talk.now)
    today = talk.office.today(talk.now)
    page = await casework.case_page(talk.session, talk.office, talk.person, case, today)
    return [Say(case_texts.page(page, today, talk.office.zone), case_texts.page_buttons(page))]


async def _show_case(talk: Talk, draft: Draft) -> list[Reply]:
    return await case_replies(talk, await _case(talk, draft))


CASE = Flow("case", (which_case(),), _show_case)


async def _ask_kind(talk: Talk, draft: Draft) -> Say:
    buttons = [talk.choice(EVENTS[kind].title, kind) for kind in COMMON_EVENTS]
    return Say(bold(f"{draft['case']}: what happened?") + " Tap one, or type it.", rows(*buttons))


async def _take_kind(_talk: Talk, _draft: Draft, given: str) -> str:
    return event_kind(given)


def event_kind(given: str) -> str:
    """The event's id; raises Refusal with what is accepted."""
    kind = find_event(given)
    if kind is None:
        raise Refusal(
            f"I don't know the event “{given.strip()[:40]}”. Use words like strategy discussion, "
            "initial conference, core group, review conference, letter before proceedings, or issued."
        )
    return kind.id


async def _record(talk: Talk, draft: Draft) -> list[Reply] | Onward:
    case = await _case(talk, draft)
    day, moment = kept_day(str(draft.get("time") or draft["day"]))
    kind = EVENTS[str(draft["kind"])]
    if kind.id in VISIT_KINDS:
        return Onward("visit", {"case": case.reference, "day": draft["day"]})
    ends = orders.kept_end(draft)
    result = await happenings.record_event(
        talk.session,
        talk.office,
        talk.person,
        case,
        kind,
        day,
        talk.now,
        moment=moment,
        ends=ends,
    )
    return await recorded_replies(talk, result)


async def recorded_replies(talk: Talk, result: happenings.Recorded) -> list[Reply]:
    """What an event did, with the reminders that follow, and a warning where an order outlasts the law."""
    days = [
        day
        for view in result.changes.opened
        for day in await clocks.planned_days(talk.session, talk.office, view.deadline)
    ]
    today = talk.office.today(talk.now)
    asked = await happenings.prompts(talk.session, talk.office, result, today)
    text = event_texts.recorded(result, today, talk.office.zone, days[:4], asked)
    warning = happenings.too_long(talk.office, result.event)
    text = f"{text}\n{bold(warning)}" if warning else text
    return [Say(text, event_texts.recorded_buttons(result, asked))]


EVENT = Flow(
    "event",
    (
        which_case(may_add=True),
        Step("kind", _ask_kind, _take_kind),
        which_day("When was it?"),
        what_time(),
        orders.which_end(),
    ),
    _record,
)


async def _ask_seen(talk: Talk, draft: Draft) -> Say:
    return Say(
        bold(f"{draft['case']}: was the child seen?"),
        rows(
            talk.choice("Seen alone", "alone"),
            talk.choice("Seen, not alone", "seen"),
            talk.choice("Not seen", "not-seen"),
        ),
    )


async def _take_seen(_talk: Talk, _draft: Draft, given: str) -> str:
    return seen_word(given)


def seen_word(given: str) -> str:
    """alone, seen or not-seen; raises Refusal with what is accepted."""
    seen = _SEEN_WORDS.get(" ".join(given.lower().split()))
    if seen is None:
        raise Refusal(
            "Was the child seen? Say alone, seen (but not alone), or not-seen. Nothing more, please."
        )
    return seen


async def _record_visit(talk: Talk, draft: Draft) -> list[Reply]:
    case = await _case(talk, draft)
    day, _ = kept_day(str(draft["day"]))
    result = await visiting.record_visit(
        talk.session, talk.office, talk.person, case, day, str(draft["seen"]), talk.now
    )
    today = talk.office.today(talk.now)
    return [
        Say(event_texts.visit_recorded(result, today, talk.office.zone), event_texts.visit_buttons(result))
    ]


VISIT = Flow("visit", (which_case(), which_day(), Step("seen", _ask_seen, _take_seen)), _record_visit)


async def _ask_start_day(talk: Talk, draft: Draft) -> Say:
    row = talk.office.library.book.find(str(draft["timescale"]))
    starts = row.starts if row is not None else "it"
    asked = await which_day().ask(talk, draft)
    return Say(bold(f"{draft['case']}: when was {starts}?"), asked.buttons)


async def _start_clock(talk: Talk, draft: Draft) -> list[Reply] | Onward:
    row = talk.office.library.book.find(str(draft["timescale"]))
    if row is None or row.trigger not in EVENTS:
        raise Refusal("That clock can't be started by hand any more.")
    return Onward("event", {"case": draft["case"], "kind": row.trigger, "day": draft["day"]})


START_CLOCK = Flow(
    "start-clock",
    (which_case(may_add=True), Step("day", _ask_start_day, which_day().take)),
    _start_clock,
)


async def _checklist(talk: Talk, draft: Draft) -> list[Reply]:
    case = await _case(talk, draft)
    shown = await ticking.open_list(
        talk.session, talk.office, talk.person, str(draft["list"]), case.id, steps=False
    )
    return [Say(*ticking_texts.tick_page(shown, talk.office.library))]


CHECKLIST = Flow("checklist", (which_case(),), _checklist)


async def _done(talk: Talk, draft: Draft) -> list[Reply] | Onward:
    deadline, case = await casework.deadline_within_reach(talk.session, talk.person, int(draft["deadline"]))
    day, _ = kept_day(str(draft["day"]))
    kind = closing.satisfying_event(talk.office, deadline)
    if kind is not None and kind.id in VISIT_KINDS:
        return Onward("visit", {"case": case.reference, "day": draft["day"]})
    if kind is not None and kind.sealed_end:
        return Onward("event", {"case": case.reference, "kind": kind.id, "day": draft["day"]})
    view = await clocks.view(talk.session, talk.office, deadline, case)
    result = await closing.mark_done(talk.session, talk.office, talk.person, deadline, day, talk.now)
    if result is not None:
        return await recorded_replies(talk, result)
    title = esc(clock_texts.clock_title(view))
    return [Say(f"✓ {bold(case.reference)}: {title} is done.", ((Button("Case", f"case:{case.id}"),),))]


DONE = Flow("done", (which_day("When was it done?"),), _done)
