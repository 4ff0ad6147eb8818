"""The board tells an open page what has changed, and ends with the access; where it can't, the page asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import timedelta

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Request
from sqlalchemy.exc import OperationalError

from bot.services import casework, web_keys
from bot.services.office import Office
from bot.simulator.driver import SimPerson
from bot.web.live import MOST, MOST_EACH, Ended, Part, Streams
from storage import people
from storage.database import Database
from tests.browser import browser
from tests.flows.town import START
from tests.services.test_casework import record
from tests.web.serving import Site
from tests.web.test_board_page import board_site, entered, signed_in

__all__ = ["browser"]


def listening(site: Site, name: str, **asked: str) -> AbstractAsyncContextManager[httpx.Response]:
    """An open stream of this browser."""
    return site.http.stream("GET", f"/board/live/{name}", params=asked, timeout=None)


async def events(answer: httpx.Response) -> AsyncIterator[tuple[str, str]]:
    """Kind and data of each event, as a browser reads them."""
    kind, data = "", []
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            data.append(value)
        elif not line and kind:
            yield kind, "\n".join(data)
            kind, data = "", []


async def until(told: AsyncIterator[tuple[str, str]], kind: str) -> tuple[str, list[str]]:
    """The data of the next event of this kind, and the kinds that came before it."""
    before: list[str] = []
    async with asyncio.timeout(30):
        async for found, data in told:
            if found == kind:
                return data, before
            before.append(found)
    raise AssertionError(f"the stream ended without {kind}, after {before}")


async def tag_of(site: Site, name: str) -> str:
    return (await site.http.get(f"/board/{name}?part=1")).headers["etag"].strip('"')


async def new_case(
    database: Database, office: Office, name: str, reference: str, when: str = "Mon 2025-03-03"
) -> None:
    async with database.transaction() as session:
        worker = (await people.person_named(session, name))[0]
        case = await casework.new_case(session, office, worker, reference, START)
        await record(session, office, worker, case, f"{when} icpc-held", START)


async def test_a_change_made_anywhere_is_told_and_another_teams_is_not(address: str, office: Office) -> None:
    """Written by another process: over its own connections to the same database."""
    elsewhere = Database(address)
    async with board_site(address, office) as (site, manager):
        await entered(site, manager)
        have = {"have": await tag_of(site, "drift")}
        async with listening(site, "drift", **have) as answer:
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert answer.headers["cache-control"] == "no-store"
            told = events(answer)
            assert await until(told, "checked") == ("", []), "what the page has already is not told again"
            await new_case(elsewhere, office, "Worker S", "CP-9002")
            await new_case(elsewhere, office, "Worker B", "CP-1004")
            part, before = await until(told, "part")
            assert set(before) <= {"checked"}
            assert "CP-1004" in part
            assert "CP-9002" not in part
            assert part == (await site.http.get("/board/drift?part=1")).text
    await elsewhere.close()


@pytest.mark.parametrize("change", ["role", "team", "left", "time", "out", "everywhere"])
async def test_the_stream_ends_with_the_access(sqlite_address: str, office: Office, change: str) -> None:
    async with board_site(sqlite_address, office) as (site, manager):
        await entered(site, manager)
        async with listening(site, "team", have="old") as answer:
            told = events(answer)
            assert "Worker A" in (await until(told, "part"))[0]
            if change == "time":
                site.telegram.clock.move_to(site.telegram.clock() + timedelta(hours=10, minutes=1))
            elif change == "out":
                await site.http.post("/board/out")
            else:
                async with site.database.transaction() as session:
                    person = (await people.person_named(session, "Manager"))[0]
                    far = (await people.person_named(session, "Worker S"))[0]
                    if change == "everywhere":
                        await web_keys.end_sessions(session, person, site.telegram.clock())
                    person.active = change != "left"
                    person.role = "worker" if change == "role" else person.role
                    person.team_id = far.team_id if change == "team" else person.team_id
            await new_case(site.database, office, "Worker B", "CP-1004")
            _, before = await until(told, "ended")
            assert "part" not in before
            assert [kind async for kind, _ in told] == [], "nothing after the end"
        again = await site.http.get("/board/live/team")
        assert again.status_code == 401


async def test_a_browser_has_so_many_streams_and_each_that_is_left_makes_room(
    sqlite_address: str, office: Office
) -> None:
    async with board_site(sqlite_address, office) as (site, manager):
        await entered(site, manager)
        assert (await site.http.get("/board/live/nothing")).status_code == 404
        async with AsyncExitStack() as open_ones:
            streams = []  # one that nobody holds is closed
            for name in ("team", "plo", "drift")[:MOST_EACH]:
                answer = await open_ones.enter_async_context(listening(site, name))
                streams.append(events(answer))
                await until(streams[-1], "part")
            full = await site.http.get("/board/live/team")
            assert full.status_code == 503
        async with asyncio.timeout(30):
            while True:
                async with listening(site, "team") as answer:
                    if answer.status_code == 200:
                        await until(events(answer), "part")
                        return
                await asyncio.sleep(0.1)


async def test_at_the_end_of_the_process_every_stream_is_finished(
    sqlite_address: str, office: Office
) -> None:
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        site_stack = await stack.enter_async_context(AsyncExitStack())
        site, manager = await site_stack.enter_async_context(board_site(sqlite_address, office))
        await entered(site, manager)
        client.cookies = site.http.cookies
        address = f"{site.settings.web_address}/board/live/team"
        answer = await stack.enter_async_context(client.stream("GET", address, timeout=None))
        told = events(answer)
        await until(told, "part")
        rest = asyncio.create_task(_rest(told))
        await site_stack.aclose()
        assert "ended" not in await rest, (
            "access has not ended: the browser comes back to whoever serves then"
        )


async def _rest(told: AsyncIterator[tuple[str, str]]) -> list[str]:
    return [kind async for kind, _ in told]


class _Scripted:
    """Looks that find what the test says, and how closely each was."""

    def __init__(self, *found: Part | Exception | None) -> None:
        self.found = list(found)
        self.closely: list[bool] = []

    async def __call__(self, *, closely: bool) -> Part | None:
        self.closely.append(closely)
        found = self.found.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


async def _read(look: _Scripted, have: str = "") -> str:
    """The whole stream as it is sent."""
    said: list[bytes] = []
    stays = asyncio.Event()

    async def receive() -> dict[str, object]:
        await stays.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        body = message.get("body", b"")
        assert isinstance(body, bytes)
        said.append(body)

    streams = Streams(look_every=0.0)
    answer = streams.stream("browser", have, look)
    await answer({"type": "http"}, receive, send)  # type: ignore[arg-type]  # plain dicts, as ASGI has them
    assert streams.running.total() == 0
    return b"".join(said).decode()


async def test_now_and_then_it_looks_closely_whether_or_not_anything_was_done() -> None:
    look = _Scripted(*[Part("<p>one</p>", "1")] * 20, Part("<p>two\n\nlines</p>", "2"), Ended())
    said = await _read(look, have="1")
    assert look.closely == [number % 20 == 0 for number in range(22)]
    assert "<p>one</p>" not in said
    assert "event: part\nid: 2\ndata: <p>two\ndata: \ndata: lines</p>\n\n" in said
    assert said.endswith("event: ended\ndata: \n\n")


async def test_while_the_database_is_away_the_browser_is_left_to_come_back() -> None:
    said = await _read(_Scripted(Part("<p>one</p>", "1"), OperationalError("", None, OSError())))
    assert "event: part" in said
    assert "event: ended" not in said


def test_a_process_bears_so_many_streams() -> None:
    streams = Streams()
    streams.running.update({f"browser {number}": 1 for number in range(MOST - 1)})
    assert not streams.full("another")
    streams.running["another"] = 1
    assert streams.full("one more")
    streams.running.clear()
    streams.close()
    assert streams.full("one more"), "no new ones at the end"


async def board_in(browser: Browser, site: Site, manager: SimPerson, name: str) -> tuple[Page, list[str]]:
    """The page, and the addresses that it asks for from then on."""
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    await signed_in(page, site, manager)
    asked: list[str] = []

    def heard(request: Request) -> None:
        asked.append(request.url)

    await page.goto(f"{site.settings.web_address}/board/{name}")
    page.on("request", heard)
    await page.evaluate("window.never = 'reloaded'")
    return page, asked


async def test_in_a_browser_a_change_appears_without_reload_and_an_ended_access_clears_the_page(
    sqlite_address: str, office: Office, browser: Browser
) -> None:
    async with board_site(sqlite_address, office) as (site, manager):
        page, asked = await board_in(browser, site, manager, "drift")
        region = page.get_by_role("region")
        await region.focus()
        assert await page.get_by_text("CP-1004").count() == 0
        await new_case(site.database, office, "Worker B", "CP-1004")
        await page.get_by_text("CP-1004").wait_for()
        status = page.get_by_role("status")
        assert (await status.inner_text()).startswith("Changed ")
        assert await status.evaluate("one => one.getAttribute('aria-live') ?? one.role") == "status"
        assert await region.evaluate("one => one === document.activeElement"), "focus is where it was"
        assert await page.evaluate("window.never") == "reloaded"
        assert [url for url in asked if "part=1" in url] == [], "nothing was asked for: it was told"
        results = [await Axe().run(page)]
        await manager.presses("Sign out everywhere")
        await manager.sees_toast("Signed out everywhere")
        await page.get_by_text("Your access has ended").wait_for()
        for known in ("CP-", "Worker B"):
            assert await page.get_by_text(known).count() == 0
        assert await status.inner_text() == "Access ended"
        results.append(await Axe().run(page))
        assert [one.generate_report() for one in results if one.violations_count] == []


@pytest.mark.parametrize("trouble", ["no EventSource", "refused"])
async def test_where_it_cant_be_told_the_page_asks(
    sqlite_address: str, office: Office, browser: Browser, trouble: str
) -> None:
    async with board_site(sqlite_address, office) as (site, manager):
        context = await browser.new_context()
        page = await context.new_page()
        await page.clock.install()
        if trouble == "refused":
            await page.route("**/board/live/**", lambda route: route.fulfill(status=503, body="full"))
        else:
            await page.add_init_script("delete window.EventSource")
        await signed_in(page, site, manager)
        await page.goto(f"{site.settings.web_address}/board/drift")
        await new_case(site.database, office, "Worker B", "CP-1004")
        await page.clock.fast_forward(15_500)
        await page.get_by_text("CP-1004").wait_for()
        assert (await page.get_by_role("status").inner_text()).startswith("Changed ")
        await manager.presses("Sign out everywhere")
        await manager.sees_toast("Signed out everywhere")
        await page.clock.fast_forward(15_500)
        await page.get_by_text("Your access has ended").wait_for()
