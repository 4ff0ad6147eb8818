"""Buttons about clocks and requests."""

from datetime import datetime, timedelta

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.rules.errors import Stale
from bot.services import casework, clocks, closing
from bot.texts import caseload as caseload_texts
from bot.texts import clocks as clock_texts
from bot.texts.reply import Edit, Reply, Say, Toast
from handlers.presses.parsing import Press, id_of


async def _start_clock(talk: Talk, rest: list[str]) -> list[Reply]:
    casework.scope_of(talk.person)
    return await FLOWS.start(talk, "start-clock", {"timescale": rest[0]})


async def _clock(talk: Talk, rest: list[str]) -> list[Reply]:
    deadline, case = await casework.deadline_within_reach(talk.session, talk.person, id_of(rest[0]))
    view = await clocks.view(talk.session, talk.office, deadline, case)
    today, library = talk.office.today(talk.now), talk.office.library
    text = clock_texts.clock_card(view, today, talk.office.zone, library)
    return [Say(text, clock_texts.clock_buttons(view, library))]


async def _done(talk: Talk, rest: list[str]) -> list[Reply]:
    deadline, _ = await casework.deadline_within_reach(talk.session, talk.person, id_of(rest[0]))
    return await FLOWS.start(talk, "done", {"deadline": deadline.id})


async def _snooze(talk: Talk, rest: list[str]) -> list[Reply]:
    deadline, case = await casework.deadline_within_reach(talk.session, talk.person, id_of(rest[0]))
    assert deadline.id is not None
    if len(rest) == 1:
        return [Say(f"Remind you about {case.reference} when?", clock_texts.snooze_buttons(deadline.id))]
    if rest[1] == "pick":
        return await FLOWS.start(talk, "snooze", {"deadline": deadline.id})
    wanted = _until(talk, rest[1])
    until = await closing.snooze_until(talk.session, talk.office, talk.person, deadline, wanted, talk.now)
    if closing.snooze_needs_reason(talk.office, deadline):
        return await FLOWS.start(talk, "snooze", {"deadline": deadline.id, "until": until.isoformat()})
    await closing.snooze(talk.session, talk.person, deadline, until, talk.now)
    return [Edit(clock_texts.snoozed(until, talk.office.zone, deadline))]


def _until(talk: Talk, preset: str) -> datetime:
    today, at = talk.office.today(talk.now), talk.office.library.ladder.on_the_day_at
    if preset == "1h":
        return talk.now + timedelta(hours=1)
    if preset == "1d":
        return talk.office.at(today + timedelta(days=1), at)
    if preset == "wd":
        return talk.office.at(talk.office.calendar.forward(today, 1), at)
    raise Stale("That choice isn't offered any more.")


def _on_clock(flow: str) -> Press:
    async def start(talk: Talk, rest: list[str]) -> list[Reply]:
        deadline, _ = await casework.deadline_within_reach(talk.session, talk.person, id_of(rest[0]))
        return await FLOWS.start(talk, flow, {"deadline": deadline.id})

    return start


async def _decide(talk: Talk, rest: list[str]) -> list[Reply]:
    if len(rest) < 2:
        raise Stale("That choice isn't offered any more.")
    request, view = await closing.decide(
        talk.session, talk.office, talk.person, id_of(rest[0]), agreed=rest[1] == "y", now=talk.now
    )
    said = "Agreed" if request.state == "agreed" else "Declined"
    return [Toast(said), Edit(f"{said}: {caseload_texts.decision(request, view)}")]


VERBS: dict[str, Press] = {
    "start": _start_clock,
    "clk": _clock,
    "done": _done,
    "snz": _snooze,
    "req": _decide,
    "ext": _on_clock("extend"),
    "nn": _on_clock("not-needed"),
}
