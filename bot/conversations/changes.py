"""Flows that change what stands: events, clocks, visits to come, family, worker, and the end of a case."""

from datetime import date

from bot.conversations.engine import Draft, Flow, Step, Talk
from bot.conversations.steps import by_day_buttons, kept_day, what_time, which_case, which_day
from bot.rules.dates import parse_date, show_date, show_moment
from bot.rules.errors import NotFound, Refusal
from bot.rules.events import EVENTS
from bot.rules.supervision import check_words
from bot.services import caseload, casework, clocks, closing, happenings, visiting
from bot.services.auditing import note
from bot.texts import caseload as texts
from bot.texts import happenings as event_texts
from bot.texts.html import bold, esc
from bot.texts.reply import Button, Reply, Say, rows

_MOST_VISIT_DAYS = 60


def _later_day(question: str, key: str = "until") -> Step:
    async def ask(talk: Talk, _draft: Draft) -> Say:
        return Say(f"{bold(question)} Tap one, or type a date like 11/12.", by_day_buttons(talk))

    async def take(talk: Talk, _draft: Draft, given: str) -> str:
        return parse_date(given, talk.office.today(talk.now), "future").isoformat()

    return Step(key, ask, take)


def _reason(question: str, *choices: str) -> Step:
    async def ask(talk: Talk, _draft: Draft) -> Say:
        return Say(
            f"{bold(question)} A few words, no names.",
            rows(*(talk.choice(choice, choice[:40]) for choice in choices)),
        )

    async def take(_talk: Talk, _draft: Draft, given: str) -> str:
        words = check_words(given)
        if len(words) < 5:
            raise Refusal("Say why in a few words, please: it is kept with the clock.")
        return words

    return Step("reason", ask, take)


async def _correct(talk: Talk, draft: Draft) -> list[Reply]:
    day, moment = kept_day(str(draft.get("time") or draft["day"]))
    result = await happenings.correct_event(
        talk.session, talk.office, talk.person, int(draft["event"]), day, talk.now, moment=moment
    )
    today = talk.office.today(talk.now)
    changed = event_texts.opened_lines(result.changes, today, talk.office.zone) or ["No date changes."]
    title = EVENTS[result.event.kind].title
    head = bold(f"{result.case.reference}: {title} is now {show_moment(moment or day)}")
    return [Say("\n".join([head, *changed]), ((Button("Case", f"case:{result.case.id}"),),))]


CORRECT = Flow("correct", (which_day("Which day is right?"), what_time()), _correct)


async def _extend(talk: Talk, draft: Draft) -> list[Reply]:
    return await _change(talk, draft, "extend", date.fromisoformat(str(draft["until"])))


async def _drop(talk: Talk, draft: Draft) -> list[Reply]:
    return await _change(talk, draft, "not-needed", None)


async def _change(talk: Talk, draft: Draft, kind: str, until: date | None) -> list[Reply]:
    deadline, _ = await casework.deadline_within_reach(talk.session, talk.person, int(draft["deadline"]))
    result = await closing.change_clock(
        talk.session, talk.office, talk.person, deadline, kind, str(draft["reason"]), until, talk.now
    )
    return [Say(texts.changed(result, kind, until), texts.handover_buttons(result.view.case))]


EXTEND = Flow("extend", (_later_day("To which day?"), _reason("Why is more time needed?")), _extend)
NOT_NEEDED = Flow(
    "not-needed", (_reason("Why isn't it needed?", "Doesn't apply to this child", "Recorded twice"),), _drop
)


async def _plan_visit(talk: Talk, draft: Draft) -> list[Reply]:
    case = await casework.find_case(talk.session, talk.office, talk.person, str(draft["case"]))
    day = date.fromisoformat(str(draft["until"]))
    await visiting.plan_visit(talk.session, talk.office, talk.person, case, day, talk.now)
    return [Say(f"{bold(case.reference)}: next visit planned for {show_date(day)}.")]


PLAN_VISIT = Flow("plan-visit", (which_case(), _later_day("When will you visit?")), _plan_visit)


async def _ask_frequency(talk: Talk, _draft: Draft) -> Say:
    usual = [talk.choice(f"Every {days} working days", str(days)) for days in (5, 10, 15, 20)]
    return Say(
        bold("How often does the plan say?") + " In working days.",
        (*rows(*usual, wide=2), (talk.choice("The council's rule", "0"),)),
    )


async def _take_frequency(_talk: Talk, _draft: Draft, given: str) -> int:
    digits = given.strip().split(" ")[0]
    if not digits.isdecimal() or int(digits) > _MOST_VISIT_DAYS:
        raise Refusal(
            f"A number of working days up to {_MOST_VISIT_DAYS}, please, or 0 for the council's rule."
        )
    return int(digits)


