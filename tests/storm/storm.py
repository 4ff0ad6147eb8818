"""One storm: so many reminders, so many kills, faults drawn by a seed, and what came of it."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlmodel import col, func, select

from bot.simulator import people as played
from bot.simulator.clock import VirtualClock
from bot.simulator.server import build_simulator, serve
from bot.simulator.telegram import Telegram
from bot.texts.delivering import REPEAT
from storage import outbox
from storage.database import Database
from storage.tables import Action, ActionRecipient, OutgoingMessage, Person, Team
from tests.storm.clock import SharedClock
from tests.storm.process import TOKEN, Process

log = logging.getLogger(__name__)
START = datetime.fromisoformat("2026-11-24T11:00+00:00")
"""A Tuesday, late in the morning."""
_FIRST_ACCOUNT = 700_001


@dataclass
class Found:
    """What a storm did and what arrived."""

    reminders: int
    kills: int = 0
    in_flight: int = 0
    """Rows that were claimed when their process was killed."""
    answers_lost: int = 0
    """Calls whose answer the bot never got."""
    faults: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    repeats: int = 0
    unmarked: list[str] = field(default_factory=list)
    too_fast: int = 0
    """429 that the bot's own pace brought about."""
    states: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        faults = ", ".join(f"{count} {kind}" for kind, count in sorted(self.faults.items())) or "none"
        return (
            f"{self.reminders} reminders, {self.kills} kills; faults set: {faults}\n"
            f"lost {len(self.lost)}; repeats {self.repeats} of {self.in_flight} in flight at a kill "
            f"and {self.answers_lost} answers lost; repeats without a mark {len(self.unmarked)}; "
            f"429 for going too fast {self.too_fast}; rows {self.states}"
        )

    @property
    def good(self) -> bool:
        """Nothing lost; repeats only of what was in flight, each marked.

        The pace is shown, not judged: on a busy machine calls arrive in bunches.
        """
        bound = self.in_flight + self.answers_lost
        return not self.lost and not self.unmarked and self.repeats <= bound


