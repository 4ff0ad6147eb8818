"""Flows about supervision actions: set one, and say that one is done."""

from bot.conversations.engine import Draft, Flow, Step, Talk
from bot.conversations.steps import by_day_buttons
from bot.rules.access import require
from bot.rules.errors import Refusal
from bot.rules.supervision import ActionDraft, check_due, check_words, complete, parse_fields
from bot.services import supervision
from bot.services.casework import scope_of
from bot.services.recalling import recall
from bot.texts import supervision as texts
from bot.texts.html import bold, esc
from bot.texts.reply import Reply, Say, rows
from storage import cases, people


async def _ask_to(talk: Talk, _draft: Draft) -> Say:
    require(talk.person.role, "actions-given")
    workers = await people.people_of_team(talk.session, talk.person.team_id, "worker")
    if not workers:
        raise Refusal("No worker of your team has joined yet. Invite them first.")
    open_cases = await cases.open_cases(talk.session, scope_of(talk.person))
    names = [talk.choice(worker.name, worker.name[:24]) for worker in workers[:8]]
    about = [talk.choice(case.reference, case.reference) for case in open_cases[:6]]
    buttons = (*rows(*names, wide=2), *rows(*about, wide=3), (talk.choice("Whole team", "team"),))
    return Say(bold("Who is it for?") + " A worker, a case (goes to its worker), or the team.", buttons)


async def _take_to(talk: Talk, _draft: Draft, given: str) -> str:
    await supervision.recipients(talk.session, talk.office, talk.person, given)
    return given


def _words(key: str, question: str) -> Step:
    async def ask(_talk: Talk, _draft: Draft) -> Say:
        return Say(question)

    async def take(talk: Talk, _draft: Draft, given: str) -> str:
        words = check_words(given)
        if len(words) < 3:
            raise Refusal("A few words more, please, so that you both know what is meant.")
        if hint := texts.coach(words) if key in ("do", "measure") else "":
            talk.hints.append(hint)
        return words

    return Step(key, ask, take)


async def _ask_by(talk: Talk, _draft: Draft) -> Say:
    return Say(f"{bold('By when?')} Tap one, or type a date like 11/12.", by_day_buttons(talk))


async def _take_by(talk: Talk, _draft: Draft, given: str) -> str:
    return check_due(given, talk.office.today(talk.now)).isoformat()


def _complete(talk: Talk, draft: Draft) -> ActionDraft:
    return complete({key: str(value) for key, value in draft.items()}, talk.office.today(talk.now))


async def _ask_confirm(talk: Talk, draft: Draft) -> Say:
    action = _complete(talk, draft)
    to = await supervision.recipients(talk.session, talk.office, talk.person, action.to)
    return Say(
        texts.preview(action, to),
        (
            (talk.choice("Send", "send"),),
            (talk.choice("Change the words", "edit"), talk.choice("Cancel", "cancel")),
        ),
    )


async def _take_confirm(_talk: Talk, draft: Draft, given: str) -> str:
    answer = given.strip().lower()
    if answer not in ("send", "edit", "cancel"):
        raise Refusal("Tap Send, Change the words or Cancel. (Your draft is kept.)")
    return answer


async def _send(talk: Talk, draft: Draft) -> list[Reply]:
    if draft["confirm"] == "cancel":
        return [Say("Not sent.")]
    if draft["confirm"] == "edit":
        return [Say(_as_typed(draft))]
    action = _complete(talk, draft)
    _, to = await supervision.create_action(talk.session, talk.office, talk.person, action, talk.now)
    return [Say(texts.sent(to, action))]


def _as_typed(draft: Draft) -> str:
    typed = "\n".join(f"{key}: {draft[key]}" for key in ("to", "do", "why", "measure", "by"))
    return f"Copy this, change what you like, and send it:\n<pre>/action\n{esc(typed)}</pre>"


ACTION = Flow(
    "action",
    (
        Step("to", _ask_to, _take_to),
        _words("do", bold("What should be done?")),
        _words("why", bold("Why: what's the purpose?")),
        _words("measure", bold("What will be different, so that you'll both know it's done?")),
        Step("by", _ask_by, _take_by),
        Step("confirm", _ask_confirm, _take_confirm),
    ),
    _send,
)


async def action_in_one(talk: Talk, text: str) -> list[Reply]:
    """The whole action in one message; raises Refusal naming what is missing."""
    require(talk.person.role, "actions-given")
    action = complete(parse_fields(text), talk.office.today(talk.now))
    _, to = await supervision.create_action(talk.session, talk.office, talk.person, action, talk.now)
    hint = texts.coach(action.measure)
    return [Say(texts.sent(to, action) + (f"\n{hint}" if hint else ""))]


async def _ask_note(_talk: Talk, _draft: Draft) -> Say:
    return Say("A few words on what was done? No names, please.")


async def _take_note(_talk: Talk, _draft: Draft, given: str) -> str:
    return check_words(given)


async def _finish(talk: Talk, draft: Draft) -> list[Reply]:
    view = await supervision.finish(
        talk.session, talk.person, int(draft["share"]), str(draft["note"]), talk.now
    )
    for kind in ("action-new", "action-overdue"):
        await recall(talk.session, talk.office, kind, [view.share.id or 0], talk.now)
    return [Say(texts.finished(view))]


ACTION_DONE = Flow("action-done", (Step("note", _ask_note, _take_note),), _finish)
