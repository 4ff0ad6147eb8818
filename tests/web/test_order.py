"""One person's updates at two processes: in their order, one at a time; the dead are followed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from bot.services.office import Office
from bot.simulator.driver import Sim, SimPerson
from handlers.webhook import PATH, secret_of
from storage import inbox
from storage.database import Database
from storage.tables import InboxUpdate
from tests.flows.town import TOKEN
from tests.people import enrol
from tests.web.serving import free_port, simulator, site_at
from tests.web.test_webhook import SECRET, message

ROOT = Path(__file__).parents[2]


async def _joined(database: Database, sim: Sim, name: str) -> SimPerson:
    """A worker whose chat with the bot has begun."""
    async with database.transaction() as session:
        person = await enrol(session, name, "worker", await sim.now())
        account = person.telegram_id or 0
    played = await sim.person(name, person_id=account)
    await played.says("/start")
    await played.sees("")
    return played


def _words(chat: list[Any], after: int) -> list[str]:
    return [message.text for message in chat if message.from_bot][after:]


async def _done(database: Database, updates: Iterable[int]) -> list[tuple[datetime, datetime]]:
    """When each of these was handled and its reply had left: what is noted last of all."""
    async with database.transaction() as session:
        rows = [await session.get(InboxUpdate, number) for number in updates]
    return [(row.handled_at, row.replied_at) for row in rows if row and row.handled_at and row.replied_at]


async def test_a_dialogue_whose_steps_arrive_at_different_replicas(
    postgresql_address: str, office: Office
) -> None:
    """The first reply is slow to leave, and the answer to it comes to the other replica meanwhile."""
    async with (
        simulator() as telegram,
        site_at(postgresql_address, office, telegram=telegram, updates="webhook") as one,
        site_at(postgresql_address, office, telegram=telegram, updates="webhook") as two,
    ):
        worker = await _joined(one.database, one.sim, "Worker A")
        before = len(_words(await worker.chat(), 0))
        typed = []
        for number in range(4):
            await one.sim.fault("slow", method="sendMessage", contains="Which reference?", count=1, seconds=1)
            typed += ["/newcase", f"CP-300{number}"]
        for number, text in enumerate(typed):
            site = one if number % 2 == 0 else two
            update = message(1000 + number, worker.id, text)
            answer = await site.http.post("/telegram", json=update, headers=SECRET)
            assert answer.status_code == 200
        await worker.sees("CP-3003 is added", within=30)
        said = _words(await worker.chat(), before)
        assert [text for text in said if "Which reference?" in text or "is added" in text] == said
        assert [f"CP-300{n} is added" in said[2 * n + 1] for n in range(4)] == [True] * 4
        for _ in range(200):
            done = await _done(one.database, range(1000, 1008))
            if len(done) == 8:
                break
            await asyncio.sleep(0.05)
        assert len(done) == 8
        for (_, answered), (handled, _) in pairwise(done):
            assert answered <= handled, "the next is begun when the reply to the one before has left"


@asynccontextmanager
async def _process(url: str, address: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`driftless run` by webhook, and where it takes updates."""
    port = free_port()
    web = f"http://127.0.0.1:{port}"
    settings = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": url,
        "DATABASE_URL": address,
        "UPDATES": "webhook",
        "WEB_PORT": str(port),
        "WEB_ADDRESS": web,
        "TICK_SECONDS": "3600",
        "PYTHONPATH": str(ROOT),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"), env={**os.environ, **settings}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        assert b"is running" in await process.stdout.readline()
    try:
        yield process, f"{web}{PATH}"
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_when_the_process_that_holds_somebodys_update_dies_another_goes_on(
    postgresql_address: str,
) -> None:
    database = Database(postgresql_address)
    async with (
        simulator() as (_app, url),
        Sim(url) as sim,
        _process(url, postgresql_address) as (dying, first),
        _process(url, postgresql_address) as (_living, second),
        httpx.AsyncClient(
            headers={"X-Telegram-Bot-Api-Secret-Token": secret_of(TOKEN)}, trust_env=False
        ) as http,
    ):
        worker, other = await _joined(database, sim, "Worker A"), await _joined(database, sim, "Worker B")
        before = len(_words(await worker.chat(), 0))
        await sim.fault("slow", method="sendMessage", contains="Which reference?", count=1, seconds=60)
        await http.post(first, json=message(1000, worker.id, "/newcase"))
        await _until_held(database, 1000)
        await http.post(second, json=message(1001, worker.id, "CP-3001"))
        await http.post(second, json=message(1002, other.id, "/glossary ICPC"))
        await other.sees("ICPC: initial child", within=20)
        async with database.transaction() as session:
            waiting = await session.get(InboxUpdate, 1001)
            assert waiting is not None
            assert waiting.handled_at is None, "it waits for the one before; other people don't"
        dying.send_signal(signal.SIGKILL)
        await worker.sees("CP-3001 is added", within=20)
        said = _words(await worker.chat(), before)
        assert ["Which reference?" in said[0], "CP-3001 is added" in said[1]] == [True, True]
    await database.close()


async def _until_held(database: Database, number: int) -> None:
    """Until a process has committed the effects and is sending the replies."""
    async with asyncio.timeout(20):
        for _ in range(400):
            async with database.transaction() as session:
                row = await inbox.locked(session, number)
                if row is not None and row.held_by is not None:
                    return
            await asyncio.sleep(0.05)
    raise AssertionError("never taken up")
