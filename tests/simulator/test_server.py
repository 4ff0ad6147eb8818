"""Serving: any free port, a taken port, and a shutdown that nobody holds up."""

import asyncio

import httpx
import pytest

from bot.simulator.clock import VirtualClock
from bot.simulator.server import build_simulator, serve
from tests.simulator.conftest import START, TOKEN, Api


async def test_open_polls_and_streams_do_not_hold_up_the_end() -> None:
    app = build_simulator(clock=VirtualClock(lambda: START), bot_token=TOKEN)
    loop = asyncio.get_running_loop()
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        async with serve(app) as port:
            url = f"http://127.0.0.1:{port}"
            person = (await http.post(f"{url}/sim/people", json={"name": "Worker A"})).json()
            poll = asyncio.create_task(http.get(f"{url}/bot{TOKEN}/getUpdates?timeout=50"))
            wait = asyncio.create_task(http.get(f"{url}/sim/people/{person['id']}/chat?after=0&wait=50"))
            stream = asyncio.create_task(http.get(f"{url}/sim/events"))
            await asyncio.sleep(0.1)
            assert [task.done() for task in (poll, wait, stream)] == [False, False, False]
            began = loop.time()
        assert loop.time() - began < 1.5
        assert (await poll).json() == {"ok": True, "result": []}
        assert (await wait).json()["messages"] == []
        assert (await stream).text.startswith(": hello")


async def test_a_taken_port_is_an_oserror() -> None:
    first, second = (build_simulator(clock=VirtualClock(lambda: START), bot_token=TOKEN) for _ in range(2))
    async with serve(first) as port:
        with pytest.raises(OSError, match="in use"):
            async with serve(second, port=port):
                pass


async def test_the_page_asks_nothing_of_other_hosts_and_runs_no_inline_script(api: Api) -> None:
    page = await api.http.get("/")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "not Telegram" in page.text
    for part in ("app.js", "chat.js", "style.css", "chat.css", "icon.svg"):
        assert (await api.http.get(f"/page/{part}")).status_code == 200
