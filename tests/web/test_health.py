"""Alive, ready, and in numbers; the same strict headers on every answer."""

from datetime import timedelta

import pytest

from bot.services.office import Office
from bot.settings import BadSettings, Settings, read_settings
from bot.web.app import HEADERS
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


def test_a_webhook_without_an_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPDATES", "webhook")
    with pytest.raises(BadSettings, match=r"^UPDATES=webhook needs WEB_PORT and WEB_ADDRESS as well$"):
        read_settings()
    monkeypatch.setenv("WEB_ADDRESS", "driftless.example")
    with pytest.raises(BadSettings, match="WEB_ADDRESS: give the whole address"):
        read_settings()


def test_an_address_loses_its_last_slash() -> None:
    assert Settings(_env_file=None, web_address="https://a.example/").web_address == "https://a.example"
