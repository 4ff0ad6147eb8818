"""The flow that sets an action: who, what, why, how we shall know, by when; then a preview."""

from collections.abc import Mapping
from datetime import date

from bot.conversations.confirming import confirm, send_edit_or_cancel, which_part, without_part
from bot.conversations.engine import Draft, Flow, Onward, Step, Talk
from bot.conversations.steps import by_day_buttons
from bot.rules.access import require
from bot.rules.dates import parse_date, show_date
from bot.rules.errors import Refusal
from bot.rules.supervision import (
    KINDS,
    ActionDraft,
    check_due,
    check_kind,
    check_words,
    complete,
    parse_fields,
    vague_words,
)
from bot.services import audience, supervision
from bot.services.casework import find_case, scope_of
from bot.texts import action_cards as cards
from bot.texts.html import bold, lines
from bot.texts.reply import Reply, Say, rows
from storage import cases

TEMPLATE = "t="
_COACHED = ("do", "why", "measure")
_PARTS: Mapping[str, str] = {
    "to": "Who",
    "kind": "Kind",
    "case": "Case",
    "do": "What",
    "why": "Why",
    "measure": "Measure",
    "by": "Date",
}


async def _ask_to(talk: Talk, _draft: Draft) -> Say:
    require(talk.person.role, "actions-given")
    _, members = await audience.within_reach(talk.session, talk.person)
    if not members:
        raise Refusal("No worker of your team has joined yet. Invite them first.")
    open_cases = await cases.open_cases(talk.session, scope_of(talk.person))
    names = [talk.choice(person.name, f"#{person.id}") for person in members[:10]]
    about = [talk.choice(case.reference, case.reference) for case in open_cases[:6]]
    buttons = (*rows(*names, wide=2), *rows(*about, wide=3), (talk.choice("Whole team", "team"),))
    return Say(bold("Who is it for?") + " A worker, a case (goes to its worker), or the team.", buttons)


async def _take_to(talk: Talk, draft: Draft, given: str) -> str:
    found = await supervision.recipients(talk.session, talk.office, talk.person, given)
    if (
        found.case_id is not None
        or len(found.people) > 1
        or not await _cases_of(talk, found.people[0].id or 0)
    ):
        draft.setdefault("case", "")
    return given


async def _cases_of(talk: Talk, worker_id: int) -> list[str]:
    found = await cases.open_cases(talk.session, cases.Scope(worker_id=worker_id))
    return [case.reference for case in found]


async def _ask_case(talk: Talk, draft: Draft) -> Say:
    to = await supervision.recipients(talk.session, talk.office, talk.person, str(draft["to"]))
    found = [reference for one in to.people for reference in await _cases_of(talk, one.id or 0)]
    buttons = [talk.choice(reference, reference) for reference in found[:9]]
    return Say(
        bold("About a case?") + " Tap one, type a reference, or none.",
        (*rows(*buttons, wide=3), (talk.choice("No case", "none"),)),
    )


async def _take_case(talk: Talk, draft: Draft, given: str) -> str:
    if given.strip().casefold() in ("none", "no", "no case"):
        return ""
    case = await find_case(talk.session, talk.office, talk.person, given)
    await supervision.recipients(talk.session, talk.office, talk.person, str(draft["to"]), case.reference)
    return case.reference


async def _ask_kind(talk: Talk, _draft: Draft) -> Say:
    buttons = [talk.choice(title, kind) for kind, title in KINDS.items()]
    return Say(bold("What does it come from?"), rows(*buttons, wide=2))


async def _take_kind(_talk: Talk, _draft: Draft, given: str) -> str:
    return check_kind(given)


async def _ask_letter(_talk: Talk, _draft: Draft) -> Say:
    return Say(
        bold("When did the council receive the inspection letter?")
        + " A date like 12/11: the plan's own clocks count from it."
    )


async def _take_letter(talk: Talk, _draft: Draft, given: str) -> str:
    today = talk.office.today(talk.now)
    day = parse_date(given, today)
    if day > today:
        raise Refusal(f"{show_date(day)} is still to come. When did the letter arrive?")
    return day.isoformat()


async def _ask_do(talk: Talk, draft: Draft) -> Say:
    found = [
        talk.choice(one.title[:40], f"{TEMPLATE}{name}")
        for name, one in talk.office.library.templates.items()
        if one.kind == draft.get("kind", "supervision")
    ]
    more = " Type it, or start from one of these:" if found else ""
    return Say(bold("What should be done?") + more, rows(*found[:8]))


async def _take_do(talk: Talk, draft: Draft, given: str) -> str:
    template = talk.office.library.templates.get(given.removeprefix(TEMPLATE))
    if given.startswith(TEMPLATE) and template is not None:
        draft["why"], draft["measure"] = template.why, template.measure
        return template.do
    return _enough(given)


