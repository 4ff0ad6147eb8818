"""People and groups as a test plays them: they speak, press and see."""

import asyncio
import base64
from collections.abc import Callable
from typing import Any, TypeVar

from bot.simulator.control_client import ControlClient, Json
from bot.simulator.seen import SeenMessage, Toast, tail

T = TypeVar("T")
_PATIENCE = 20.0


class _Chatting:
    """What people and groups have in common: a chat to look at, and a point from which things are new."""

    def __init__(self, sim: ControlClient, path: str, name: str) -> None:
        self._sim = sim
        self._path = path
        self.name = name
        self._mark = 0

    async def chat(self) -> list[SeenMessage]:
        """The whole chat, the oldest message first."""
        return (await self._look())[1]

    async def last(self) -> SeenMessage:
        """The bot's newest message."""
        said = [message for message in await self.chat() if message.from_bot]
        assert said, f"{self.name} has heard nothing from the bot"
        return said[-1]

    async def news(self) -> list[SeenMessage]:
        """What the bot has said or edited since the last step."""
        return self._heard((await self._look(since=self._mark))[1])

    async def sees(self, fragment: str, within: float = _PATIENCE) -> SeenMessage:
        """Waits for a message of the bot, new or edited since the last step, that contains the words."""
        return await self._until(
            lambda news: next((m for m in reversed(self._heard(news)) if fragment in m.text), None),
            within,
            f"{self.name} did not see “{fragment}”",
            since=self._mark,
        )

    async def sees_file(self, kind: str, within: float = _PATIENCE) -> SeenMessage:
        """Waits for a new photo or document."""
        return await self._until(
            lambda news: next((m for m in reversed(self._heard(news)) if kind in m.file_kinds), None),
            within,
            f"{self.name} did not get a {kind}",
            since=self._mark,
        )

    async def sees_nothing(self, for_: float = 0.3) -> None:
        """Fails if the bot says or edits anything in this time, or has since the last step."""
        loop = asyncio.get_running_loop()
        end = loop.time() + for_
        version, news = await self._look(since=self._mark)
        while not self._heard(news):
            left = end - loop.time()
            if left <= 0:
                return
            version, news = await self._look(after=version, wait=left, since=self._mark)
        raise AssertionError(f"{self.name} saw something:\n{tail(self._heard(news))}")

    async def no_longer_sees(self, fragment: str, within: float = _PATIENCE) -> None:
        """Waits until no message in the chat contains the words (deleted or edited away)."""
        await self._until(
            lambda chat: True if all(fragment not in message.text for message in chat) else None,
            within,
            f"{self.name} still sees “{fragment}”",
        )

    @staticmethod
    def _heard(news: list[SeenMessage]) -> list[SeenMessage]:
        return [message for message in news if message.from_bot]

    async def _look(self, after: int = -1, wait: float = 0, since: int = -1) -> tuple[int, list[SeenMessage]]:
        """The chat's version and its messages `since` another; waits until it is newer than `after`."""
        view = await self._sim.get(f"{self._path}/chat", after=after, wait=wait, since=since)
        return view["version"], [SeenMessage.of(message) for message in view["messages"]]

    async def _until(
        self,
        find: Callable[[list[SeenMessage]], T | None],
        within: float,
        complaint: str,
        since: int = -1,
    ) -> T:
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        version, chat = await self._look(since=since)
        while (found := find(chat)) is None:
            left = end - loop.time()
            if left <= 0:
                shown = tail(await self.chat())
                raise AssertionError(f"{complaint} within {within:g} s. The chat's end:\n{shown}")
            version, chat = await self._look(after=version, wait=left, since=since)
        return found


