"""Runs a flow of steps: asks for what is missing, keeps what was given, ends with one service call."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.errors import NotFound, Refusal, Stale
from bot.services.auditing import OUT_OF_REACH, note
from bot.services.office import Office
from bot.texts import joining
from bot.texts.html import esc
from bot.texts.reply import Button, Reply, Say
from storage import dialogues
from storage.tables import Dialogue, Person

KEPT_FOR = timedelta(hours=12)
Draft = dict[str, Any]


@dataclass
class Talk:
    """One update's view of the world: who speaks, when, and the open transaction."""

    session: AsyncSession
    office: Office
    person: Person
    now: datetime
    dialogue_id: int = 0
    hints: list[str] = field(default_factory=list)
    """Short remarks about what was just given, said before the next question."""
    shown: list[Say] = field(default_factory=list)
    """Whole messages that stand before the next question, such as a preview."""

    def choice(self, label: str, value: str) -> Button:
        """A button that answers the present step; it is stale once the dialogue is over."""
        return Button(label, f"d:{self.dialogue_id}:{value}")

    @property
    def person_id(self) -> int:
        """The person's id."""
        assert self.person.id is not None
        return self.person.id


@dataclass(frozen=True)
class Step:
    """One thing to be known. ask: the question. take: what was given, as kept; raises Refusal.

    needed: whether it is asked at all, given what is known.
    """

    key: str
    ask: Callable[[Talk, Draft], Awaitable[Say]]
    take: Callable[[Talk, Draft, str], Awaitable[Any]]
    needed: Callable[[Draft], bool] = lambda _draft: True


@dataclass(frozen=True)
class Onward:
    """A flow's end that leads into another flow, with what is known already."""

    flow: str
    draft: Draft


@dataclass(frozen=True)
class Flow:
    """Steps in order, and what happens once all is known."""

    name: str
    steps: tuple[Step, ...]
    finish: Callable[[Talk, Draft], Awaitable[list[Reply] | Onward]]
    lasts: timedelta = KEPT_FOR
    """How long an answer is waited for."""


class Flows:
    """All flows by name, with the dialogue that each person is in."""

    def __init__(self, *flows: Flow) -> None:
        self._flows: Mapping[str, Flow] = {flow.name: flow for flow in flows}

    async def start(
        self, talk: Talk, name: str, draft: Draft | None = None, typed: Mapping[str, str] | None = None
    ) -> list[Reply]:
        """Begins a flow with what is known (draft) and what was typed in one go; ends if nothing is missing.

        A typed part that is refused is asked for again, with the reason said first; the rest is kept.
        """
        flow = self._flows[name]
        known = dict(draft or {})
        for step in flow.steps:
            if step.key in (typed or {}) and step.key not in known:
                try:
                    known[step.key] = await step.take(talk, known, (typed or {})[step.key])
                except Refusal as refusal:
                    talk.hints.append(esc(str(refusal)))
                    if isinstance(refusal, NotFound) and refusal.about:
                        await note(talk.session, talk.person_id, OUT_OF_REACH, refusal.about, talk.now)
        missing = _missing(flow, known)
        if missing is None:
            return await self._finish(talk, flow, known)
        row = await dialogues.begin(
            talk.session,
            person_id=talk.person_id,
            flow=name,
            step=missing.key,
            draft=known,
            expires=talk.now + flow.lasts,
        )
        talk.dialogue_id = row.id or 0
        asked = await missing.ask(talk, known)
        return [*talk.shown, _with_hints(talk, asked)]

    async def running(self, talk: Talk) -> Dialogue | None:
        """The person's dialogue, or None."""
        return await dialogues.dialogue_of(talk.session, talk.person_id)

    async def said(self, talk: Talk, dialogue: Dialogue, text: str) -> list[Reply]:
        """The person typed an answer to the present step."""
        return await self._given(talk, dialogue, text)

    async def pressed(self, talk: Talk, dialogue_id: int, value: str) -> list[Reply]:
        """The person pressed an answer; raises Stale for a dialogue that is over."""
        dialogue = await self.running(talk)
        if dialogue is None or dialogue.id != dialogue_id:
            raise Stale("That step is over. Start again if you still need it.")
        return await self._given(talk, dialogue, value)

    async def _given(self, talk: Talk, dialogue: Dialogue, text: str) -> list[Reply]:
        if dialogue.expires_at <= talk.now:
            await dialogues.end(talk.session, talk.person_id)
            return [Say(joining.EXPIRED)]
        flow = self._flows[dialogue.flow]
        draft: Draft = dict(dialogue.draft or {})
        talk.dialogue_id = dialogue.id or 0
        step = next(step for step in flow.steps if step.key == dialogue.step)
        draft[step.key] = await step.take(talk, draft, text)
        following = _missing(flow, draft)
        if following is None:
            return await self._finish(talk, flow, draft)
        dialogue.draft, dialogue.step = draft, following.key
        dialogue.expires_at = talk.now + flow.lasts
        asked = await following.ask(talk, draft)
        return [*talk.shown, _with_hints(talk, asked)]

    async def _finish(self, talk: Talk, flow: Flow, draft: Draft) -> list[Reply]:
        await dialogues.end(talk.session, talk.person_id)
        ended = await flow.finish(talk, draft)
        return await self.start(talk, ended.flow, ended.draft) if isinstance(ended, Onward) else ended

    async def cancel(self, talk: Talk) -> list[Reply]:
        """Ends the person's dialogue; says so, or that there was none."""
        if await self.running(talk) is None:
            return [Say(joining.NOTHING_TO_CANCEL)]
        await dialogues.end(talk.session, talk.person_id)
        return [Say(joining.CANCELLED)]


def _missing(flow: Flow, draft: Draft) -> Step | None:
    return next((step for step in flow.steps if step.key not in draft and step.needed(draft)), None)


def _with_hints(talk: Talk, asked: Say) -> Say:
    return Say("\n".join([*talk.hints, asked.text]), asked.buttons)
