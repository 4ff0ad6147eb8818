"""Alive, ready, and in numbers; the same strict headers on every answer."""

from datetime import timedelta

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.services.office import Office
from bot.serving import serving
from bot.settings import BadSettings, Settings, read_settings
from bot.web.app import DATABASE_AWAY, HEADERS, build_web
from bot.web.board import COOKIE
from tests.outage import database_away
from tests.web.serving import site_at


async def test_alive_and_ready(address: str, office: Office) -> None:
    async with site_at(address, office) as site:
        await site.bot.tick_now()
        alive, ready = await site.http.get("/healthz"), await site.http.get("/readyz")
        assert (alive.status_code, alive.text) == (200, "ok\n")
        assert (ready.status_code, ready.json()) == (200, {"ready": True, "leading": True, "faults": {}})
        missing = await site.http.get("/nothing")
        assert (missing.status_code, missing.text) == (404, "Not Found\n")
        for answer in (alive, ready, missing):
            assert {name: answer.headers[name] for name in HEADERS} == HEADERS
            assert "server" not in answer.headers


async def test_a_leader_that_no_longer_plans_is_not_ready(sqlite_address: str, office: Office) -> None:
    async with site_at(sqlite_address, office) as site:
        await site.bot.tick_now()
        site.telegram.clock.move_to(site.telegram.clock() + timedelta(hours=1))
        answer = await site.http.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["faults"]["planning"].startswith("nothing planned for 36")
        site.bot.pulse.leading = False
        assert (await site.http.get("/readyz")).status_code == 200, "planning is the leader's"


async def test_numbers_for_a_monitor_name_nobody(sqlite_address: str, office: Office) -> None:
    async with site_at(sqlite_address, office) as site:
        worker = await site.sim.person("Worker A")
        await worker.says("a secret question")
        await worker.sees("To join, ask your manager")
        text = (await site.http.get("/metrics")).text
        assert 'driftless_updates_total{outcome="handled"}' in text
        assert "driftless_leading 1.0" in text
        assert "driftless_inbox_open" in text
        assert "secret" not in text
        assert "Worker" not in text


async def test_with_the_database_away_every_page_says_so(address: str, office: Office) -> None:
    async with site_at(address, office) as site:
        await site.bot.tick_now()
        async with database_away(address):
            ready = await site.http.get("/readyz")
            assert (ready.status_code, ready.json()["ready"]) == (503, False)
            assert ready.json()["faults"]["database"]
            numbers = await site.http.get("/metrics")
            assert numbers.status_code == 200, "a monitor still learns what this process knows"
            assert "driftless_database_up 0.0" in numbers.text
            assert "driftless_planned_seconds_ago" in numbers.text
            assert "driftless_outbox_messages" not in numbers.text
            assert (await site.http.get("/healthz")).status_code == 200, "a restart would not mend it"
            for page in ("/board", "/calendar/abc.ics"):
                answer = await site.http.get(page, headers={"Cookie": f"{COOKIE}=abc"})
                assert (answer.status_code, answer.text) == (503, DATABASE_AWAY)
                assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert (await site.http.get("/readyz")).status_code == 200
        assert "driftless_database_up 1.0" in (await site.http.get("/metrics")).text


async def test_a_surprise_is_logged_by_its_place_and_answered_in_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(_request: Request) -> Response:
        raise ValueError("typed in private")

    web = build_web([Route("/fails", fails)])
    async with serving(web, "127.0.0.1", 0) as port, httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"http://127.0.0.1:{port}/fails?secret=1")
    assert answer.status_code == 500
    assert "private" not in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    messages = [record.getMessage() for record in caplog.records if record.name == "bot.web.app"]
    assert messages == ["the web part failed at a GET: ValueError"]


def test_a_webhook_without_an_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPDATES", "webhook")
    with pytest.raises(BadSettings, match=r"^UPDATES=webhook needs WEB_PORT and WEB_ADDRESS as well$"):
        read_settings()
    monkeypatch.setenv("WEB_ADDRESS", "driftless.example")
    with pytest.raises(BadSettings, match="WEB_ADDRESS: give the whole address"):
        read_settings()


def test_an_address_loses_its_last_slash() -> None:
    assert Settings(_env_file=None, web_address="https://a.example/").web_address == "https://a.example"


async def test_who_leads_is_known_before_the_first_tick(address: str, office: Office) -> None:
    """A bot that is asked to plan at once must not take itself for a replica that waits."""
    async with site_at(address, office) as site:
        assert site.bot.pulse.leading
        await site.bot.tick_now()
        assert site.bot.pulse.planned_at is not None
