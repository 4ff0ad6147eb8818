"""The tests' client: people who speak, press and see, over real HTTP."""

from datetime import datetime
from typing import Any

from bot.simulator.control_client import ControlClient, Json
from bot.simulator.played import SimGroup, SimPerson
from bot.simulator.seen import SeenMessage

__all__ = ["SeenMessage", "Sim", "SimGroup", "SimPerson"]


class Sim(ControlClient):
    """A running simulator."""

    async def person(
        self, name: str, *, username: str | None = None, person_id: int | None = None, language: str = "en"
    ) -> SimPerson:
        """Adds a person, who is unknown to the bot until the first word."""
        body = {"name": name, "username": username, "id": person_id, "language_code": language}
        return SimPerson(self, await self.post("/sim/people", body))

    async def people(self) -> list[SimPerson]:
        """Everybody there is."""
        return [SimPerson(self, person) for person in await self.get("/sim/people")]

    async def group(self, title: str, *members: SimPerson, privacy: bool = True) -> SimGroup:
        """A group with the bot in it; with privacy the bot gets only what is meant for it."""
        body = {"title": title, "members": [member.id for member in members], "privacy": privacy}
        return SimGroup(self, await self.post("/sim/groups", body))

    async def now(self) -> datetime:
        """The demonstration's moment."""
        return datetime.fromisoformat((await self.get("/sim/clock"))["now"])

    async def move_clock(self, to: str | datetime | None = None, **forward: float) -> datetime:
        """To a moment, "next-morning" or "next-reminder", or forward by days=, hours=, minutes=, seconds=."""
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

    async def fired(self) -> list[Json]:
        """What the bot has said since the last move of the clock, until somebody did something."""
        return list((await self.get("/sim/clock"))["fired"])

    async def begins(self, scene_id: str) -> Json:
        """Brings a scene's cast in; the scene is then played by next_step()."""
        return dict(await self.post(f"/sim/scenes/{scene_id}/begin", {}))

    async def next_step(self) -> Json:
        """Plays one step: its tell, learn, state (done or failed) and trouble."""
        return dict((await self.post("/sim/scenes/next", {}))["step"])

    async def plays(self, scene_id: str) -> list[Json]:
        """Plays a scene to its end; the steps as they went."""
        begun = await self.begins(scene_id)
        return [await self.next_step() for _ in begun["steps"]]

    async def fault(self, kind: str, **about: Any) -> None:
        """Sets a fault: outage, slow, drop-before, drop-after, too-many."""
        await self.post("/sim/faults", {"kind": kind, **about})

    async def clear_faults(self) -> None:
        """Takes all faults away."""
        await self.delete("/sim/faults")
