"""The tests' client: people who speak, press and see, over real HTTP."""

import asyncio
import base64
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from bot.simulator.seen import SeenMessage, Toast, tail

Json = dict[str, Any]
T = TypeVar("T")
_PATIENCE = 5.0


class Sim:
    """A running simulator. Use it as an async context manager, or close it with aclose()."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.AsyncClient(base_url=base_url, timeout=90, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def get(self, path: str, **query: Any) -> Any:
        """A reading of the control interface; raises AssertionError with its words when refused."""
        return _value(await self._http.get(path, params=query))

    async def post(self, path: str, body: Json) -> Any:
        """A step through the control interface; raises AssertionError with its words when refused."""
        return _value(await self._http.post(path, json=body))

    async def person(
        self, name: str, *, username: str | None = None, person_id: int | None = None, language: str = "en"
    ) -> "SimPerson":
        """Adds a person, who is unknown to the bot until the first word."""
        body = {"name": name, "username": username, "id": person_id, "language_code": language}
        return SimPerson(self, await self.post("/sim/people", body))

    async def people(self) -> list["SimPerson"]:
        """Everybody there is."""
        return [SimPerson(self, person) for person in await self.get("/sim/people")]

    async def group(self, title: str, *members: "SimPerson", privacy: bool = True) -> "SimGroup":
        """A group with the bot in it; with privacy the bot gets only what is meant for it."""
        body = {"title": title, "members": [member.id for member in members], "privacy": privacy}
        return SimGroup(self, await self.post("/sim/groups", body))

    async def now(self) -> datetime:
        """The demonstration's moment."""
        return datetime.fromisoformat((await self.get("/sim/clock"))["now"])

    async def move_clock(self, to: str | datetime | None = None, **forward: float) -> datetime:
        """To a moment, to "next-morning", or forward by days=, hours=, minutes=, seconds=."""
        body: Json = dict(forward)
        if to is not None:
            body["to"] = to.isoformat() if isinstance(to, datetime) else to
        return datetime.fromisoformat((await self.post("/sim/clock", body))["now"])

    async def freeze_clock(self) -> None:
        """Stops the clock until it is moved by hand."""
        await self.post("/sim/clock", {"frozen": True})

    async def calls(self, method: str | None = None, since: int = 0) -> list[Json]:
        """The log of API calls, the oldest first."""
        calls: list[Json] = await self.get("/sim/calls", since=since)
        return [call for call in calls if method in {None, call["method"]}]

    async def refusals(self, since: int = 0) -> list[Json]:
        """The calls that were refused."""
        return [call for call in await self.calls(since=since) if not call["ok"]]

    async def fault(self, kind: str, **about: Any) -> None:
        """Sets a fault: outage, slow, drop-before, drop-after, too-many."""
        await self.post("/sim/faults", {"kind": kind, **about})

    async def clear_faults(self) -> None:
        """Takes all faults away."""
        _value(await self._http.delete("/sim/faults"))

    async def get_text(self, path: str, **query: Any) -> str:
        """A reading that is not JSON: transcripts, files."""
        response = await self._http.get(path, params=query)
        response.raise_for_status()
        return response.text


class _Chatting:
    """What people and groups have in common: a chat to look at, and a point from which things are new."""

    def __init__(self, sim: Sim, path: str, name: str) -> None:
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
        return self._new(await self.chat())

    async def sees(self, fragment: str, within: float = _PATIENCE) -> SeenMessage:
        """Waits for a message of the bot, new or edited since the last step, that contains the words."""
        return await self._until(
            lambda chat: next((m for m in reversed(self._new(chat)) if fragment in m.text), None),
            within,
            f"{self.name} did not see “{fragment}”",
        )

    async def sees_file(self, kind: str, within: float = _PATIENCE) -> SeenMessage:
        """Waits for a new photo or document."""
        return await self._until(
            lambda chat: next((m for m in reversed(self._new(chat)) if kind in m.file_kinds), None),
            within,
            f"{self.name} did not get a {kind}",
        )

    async def sees_nothing(self, for_: float = 0.3) -> None:
        """Fails if the bot says or edits anything in this time, or has since the last step."""
        version, chat = await self._look()
        while not self._new(chat):
            newer, chat = await self._look(after=version, wait=for_)
            if newer == version:
                return
            version = newer
        raise AssertionError(f"{self.name} saw something:\n{tail(chat)}")

    async def no_longer_sees(self, fragment: str, within: float = _PATIENCE) -> None:
        """Waits until no message in the chat contains the words (deleted or edited away)."""
        await self._until(
            lambda chat: True if all(fragment not in message.text for message in chat) else None,
            within,
            f"{self.name} still sees “{fragment}”",
        )

    def _new(self, chat: list[SeenMessage]) -> list[SeenMessage]:
        return [message for message in chat if message.from_bot and message.changed > self._mark]

    async def _look(self, after: int = -1, wait: float = 0) -> tuple[int, list[SeenMessage]]:
        view = await self._sim.get(f"{self._path}/chat", after=after, wait=wait)
        return view["version"], [SeenMessage.of(message) for message in view["messages"]]

    async def _until(self, find: Callable[[list[SeenMessage]], T | None], within: float, complaint: str) -> T:
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        version, chat = await self._look()
        while (found := find(chat)) is None:
            left = end - loop.time()
            if left <= 0:
                raise AssertionError(f"{complaint} within {within:g} s. The chat's end:\n{tail(chat)}")
            version, chat = await self._look(after=version, wait=left)
        return found


class SimPerson(_Chatting):
    """One person, in the private chat with the bot."""

    def __init__(self, sim: Sim, person: Json) -> None:
        super().__init__(sim, f"/sim/people/{person['id']}", person["name"])
        self.id: int = person["id"]
        self._answers_mark = 0

    async def says(self, text: str, reply_to: SeenMessage | None = None) -> SeenMessage:
        """Types and sends."""
        body = {"text": text, "reply_to": reply_to.id if reply_to else None}
        return await self._sent(await self._sim.post(f"{self._path}/say", body))

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

    def __init__(self, sim: Sim, group: Json) -> None:
        super().__init__(sim, f"/sim/groups/{group['id']}", group["title"])
        self.id: int = group["id"]

    async def says(self, person: SimPerson, text: str, reply_to: SeenMessage | None = None) -> SeenMessage:
        """One member types and sends."""
        body = {"person": person.id, "text": text, "reply_to": reply_to.id if reply_to else None}
        answer = await self._sim.post(f"{self._path}/say", body)
        self._mark = answer["version"]
        return SeenMessage.of(answer["message"])


def _value(response: httpx.Response) -> Any:
    value = response.json()
    assert response.is_success, f"refused ({response.status_code}): {value.get('error', value)}"
    return value
