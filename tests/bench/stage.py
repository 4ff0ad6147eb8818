"""What the timings share: a simulator in a process of its own, and rows to send."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

from telegram.ext import ExtBot

from bot.simulator.control_client import ControlClient
from handlers.http import Request
from storage import bulk, outbox
from storage.database import Database
from storage.migrating import upgrade
from storage.tables import Action, ActionRecipient, Person, Team

TOKEN = "1:bench"
FILE = "bench.sqlite"
START = datetime.fromisoformat("2026-11-24T11:00+00:00")
TEXT = "From your manager · by Fri 18 Dec\nDo: Reminder 00001\nWhy: why\nDone means: measure"


def say(line: str) -> None:
    """A line on standard output."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def verdict(kept: bool) -> str:
    """For the end of a line."""
    return "kept" if kept else "NOT KEPT"


@asynccontextmanager
async def simulator() -> AsyncIterator[str]:
    """The simulator's address; it runs as `driftless simulator` does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "simulator", "--port", str(port), "--token", TOKEN),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def chats(url: str, count: int) -> list[int]:
    """So many people who have begun a chat; their first words are not left waiting for a bot."""
    async with ControlClient(url) as control:
        ids = [(await control.post("/sim/people", {"name": f"Worker {n}"}))["id"] for n in range(count)]
        for one in ids:
            await control.post(f"/sim/people/{one}/say", {"text": "/start"})
    return ids


def bot_at(url: str) -> ExtBot[None]:
    """As the program builds it."""
    return ExtBot(TOKEN, base_url=f"{url}/bot", request=Request(64))


def bare_bot_at(url: str) -> ExtBot[None]:
    """As the library builds it, left to itself: the other side's."""
    return ExtBot(TOKEN, base_url=f"{url}/bot")


async def database_in(folder: Path) -> Database:
    """A fresh SQLite database."""
    database = Database(f"sqlite:///{folder / FILE}")
    await upgrade(database)
    return database


async def shares(database: Database, accounts: list[int], count: int) -> list[outbox.Unasked]:
    """Actions to be told to people with these accounts, not yet planned."""
    async with database.transaction() as session:
        team = Team(name="North", created_at=START)
        session.add(team)
        await session.flush()
        workers = [
            Person(telegram_id=one, name=f"W {one}", role="worker", team_id=team.id or 0, created_at=START)
            for one in accounts
        ]
        session.add_all(workers)
        await session.flush()
        ids = await bulk.reserve_ids(session, Action, count)
        about = {"manager_id": workers[0].id, "why": "why", "measure": "measure", "created_at": START}
        await bulk.insert(
            session,
            Action,
            [{"id": one, "what": f"Reminder {one:05}", "due_on": date(2026, 12, 18), **about} for one in ids],
        )
        share_ids = await bulk.reserve_ids(session, ActionRecipient, count)
        people = [workers[number % len(workers)].id or 0 for number in range(count)]
        await bulk.insert(
            session,
            ActionRecipient,
            [
                {"id": share, "action_id": action, "person_id": person}
                for share, action, person in zip(share_ids, ids, people, strict=True)
            ],
        )
    return [
        outbox.Unasked(person, "action-new", share, f"action-new:{share}", START)
        for share, person in zip(share_ids, people, strict=True)
    ]