@dataclass
class Storm:
    """A simulator on the strict clock of Telegram's limits, the database, and the bot's processes."""

    telegram: Telegram
    database: Database
    clock: SharedClock
    processes: list[Process]
    found: Found
    dice: random.Random
    url: str
    seen_calls: int = 0

    async def fill(self, people: int) -> None:
        """People with a chat, and the reminders, all due at once."""
        async with self.database.transaction() as session:
            team = Team(name="North", created_at=START)
            session.add(team)
            await session.flush()
            workers = [self._enrol(number, team.id or 0) for number in range(people + 1)]
            session.add_all(workers)
            await session.flush()
            manager, *others = workers
            shares = []
            for number in range(self.found.reminders):
                action = Action(
                    manager_id=manager.id or 0,
                    what=f"Reminder {number:05}",
                    why="why",
                    measure="measure",
                    due_on=date(2026, 12, 18),
                    created_at=START,
                )
                session.add(action)
                await session.flush()
                to = others[number % len(others)]
                share = ActionRecipient(action_id=action.id or 0, person_id=to.id or 0)
                session.add(share)
                await session.flush()
                shares.append(share)
            await outbox.plan_all(session, [_reminder(share) for share in shares])

    def _enrol(self, number: int, team_id: int) -> Person:
        account = _FIRST_ACCOUNT + number
        person = played.add_person(self.telegram, f"Worker {number}", person_id=account)
        played.own_chat(self.telegram, person)
        role = "worker" if number else "manager"
        return Person(
            telegram_id=account, name=f"Worker {number}", role=role, team_id=team_id, created_at=START
        )

    async def kill(self, process: Process) -> None:
        """kill -9, counted with what it left in flight."""
        await process.kill()
        async with self.database.transaction() as session:
            claimed = select(func.count()).where(col(OutgoingMessage.state) == "claimed")
            self.found.in_flight += (await session.exec(claimed)).one()
        self.found.kills += 1

    def fault(self) -> None:
        """Something goes wrong for the next calls, as the dice fall."""
        kind, about = self.dice.choice(
            (
                ("too-many", {"seconds": 2, "count": 1}),
                ("outage", {"count": 3}),
                ("drop-before", {"count": 1}),
                ("drop-after", {"count": 1}),
                ("slow", {"seconds": 7, "count": 1}),
            )
        )
        self.telegram.faults.add({"kind": kind, "method": "sendMessage", **about})
        self.found.faults[kind] += 1

    def note_calls(self) -> None:
        """Counts what was refused since the last look: the log keeps only the newest calls."""
        for call in self.telegram.calls.since(self.seen_calls):
            self.seen_calls = call["number"]
            words = call["description"] or ""
            self.found.too_fast += call["error_code"] == 429 and "retry after 2" not in words
            self.found.answers_lost += words.startswith("connection dropped") or call["milliseconds"] > 5000

    def jump(self, **length: float) -> None:
        """The clock jumps, for everybody."""
        moment = self.clock() + timedelta(**length)
        self.clock.set_to(moment)

    async def waiting(self) -> int:
        """How many rows still have to go."""
        async with self.database.transaction() as session:
            states = select(OutgoingMessage.state, func.count()).group_by(col(OutgoingMessage.state))
            self.found.states = dict((await session.exec(states)).all())
        return sum(self.found.states.get(state, 0) for state in ("planned", "claimed", "unknown"))

    async def calm(self, patience: float = 300) -> None:
        """Lets everything go out; what waits for its next try is helped by moving the clock."""
        self.telegram.faults.clear()
        async with asyncio.timeout(patience):
            before = -1
            while left := await self.waiting():
                self.note_calls()
                if left == before:
                    await self._jump_to_the_next_try()
                before = left
                await asyncio.sleep(2)

    async def _jump_to_the_next_try(self) -> None:
        """At least a minute on: what was often in doubt waits for hours."""
        async with self.database.transaction() as session:
            waiting = col(OutgoingMessage.state).in_(("planned", "unknown"))
            soonest = (await session.exec(select(func.min(OutgoingMessage.not_before)).where(waiting))).one()
        later = self.clock() + timedelta(minutes=1)
        self.clock.set_to(max(later, soonest) if soonest is not None else later)

    def count(self) -> None:
        """What arrived, by reminder."""
        self.note_calls()
        copies: dict[str, list[bool]] = {f"Reminder {n:05}": [] for n in range(self.found.reminders)}
        for chat in self.telegram.chats.values():
            for message in chat.messages.values():
                for line in message.words.split("\n"):
                    name = line.removeprefix("Do: ")
                    if name in copies:
                        copies[name].append(message.words.startswith(REPEAT))
        self.found.lost = [name for name, marks in copies.items() if not marks]
        self.found.repeats = sum(max(0, len(marks) - 1) for marks in copies.values())
        self.found.unmarked = [name for name, marks in copies.items() if len(marks) - sum(marks) > 1]


def _reminder(share: ActionRecipient) -> outbox.Unasked:
    return outbox.Unasked(share.person_id, "action-new", share.id or 0, f"action-new:{share.id}", START)


@asynccontextmanager
async def storm(
    address: str, folder: Path, *, seed: int, reminders: int, people: int, replicas: int = 1
) -> AsyncIterator[Storm]:
    """A storm that has begun: the processes run; at the end they are stopped."""
    clock = SharedClock(folder / "clock")
    clock.set_to(START)
    app = build_simulator(clock=VirtualClock(clock), bot_token=TOKEN, pace=True)
    database = Database(address)
    async with serve(app) as port:
        url = f"http://127.0.0.1:{port}"
        processes = [Process(url, address, folder / "clock") for _ in range(replicas)]
        under_way = Storm(
            app.state.telegram, database, clock, processes, Found(reminders), random.Random(seed), url
        )
        await under_way.fill(people)
        for process in processes:
            await process.start()
        yield under_way
        for process in processes:
            assert await process.stop() == 0
    await database.close()


async def rage(under_way: Storm, kills: int, minutes: float = 60) -> None:
    """Kills at random moments, faults between; at the end the weather clears and everything is counted.

    After so many minutes there are no more kills, however many were wanted.
    """
    end = asyncio.get_running_loop().time() + 60 * minutes
    for number in range(kills):
        if number and number % 20 == 0:
            log.warning("%s kills", number)
        if asyncio.get_running_loop().time() > end:
            break
        if under_way.dice.random() < 0.5:
            under_way.fault()
        await asyncio.sleep(0.2 + under_way.dice.random() * 0.7)
        process = under_way.dice.choice(under_way.processes)
        await under_way.kill(process)
        under_way.note_calls()
        await process.start()
    await under_way.calm()
    under_way.count()
