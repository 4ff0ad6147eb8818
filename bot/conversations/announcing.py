"""The flow that announces: who, which class, the words, a file, when; then a preview."""

from collections.abc import Mapping
from datetime import time

from bot.conversations.announcement_drafts import FILE, announcement_of, is_act, require_fits
from bot.conversations.confirming import confirm, send_edit_or_cancel, which_part, without_part
from bot.conversations.engine import Draft, Flow, Onward, Step, Talk
from bot.conversations.steps import by_when
from bot.rules.access import require
from bot.rules.broadcasts import (
    CLASSES,
    check_act_words,
    check_class,
    check_text,
    missing,
    parse_announcement,
)
from bot.rules.dates import parse_moment
from bot.rules.errors import Refusal
from bot.services import audience, broadcasting
from bot.texts import action_cards as cards
from bot.texts import broadcasts as texts
from bot.texts.html import bold
from bot.texts.reply import Attached, Reply, Say, rows

FLOW = "announce"
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
        bold("What should be done?" if is_act(draft) else "What should it say?") + " No names of families."
    )


async def _take_text(_talk: Talk, _draft: Draft, given: str) -> str:
    return check_text(given)


def _act(key: str, question: str) -> Step:
    async def ask(_talk: Talk, _draft: Draft) -> Say:
        return Say(bold(question))

    async def take(talk: Talk, _draft: Draft, given: str) -> str:
        words = check_act_words(given)
        if hint := cards.coach(words):
            talk.hints.append(hint)
        return words

    return Step(key, ask, take, is_act)


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


async def _ask_confirm(talk: Talk, draft: Draft) -> Say:
    planned = announcement_of(draft)
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
        send_edit_or_cancel(talk),
    )


async def _send(talk: Talk, draft: Draft) -> list[Reply] | Onward:
    if draft["confirm"] == "cancel":
        return [Say("Not sent.")]
    if draft["confirm"] == "edit":
        return Onward(FLOW, without_part(draft))
    planned = announcement_of(draft)
    if planned.file is not None:
        require_fits(talk, planned, "Tap Edit, then Text or File.")
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
        by_when("by", "By when?", is_act),
        FILE,
        Step("at", _ask_at, _take_at),
        confirm(_ask_confirm),
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