def _enough(given: str) -> str:
    words = check_words(given)
    if len(words) < 3:
        raise Refusal("A few words more, please, so that you both know what is meant.")
    return words


def _words(key: str, question: str) -> Step:
    async def ask(_talk: Talk, _draft: Draft) -> Say:
        return Say(bold(question))

    async def take(_talk: Talk, _draft: Draft, given: str) -> str:
        return _enough(given)

    return Step(key, ask, take)


def _coach(key: str) -> Step:
    """Points out what can't be checked; it may be kept all the same."""

    async def ask(talk: Talk, draft: Draft) -> Say:
        return Say(
            lines(cards.coach(str(draft[key])), "Type it anew, or keep it."),
            ((talk.choice("Keep it", "keep"),),),
        )

    async def take(_talk: Talk, draft: Draft, given: str) -> str:
        if given.strip().casefold() not in ("keep", "keep it"):
            draft[key] = _enough(given)
        return "seen"

    return Step(f"{key}-seen", ask, take, lambda draft: vague_words(str(draft.get(key, ""))) is not None)


async def _ask_by(talk: Talk, draft: Draft) -> Say:
    question = f"{bold('By when?')} Tap one, or type a date like 11/12."
    if not draft.get("letter"):
        return Say(question, by_day_buttons(talk))
    letter = date.fromisoformat(str(draft["letter"]))
    days = supervision.improvement_days(talk.office, letter)
    names = {"draft": "Draft plan", "plan": "Plan"}
    buttons = [
        talk.choice(f"{names[name]}: {show_date(day)}", day.isoformat())
        for name, day in days.items()
        if day >= talk.office.today(talk.now)
    ]
    return Say(
        lines(cards.improvement_clocks(letter, days, talk.office.library), question),
        (*rows(*buttons), *by_day_buttons(talk)),
    )


async def _take_by(talk: Talk, _draft: Draft, given: str) -> str:
    return check_due(given, talk.office.today(talk.now)).isoformat()


def _complete(talk: Talk, draft: Draft) -> ActionDraft:
    return complete({key: str(value) for key, value in draft.items()}, talk.office.today(talk.now))


async def _ask_confirm(talk: Talk, draft: Draft) -> Say:
    action = _complete(talk, draft)
    to = await supervision.recipients(talk.session, talk.office, talk.person, action.to, action.case)
    buttons = cards.as_preview(cards.share_buttons(0, "sent"))
    talk.shown.append(Say(cards.card_of(action, to.case_reference), buttons))
    return Say(cards.preview(action, to), send_edit_or_cancel(talk))


async def _send(talk: Talk, draft: Draft) -> list[Reply] | Onward:
    if draft["confirm"] == "cancel":
        return [Say("Not sent.")]
    if draft["confirm"] == "edit":
        return Onward("action", without_part(draft))
    action = _complete(talk, draft)
    _, to = await supervision.create_action(talk.session, talk.office, talk.person, action, talk.now)
    return [Say(cards.sent(to, action))]


ACTION = Flow(
    "action",
    (
        Step("to", _ask_to, _take_to),
        Step("case", _ask_case, _take_case),
        Step("kind", _ask_kind, _take_kind),
        Step("letter", _ask_letter, _take_letter, lambda draft: draft.get("kind") == "improvement"),
        Step("do", _ask_do, _take_do),
        _coach("do"),
        _words("why", "Why: what's the purpose?"),
        _coach("why"),
        _words("measure", "What will be different, so that you'll both know it's done?"),
        _coach("measure"),
        Step("by", _ask_by, _take_by),
        confirm(_ask_confirm),
        which_part(_PARTS),
    ),
    _send,
)


async def action_in_one(talk: Talk, text: str) -> list[Reply] | Onward:
    """The whole action in one message; what can't be checked is pointed out before it is sent.

    Raises Refusal naming what is missing.
    """
    require(talk.person.role, "actions-given")
    fields = _with_plan_day(talk, parse_fields(text))
    action = complete(fields, talk.office.today(talk.now))
    if any(vague_words(fields[key]) for key in _COACHED):
        await supervision.recipients(talk.session, talk.office, talk.person, action.to, action.case)
        known = {**fields, "case": action.case, "kind": action.kind, "by": action.due_on.isoformat()}
        return Onward("action", known)
    _, to = await supervision.create_action(talk.session, talk.office, talk.person, action, talk.now)
    return [Say(cards.sent(to, action))]


def _with_plan_day(talk: Talk, fields: dict[str, str]) -> dict[str, str]:
    """“by: draft” and “by: plan” of an improvement action become days, counted from its letter."""
    by = fields.get("by", "").casefold()
    if not fields.get("letter"):
        return fields
    letter = parse_date(fields["letter"], talk.office.today(talk.now))
    days = supervision.improvement_days(talk.office, letter)
    known = {**fields, "letter": letter.isoformat()}
    return {**known, "by": days[by].isoformat()} if by in days else known