class SimPerson(_Chatting):
    """One person, in the private chat with the bot."""

    def __init__(self, sim: ControlClient, person: Json) -> None:
        super().__init__(sim, f"/sim/people/{person['id']}", person["name"])
        self.id: int = person["id"]
        self._answers_mark = 0

    async def says(self, text: str, reply_to: SeenMessage | None = None) -> SeenMessage:
        """Types and sends."""
        body = {"text": text, "reply_to": reply_to.id if reply_to else None}
        answer = await self._sim.post(f"{self._path}/say", body)
        assert answer["message"] is not None, f"{self.name} is offline: it waits until they are back"
        return await self._sent(answer)

    async def presses(
        self, label: str, on: SeenMessage | None = None, within: float = _PATIENCE
    ) -> SeenMessage:
        """Taps the button with this label, or one that starts so, on the newest message that has one."""

        def pressable(chat: list[SeenMessage]) -> SeenMessage | None:
            shown = [m for m in reversed(chat) if on is None or m.id == on.id]
            exact = next((m for m in shown if label in m.labels), None)
            return exact or next((m for m in shown if any(one.startswith(label) for one in m.labels)), None)

        complaint = f"{self.name} has no button “{label}”"
        message = await self._until(pressable, within, complaint)
        await self._press({"message_id": message.id, "label": label})
        return message

    async def presses_data(self, message: SeenMessage, data: str) -> None:
        """Taps a button by its data: also one that the message no longer shows."""
        await self._press({"message_id": message.id, "data": data})

    async def _press(self, body: Json) -> None:
        marks = await self._sim.post(f"{self._path}/press", body)
        self._mark, self._answers_mark = marks["version"], marks["answers"]

    async def edits(self, message: SeenMessage, text: str) -> SeenMessage:
        """Changes an own message."""
        return await self._sent(
            await self._sim.post(f"{self._path}/edit", {"message_id": message.id, "text": text})
        )

    async def sends(self, kind: str, content: bytes | None = None, **about: Any) -> SeenMessage:
        """Sends a photo, voice, sticker, location, document or contact."""
        body: Json = {"kind": kind, **about}
        if content is not None:
            body["content_base64"] = base64.b64encode(content).decode()
        return await self._sent(await self._sim.post(f"{self._path}/send", body))

    async def _sent(self, answer: Json) -> SeenMessage:
        self._mark, self._answers_mark = answer["version"], answer["answers"]
        return SeenMessage.of(answer["message"])

    async def sees_toast(self, fragment: str = "", within: float = _PATIENCE) -> Toast:
        """Waits for the answer to the last press."""
        query = {"after": self._answers_mark, "wait": within}
        for answer in await self._sim.get(f"{self._path}/answers", **query):
            if fragment in answer["text"]:
                return Toast(answer["text"], answer["show_alert"])
        raise AssertionError(f"{self.name} got no toast with “{fragment}” within {within:g} s")

    async def blocks(self) -> None:
        """Blocks the bot."""
        await self._sim.post(f"{self._path}/block", {})

    async def unblocks(self) -> None:
        """Lets the bot write again."""
        await self._sim.post(f"{self._path}/unblock", {})

    async def goes_offline(self) -> None:
        """Sees nothing new and can only type for later until coming back."""
        await self._sim.post(f"{self._path}/offline", {})

    async def types_for_later(self, text: str) -> None:
        """Typed while offline: it is sent on coming back."""
        answer = await self._sim.post(f"{self._path}/say", {"text": text})
        assert answer["message"] is None, f"{self.name} is online: it was sent"

    async def comes_back(self) -> None:
        """Online again: what has waited is there, and what was typed meanwhile goes out."""
        await self._sim.post(f"{self._path}/online", {})

    async def inline(self, query: str, within: float = _PATIENCE) -> list[Json]:
        """Asks an inline query and waits for its results."""
        answer = await self._sim.post(f"{self._path}/inline?wait={within}", {"query": query})
        assert answer["results"] is not None, f"no results for “{query}” within {within:g} s"
        return list(answer["results"])

    async def menu(self) -> list[str]:
        """The commands that this person's menu shows."""
        return [command["command"] for command in await self._sim.get(f"/sim/commands/{self.id}")]

    async def transcript(self, form: str = "text") -> str:
        """The chat written out: text or md."""
        return await self._sim.get_text(f"{self._path}/transcript", format=form)


class SimGroup(_Chatting):
    """A group with the bot in it."""

    def __init__(self, sim: ControlClient, group: Json) -> None:
        super().__init__(sim, f"/sim/groups/{group['id']}", group["title"])
        self.id: int = group["id"]

    async def says(self, person: SimPerson, text: str, reply_to: SeenMessage | None = None) -> SeenMessage:
        """One member types and sends."""
        body = {"person": person.id, "text": text, "reply_to": reply_to.id if reply_to else None}
        answer = await self._sim.post(f"{self._path}/say", body)
        self._mark = answer["version"]
        return SeenMessage.of(answer["message"])

    async def upgraded(self) -> "SimGroup":
        """The supergroup that it becomes now, with a number of its own."""
        return SimGroup(self._sim, await self._sim.post(f"{self._path}/upgrade", {}))
