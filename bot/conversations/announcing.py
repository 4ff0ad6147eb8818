"""The flow that announces: who, which class, the words, a file, when; then a preview. And its edit."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time

from bot.conversations.actions import which_part, without_part
from bot.conversations.engine import Draft, Flow, Onward, Step, Talk
from bot.conversations.steps import by_day_buttons
from bot.rules.access import require
from bot.rules.broadcasts import (
    CLASSES,
    LONGEST_CAPTION,
    Attachment,
    check_act_day,
    check_act_words,
    check_class,
    check_file,
    check_text,
    missing,
    parse_announcement,
)
from bot.rules.dates import parse_moment
from bot.rules.errors import Refusal
from bot.services import audience, broadcasting
from bot.services.broadcasting import Announcement
from bot.texts import broadcasts as texts
from bot.texts import supervision as action_texts
from bot.texts.html import bold, esc, plain
from bot.texts.reply import Attached, Reply, Say, rows

FLOW, FILE_STEP = "announce", "file"
USUAL_TIME = time(9)
_PARTS: Mapping[str, str] = {
    "to": "Who",
    "class": "Class",
    "text": "Text",
    "why": "Why",
    "measure": "Measure",
    "by": "Date",
    "file": "File",
    "at": "When",
}


def _is_act(draft: Draft) -> bool:
    return draft.get("class") == "act"


async def _ask_to(talk: Talk, _draft: Draft) -> Say:
    require(talk.person.role, "actions-given")
    teams, members = await audience.within_reach(talk.session, talk.person)
    if not members:
        raise Refusal("Nobody of your team has joined yet. Invite them first.")
    groups = [talk.choice("Everyone I reach", "everyone")]
    groups += [talk.choice(f"Team {team.name}"[:40], f"team {team.name}"[:40]) for team in teams[:4]]
    names = [talk.choice(person.name, f"#{person.id}") for person in members[:8]]
    return Say(
        bold("Who is it for?") + " Tap, or type names, a team or a role, apart by commas.",
        (*rows(*groups, wide=2), *rows(*names, wide=2)),
    )


async def _take_to(talk: Talk, _draft: Draft, given: str) -> str:
    await audience.audience(talk.session, talk.person, given)
    return given


async def _ask_class(talk: Talk, _draft: Draft) -> Say:
    return Say(bold("Which class?"), rows(*(talk.choice(title, kind) for kind, title in CLASSES.items())))


async def _take_class(_talk: Talk, _draft: Draft, given: str) -> str:
    return check_class(given)


async def _ask_text(_talk: Talk, draft: Draft) -> Say:
    return Say(
        bold("What should be done?" if _is_act(draft) else "What should it say?") + " No names of families."
    )


async def _take_text(_talk: Talk, _draft: Draft, given: str) -> str:
    return check_text(given)


def _act(key: str, question: str) -> Step:
    async def ask(_talk: Talk, _draft: Draft) -> Say:
        return Say(bold(question))

    async def take(talk: Talk, _draft: Draft, given: str) -> str:
        words = check_act_words(given)
        if hint := action_texts.coach(words):
            talk.hints.append(hint)
        return words

    return Step(key, ask, take, _is_act)


async def _ask_by(talk: Talk, _draft: Draft) -> Say:
    return Say(f"{bold('By when?')} Tap one, or type a date like 11/12.", by_day_buttons(talk))


async def _take_by(talk: Talk, _draft: Draft, given: str) -> str:
    return check_act_day(given, talk.office.today(talk.now)).isoformat()


async def _ask_file(talk: Talk, _draft: Draft) -> Say:
    return Say(
        bold("A file or picture with it?") + " Send one now, never one of a family; or none.",
        ((talk.choice("No file", "none"),),),
    )


async def _take_file(talk: Talk, draft: Draft, given: str) -> dict[str, str] | None:
    if given.strip().casefold() in ("none", "no", "no file"):
        return None
    try:
        sent = json.loads(given)
        kind, file_id, name, size = sent["kind"], sent["file_id"], sent["name"], int(sent["size"])
    except (ValueError, KeyError, TypeError):
        raise Refusal("Send one file or picture, or tap No file.") from None
    check_file(kind, name, size)
    _require_fits({**draft, "file": {}}, talk)
    return {"kind": kind, "file_id": file_id, "name": name}


def _require_fits(draft: Draft, talk: Talk) -> None:
    long = len(plain(texts.announcement(talk.person.name, _value(draft), 2)))
    if long > LONGEST_CAPTION:
        raise Refusal(
            f"With a file the words can have {LONGEST_CAPTION} characters in all, and these have {long}. "
            "Tap No file, or shorten the text first."
        )


async def _ask_at(talk: Talk, _draft: Draft) -> Say:
    return Say(
        f"{bold('When should it go?')} Now, or type a day and time like: Mon 14:00.",
        ((talk.choice("Now", "now"),),),
    )


async def _take_at(talk: Talk, _draft: Draft, given: str) -> str:
    if given.strip().casefold() == "now":
        return "now"
    day, clock = parse_moment(given, talk.office.today(talk.now), "future")
    moment = talk.office.at(day, clock or USUAL_TIME)
    if moment <= talk.now:
        raise Refusal("That moment has passed. When should it go? (Or tap Now.)")
    return moment.isoformat()


def _value(draft: Draft) -> Announcement:
    file, at = draft.get("file"), str(draft.get("at", "now"))
    act = _is_act(draft)
    return Announcement(
        to=str(draft["to"]),
        kind=str(draft["class"]),
        text=str(draft["text"]),
        why=str(draft.get("why", "")) if act else "",
        measure=str(draft.get("measure", "")) if act else "",
        due_on=date.fromisoformat(str(draft["by"])) if act and draft.get("by") else None,
        at=None if at == "now" else datetime.fromisoformat(at),
        file=Attachment(**file) if file else None,
    )


async def _ask_confirm(talk: Talk, draft: Draft) -> Say:
    planned = _value(draft)
    to = await audience.audience(talk.session, talk.person, planned.to)
    full = (
        await broadcasting.crowded_teams(talk.session, to, planned.at or talk.now)
        if planned.kind == "act"
        else []
    )
    file = Attached(planned.file.kind, planned.file.file_id) if planned.file else None
    exact = Say(texts.announcement(talk.person.name, planned), texts.preview_buttons(planned.kind), file=file)
    talk.shown.append(exact)
    return Say(
        texts.before_sending(to, planned, full, talk.office.zone),
        (
            (talk.choice("Send", "send"),),
            (talk.choice("Edit", "edit"), talk.choice("Cancel", "cancel")),
        ),
    )


async def _take_confirm(_talk: Talk, _draft: Draft, given: str) -> str:
    answer = given.strip().lower()
    if answer not in ("send", "edit", "cancel"):
        raise Refusal("Tap Send, Edit or Cancel. (Your draft is kept.)")
    return answer


async def _send(talk: Talk, draft: Draft) -> list[Reply] | Onward:
    if draft["confirm"] == "cancel":
        return [Say("Not sent.")]
    if draft["confirm"] == "edit":
        return Onward(FLOW, without_part(draft))
    planned = _value(draft)
    if planned.file is not None:
        _require_fits(draft, talk)
    if planned.at is not None and planned.at <= talk.now:
        raise Refusal("That moment has passed meanwhile. Tap Edit, then When.")
    broadcast, to = await broadcasting.announce(talk.session, talk.person, planned, talk.now)
    return [Say(texts.on_its_way(broadcast, len(to), talk.office.zone))]


ANNOUNCE = Flow(
    FLOW,
    (
        Step("to", _ask_to, _take_to),
        Step("class", _ask_class, _take_class),
        Step("text", _ask_text, _take_text),
        _act("why", "Why: what's the purpose?"),
        _act("measure", "What will be different, so that all know it's done?"),
        Step("by", _ask_by, _take_by, _is_act),
        Step(FILE_STEP, _ask_file, _take_file),
        Step("at", _ask_at, _take_at),
        Step("confirm", _ask_confirm, _take_confirm),
        which_part(_PARTS),
    ),
    _send,
)


def announcement_in_one(talk: Talk, text: str) -> dict[str, str]:
    """The parts of a whole announcement in one message; raises Refusal naming what is missing."""
    require(talk.person.role, "actions-given")
    fields = parse_announcement(text)
    if absent := missing(fields):
        raise Refusal(f"Still missing: {', '.join(absent)}. Send it again with that added.")
    return {"at": "now", **fields, "file": "none"}


async def _ask_new_text(_talk: Talk, draft: Draft) -> Say:
    return Say(f"{bold('The new text?')} Copy this and change it:\n<pre>{esc(str(draft['before']))}</pre>")


async def _ask_anew(talk: Talk, _draft: Draft) -> Say:
    return Say(
        bold("Does it say something else now?"),
        (
            (talk.choice("Yes: send it again to all", "anew"),),
            (talk.choice("No: only correct it", "correct"),),
        ),
    )


async def _take_anew(_talk: Talk, _draft: Draft, given: str) -> str:
    answer = given.strip().casefold()
    if answer not in ("anew", "correct"):
        raise Refusal("Tap one of the two, please. (Your text is kept.)")
    return answer


async def _change(talk: Talk, draft: Draft) -> list[Reply]:
    anew, broadcast_id = draft["anew"] == "anew", int(draft["broadcast"])
    kept = await broadcasting.own_broadcast(talk.session, talk.person, broadcast_id)
    if kept.file_id:
        after = {
            "to": "",
            "class": kept.kind,
            "text": draft["text"],
            "why": kept.why,
            "measure": kept.measure,
        }
        _require_fits({**after, "by": kept.due_on.isoformat() if kept.due_on else ""}, talk)
    broadcast = await broadcasting.change(
        talk.session, talk.person, broadcast_id, str(draft["text"]), talk.now, anew=anew
    )
    return [Say(texts.changed(broadcast, anew=anew))]


async def _ask_sure(talk: Talk, _draft: Draft) -> Say:
    return Say(
        bold("Withdraw it?") + " Copies in people's chats will say so; its actions are cancelled.",
        ((talk.choice("Withdraw", "yes"), talk.choice("Leave it", "no")),),
    )


async def _take_sure(_talk: Talk, _draft: Draft, given: str) -> str:
    answer = given.strip().casefold()
    if answer not in ("yes", "no"):
        raise Refusal("Tap Withdraw or Leave it, please.")
    return answer


async def _withdraw(talk: Talk, draft: Draft) -> list[Reply]:
    if draft["sure"] == "no":
        return [Say("Left as it is.")]
    await broadcasting.withdraw(talk.session, talk.person, int(draft["broadcast"]), talk.now)
    return [Say(texts.withdrawn())]


FLOWS_ON_ANNOUNCEMENTS: tuple[Flow, ...] = (
    ANNOUNCE,
    Flow(
        "announce-change",
        (Step("text", _ask_new_text, _take_text), Step("anew", _ask_anew, _take_anew)),
        _change,
    ),
    Flow("announce-withdraw", (Step("sure", _ask_sure, _take_sure),), _withdraw),
)
