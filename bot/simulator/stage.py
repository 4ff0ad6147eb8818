"""Plays a scene: its people speak and press, its clock moves, and what was to be seen is waited for."""

import asyncio
from collections.abc import Callable, Iterable

from bot.simulator import people
from bot.simulator.backstage import Backstage
from bot.simulator.clock import OFFICE
from bot.simulator.model import Json, Message, User
from bot.simulator.moving import moment_of, move, move_to_reminder, move_until
from bot.simulator.play import Play
from bot.simulator.presence import set_online
from bot.simulator.refusals import Refusal
from bot.simulator.scenes import Part, Step
from bot.simulator.telegram import Telegram
from bot.simulator.transcript import said

PATIENCE = 8.0
"""Real seconds to wait for what a step should bring."""


class Stage:
    """All scenes, and the one that is being played."""

    def __init__(self, telegram: Telegram, backstage: Backstage) -> None:
        self._telegram = telegram
        self._backstage = backstage
        self._scenes = {scene.id: scene for scene in backstage.scenes}
        self._plays = 0
        self._busy = asyncio.Lock()
        self.patience = PATIENCE
        self.play: Play | None = None

    def as_json(self) -> Json:
        """The scenes there are, and how far the play is."""
        return {
            "scenes": [
                {"id": scene.id, "title": scene.title, "about": scene.about, "steps": len(scene.steps)}
                for scene in self._scenes.values()
            ],
            "playing": self.play.as_json() if self.play is not None else None,
        }

    async def begin(self, scene_id: str) -> None:
        """Brings the cast in; who is there already stays as they are."""
        scene = self._scenes.get(scene_id)
        if scene is None:
            raise Refusal(404, "no such scene")
        async with self._alone():
            self._plays += 1
            play = Play(scene, self._plays)
            for part in scene.cast:
                await self._bring_in(play, part)
            self.play = play
            self._publish()

    async def next(self) -> Json:
        """Plays the next step; its trouble is told, and the play goes on all the same."""
        async with self._alone():
            play = self.play
            step = play.next_step if play is not None else None
            if play is None or step is None:
                raise Refusal(409, "no scene is being played, or it is over")
            try:
                trouble = await self._play(play, step)
            except Refusal as refusal:
                trouble = refusal.description
            play.troubles.append(trouble)
            self._publish()
            return {"step": play.as_json()["steps"][len(play.troubles) - 1], "playing": play.as_json()}

    def stop(self) -> None:
        """Ends the play; people and chats stay."""
        self.play = None
        self._publish()

    def _alone(self) -> asyncio.Lock:
        if self._busy.locked():
            raise Refusal(409, "a step is being played")
        return self._busy

    def _publish(self) -> None:
        self._telegram.events.publish("scene", playing=self.play.as_json() if self.play is not None else None)

    async def _bring_in(self, play: Play, part: Part) -> None:
        telegram = self._telegram
        person = self._find(part.name) or people.add_person(telegram, part.name)
        set_online(telegram, person, True)
        people.set_blocked(telegram, person, False)
        if person.id in telegram.chats or not part.begins:
            return
        people.say(telegram, person, await self._filled(play, part.begins))
        if not await self._within_patience(lambda: self._shows(person, part.sees, 0)):
            raise Refusal(409, f"{part.name} could not come in: “{part.sees}” was not seen")

    async def _play(self, play: Play, step: Step) -> str:
        marks = {person.id: self._version(person) for person in self._telegram.people.values()}
        toasts = {person: len(answers) for person, answers in self._telegram.answers.items()}
        wanted = [
            (self._person(name), await self._filled(play, words))
            for name, fragments in step.sees.items()
            for words in fragments
        ]

        def all_seen() -> bool:
            return all(self._shows(person, words, marks[person.id]) for person, words in wanted)

        if step.clock == "until-seen":
            await move_until(self._telegram, self._backstage, all_seen)
        elif step.clock:
            await self._move_clock(step.clock.lower())
        else:
            await self._act(play, step)
        await self._within_patience(all_seen)
        missing = [(p, words) for p, words in wanted if not self._shows(p, words, marks[p.id])]
        if missing:
            return " ".join(f"{person.first_name} did not see “{words}”." for person, words in missing)
        return await self._toast_trouble(step, toasts) or self._noise(step.silent, marks)

    async def _move_clock(self, words: str) -> None:
        telegram, backstage = self._telegram, self._backstage
        if words == "next-reminder":
            await move_to_reminder(telegram, backstage)
        else:
            await move(telegram, backstage, moment_of(telegram.clock, words))

    async def _act(self, play: Play, step: Step) -> None:
        telegram, person = self._telegram, self._person(step.who)
        words = await self._filled(play, step.words)
        if step.deed == "says":
            people.say(telegram, person, words)
        elif step.deed == "presses":
            people.press(telegram, person, self._newest_with(person, words).id, None, words)
        elif step.deed in {"blocks", "unblocks"}:
            people.set_blocked(telegram, person, step.deed == "blocks")
        else:
            set_online(telegram, person, step.deed == "comes_back")

    async def _toast_trouble(self, step: Step, before: dict[int, int]) -> str:
        if not step.toast:
            return ""
        person = self._person(step.who)

        def shown() -> bool:
            answers = self._telegram.answers.get(person.id, [])[before.get(person.id, 0) :]
            return any(step.toast in answer["text"] for answer in answers)

        arrived = await self._within_patience(shown)
        return "" if arrived else f"{step.who} got no note with “{step.toast}”."

    def _noise(self, silent: Iterable[str], marks: dict[int, int]) -> str:
        heard = [name for name in silent if self._shows(self._person(name), "", marks[self._person(name).id])]
        return f"{', '.join(heard)} heard something, and should not have." if heard else ""

    async def _within_patience(self, ready: Callable[[], bool]) -> bool:
        telegram = self._telegram
        await telegram.changed.until(lambda: telegram.closing or ready(), self.patience)
        return ready()

    def _shows(self, person: User, words: str, mark: int) -> bool:
        """Whether the person's screen has something of the bot's with these words, new since the mark."""
        chat = self._telegram.chats.get(person.id)
        if chat is None or person.id in self._telegram.last_seen:
            return False
        return any(
            message.sender.is_bot and message.changed > mark and words in said(message)
            for message in chat.newest_first()
        )

    def _newest_with(self, person: User, label: str) -> Message:
        chat = self._telegram.chats.get(person.id)
        shown = list(chat.newest_first()) if chat is not None else []
        found = next((m for m in shown if label in m.labels), None) or next(
            (m for m in shown if any(one.startswith(label) for one in m.labels)), None
        )
        if found is None:
            raise Refusal(404, f"{person.first_name} has no button “{label}”")
        return found

    def _version(self, person: User) -> int:
        chat = self._telegram.chats.get(person.id)
        return chat.version if chat is not None else 0

    def _find(self, name: str) -> User | None:
        return next((one for one in self._telegram.people.values() if one.first_name == name), None)

    def _person(self, name: str) -> User:
        found = self._find(name)
        if found is None:
            raise Refusal(404, f"{name} is not here")
        return found

    async def _filled(self, play: Play, words: str) -> str:
        today = self._telegram.clock().astimezone(OFFICE).date()
        return await play.filled(words, today, self._backstage.props)
