"""The dead man's switch: pings while the work is done, and at no other time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.pinging import Pinger
from bot.pulse import Pulse
from bot.serving import serving
from storage import outbox
from storage.database import Database
from storage.tables import Person, Team
from tests.conftest import StoppedClock


@dataclass
class Watcher:
    """What stands at the address."""

    pings: int = 0
    code: int = 200
    address: str = ""
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(trust_env=False))

    async def take(self, _request: Request) -> Response:
        self.pings += 1
        return Response(status_code=self.code)


@pytest.fixture
async def watcher() -> AsyncIterator[Watcher]:
    made = Watcher()
    async with serving(Starlette(routes=[Route("/ping", made.take)]), "127.0.0.1", 0) as port, made.client:
        made.address = f"http://127.0.0.1:{port}/ping"
        yield made


def _pulse(now: datetime, *, leading: bool = True) -> Pulse:
    return Pulse(started_at=now, leading=leading, planned_at=now)


async def test_once_a_minute_and_only_after_a_tick(
    sqlite: Database, watcher: Watcher, clock: StoppedClock
) -> None:
    pulse = _pulse(clock())
    pinger = Pinger(watcher.address, sqlite, pulse, watcher.client)
    assert await pinger.look(clock())
    pulse.planned_at = clock.forward(seconds=30)
    assert not await pinger.look(clock())
    assert not await pinger.look(clock.forward(seconds=20))
    assert await pinger.look(clock.forward(seconds=10))
    assert not await pinger.look(clock.forward(minutes=5)), "no tick since"
    assert watcher.pings == 2


async def test_a_process_that_does_not_lead_is_silent(
    sqlite: Database, watcher: Watcher, clock: StoppedClock
) -> None:
    pinger = Pinger(watcher.address, sqlite, _pulse(clock(), leading=False), watcher.client)
    assert not await pinger.look(clock())
    assert watcher.pings == 0


async def test_late_messages_silence_it(sqlite: Database, watcher: Watcher, clock: StoppedClock) -> None:
    async with sqlite.transaction() as session:
        team = Team(name="North", created_at=clock())
        session.add(team)
        await session.flush()
        assert team.id is not None
        person = Person(
            name="Worker A", role="worker", team_id=team.id, telegram_id=5, created_at=clock(), active=True
        )
        session.add(person)
        await session.flush()
        assert person.id is not None
        await outbox.plan(
            session, person_id=person.id, kind="digest", subject_id=person.id, key="k", not_before=clock()
        )
    pulse = _pulse(clock())
    pinger = Pinger(watcher.address, sqlite, pulse, watcher.client)
    assert await pinger.look(clock())
    pulse.planned_at = clock.forward(minutes=11)
    assert not await pinger.look(clock())
    assert watcher.pings == 1


async def test_an_address_that_fails_stops_nothing_and_is_not_logged(
    sqlite: Database, watcher: Watcher, clock: StoppedClock, caplog: pytest.LogCaptureFixture
) -> None:
    pulse = _pulse(clock())
    watcher.code = 500
    assert not await Pinger(watcher.address, sqlite, pulse, watcher.client).look(clock())
    unreachable = "http://127.0.0.1:9/a-secret-address"
    assert not await Pinger(unreachable, sqlite, pulse, watcher.client).look(clock())
    assert "no ping: ConnectError" in caplog.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert not [line for line in ours if "a-secret-address" in line]