async def _set_frequency(talk: Talk, draft: Draft) -> list[Reply]:
    case = await casework.find_case(talk.session, talk.office, talk.person, str(draft["case"]))
    case.visit_days = int(draft["days"]) or None
    await talk.session.flush()
    changes = await clocks.recompute(talk.session, talk.office, case, talk.now)
    await note(talk.session, talk.person.id, "set visit frequency", f"case {case.id}", talk.now)
    rule = f"every {case.visit_days} working days" if case.visit_days else "by the council's rule"
    today = talk.office.today(talk.now)
    return [
        Say(
            "\n".join(
                [
                    f"{bold(case.reference)}: visits {rule}.",
                    *event_texts.opened_lines(changes, today, talk.office.zone),
                ]
            )
        )
    ]


FREQUENCY = Flow("frequency", (which_case(), Step("days", _ask_frequency, _take_frequency)), _set_frequency)


async def _ask_family(_talk: Talk, _draft: Draft) -> Say:
    return Say(
        bold("Which reference do the brothers and sisters share?") + " As in your case system, like FAM-0033."
    )


async def _take_family(talk: Talk, _draft: Draft, given: str) -> str:
    return talk.office.references.parse(given)


async def _set_family(talk: Talk, draft: Draft) -> list[Reply]:
    case = await casework.find_case(talk.session, talk.office, talk.person, str(draft["case"]))
    others = await caseload.set_family(talk.session, talk.person, case, str(draft["family"]), talk.now)
    return [Say(texts.family(case, others))]


FAMILY = Flow("family", (which_case(), Step("family", _ask_family, _take_family)), _set_family)


async def _ask_giver(talk: Talk, _draft: Draft) -> Say:
    found = await caseload.people_in_reach(talk.session, talk.person, "allocation", "worker", "manager")
    buttons = [talk.choice(person.name, person.name[:24]) for person in found[:10]]
    return Say(
        bold("Whose case, or which one?") + " A person moves the whole caseload.", rows(*buttons, wide=2)
    )


async def _take_what(talk: Talk, _draft: Draft, given: str) -> str:
    if talk.office.references.find(given):
        return (await casework.find_case(talk.session, talk.office, talk.person, given)).reference
    try:
        giver = await caseload.person_in_reach(talk.session, talk.person, "allocation", given)
    except NotFound:
        raise NotFound(f"“{given.strip()[:40]}” is neither a case nor a person of your team.") from None
    if not await caseload.caseload_of(talk.session, talk.person, giver):
        raise Refusal(f"{giver.name} has no open case.")
    return given.strip() if "/" in given else giver.name


async def _ask_taker(talk: Talk, draft: Draft) -> Say:
    found = await caseload.people_in_reach(talk.session, talk.person, "allocation", "worker")
    buttons = [talk.choice(person.name, person.name[:24]) for person in found[:10]]
    return Say(bold(f"Who takes over {draft['what']}?"), rows(*buttons, wide=2))


async def _take_taker(talk: Talk, _draft: Draft, given: str) -> str:
    taker = await caseload.person_in_reach(talk.session, talk.person, "allocation", given)
    return given.strip() if "/" in given else taker.name


async def _hand_over(talk: Talk, draft: Draft) -> list[Reply]:
    what = str(draft["what"])
    taker = await caseload.person_in_reach(talk.session, talk.person, "allocation", str(draft["taker"]))
    if talk.office.references.find(what):
        moving = [await casework.find_case(talk.session, talk.office, talk.person, what)]
    else:
        giver = await caseload.person_in_reach(talk.session, talk.person, "allocation", what)
        moving = await caseload.caseload_of(talk.session, talk.person, giver)
    moved = await caseload.hand_over(talk.session, talk.office, talk.person, moving, taker, talk.now)
    return [Say(texts.handed_over(moved))]


HANDOVER = Flow(
    "handover", (Step("what", _ask_giver, _take_what), Step("taker", _ask_taker, _take_taker)), _hand_over
)


async def _close(talk: Talk, draft: Draft) -> list[Reply]:
    case = await casework.find_case(talk.session, talk.office, talk.person, str(draft["case"]))
    today = talk.office.today(talk.now)
    result = await happenings.record_event(
        talk.session,
        talk.office,
        talk.person,
        case,
        EVENTS["case-closed"],
        today,
        talk.now,
        detail=str(draft["reason"]),
    )
    ended = len(result.changes.ended)
    return [
        Say(
            f"{bold(case.reference)} is closed: {esc(str(draft['reason']))}. "
            f"{ended} clock{'' if ended == 1 else 's'} ended.",
            ((Button("Undo", f"undo:{result.event.id}"),),),
        )
    ]


CLOSE = Flow(
    "close",
    (which_case(), _reason("Why is it closed?", "Plan complete", "Stepped down", "Moved to another area")),
    _close,
)
