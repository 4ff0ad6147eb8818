"""The board page over real HTTP and in a real browser: who gets in, what is shown, who can read it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from bot.services import casework, supervision, visiting
from bot.services.office import Office
from bot.simulator.driver import SimPerson
from storage import people
from storage.tables import Person
from tests.browser import DESKTOP, PHONE, browser
from tests.days import day
from tests.flows.town import START
from tests.people import enrol
from tests.services.test_casework import record
from tests.services.test_supervision import DRAFT
from tests.web.serving import Site, free_port, site_at

__all__ = ["browser"]
ROOM = {"width": 1920, "height": 1080}


@asynccontextmanager
async def board_site(address: str, office: Office) -> AsyncIterator[tuple[Site, SimPerson]]:
    """A site whose bot knows its own address, with a manager in it."""
    port = free_port()
    known = replace(office, web_address=f"http://127.0.0.1:{port}")
    async with site_at(address, known, web_port=port, web_address=known.web_address) as site:
        async with site.database.transaction() as session:
            await enrol(session, "Manager", "manager", START)
            manager = (await people.person_named(session, "Manager"))[0]
            person = await site.sim.person("Manager", person_id=manager.telegram_id)
        await caseload(site, known)
        yield site, person


async def caseload(site: Site, office: Office) -> None:
    async with site.database.transaction() as session:
        manager = (await people.person_named(session, "Manager"))[0]
        worker = await enrol(session, "Worker A", "worker", START)
        other = await enrol(session, "Worker B", "worker", START)
        far = await enrol(session, "Worker S", "worker", START, team="South")
        for person, reference, *events in (
            (worker, "CP-1001", "Mon 2025-08-04 icpc-held"),
            (worker, "CP-1002", "Mon 2026-07-27 pre-proceedings-decided"),
            (other, "CP-1003", "Mon 2026-11-02 proceedings-issued"),
            (far, "CP-9001", "Mon 2025-08-04 icpc-held"),
        ):
            case = await casework.new_case(session, office, person, reference, START)
            for event in events:
                await record(session, office, person, case, event, START)
            if reference == "CP-1001":
                for when in ("Tue 2026-11-10", "Tue 2026-11-03"):
                    await visiting.record_visit(session, office, person, case, day(when), "seen", START)
        await supervision.create_action(session, office, manager, DRAFT, START)


async def link_for(site: Site, manager: SimPerson) -> str:
    await manager.says("/board")
    said = await manager.sees("It opens once, within ten minutes")
    return next(line for line in said.text.splitlines() if line.startswith("http"))


async def entered(site: Site, manager: SimPerson) -> None:
    link = await link_for(site, manager)
    answer = await site.http.post(link)
    assert answer.status_code == 303


async def test_the_link_opens_once_and_looking_at_it_does_not_use_it_up(
    sqlite_address: str, office: Office
) -> None:
    async with board_site(sqlite_address, office) as (site, manager):
        link = await link_for(site, manager)
        assert (await site.http.get("/board")).status_code == 401
        for _ in range(2):
            door = await site.http.get(link)
            assert "Open the board" in door.text
            assert "set-cookie" not in door.headers
        answer = await site.http.post(link)
        cookie = answer.headers["set-cookie"]
        assert answer.headers["location"] == "/board"
        for part in ("HttpOnly", "SameSite=lax", "Path=/board", "Max-Age=36000"):
            assert part in cookie
        assert "Secure" not in cookie, "plain http on loopback"
        assert (await site.http.get("/board")).status_code == 200
        site.http.cookies.clear()
        again = await site.http.post(link)
        assert again.status_code == 403
        assert "has been used or is older than ten minutes" in again.text


async def test_the_pages_hold_the_team_and_nobody_elses(sqlite_address: str, office: Office) -> None:
    async with board_site(sqlite_address, office) as (site, manager):
        await entered(site, manager)
        team, plo, drift = [await site.http.get(path) for path in ("/board", "/board/plo", "/board/drift")]
        assert "Worker A" in team.text
        assert "Worker S" not in team.text
        assert "CP-1002" in plo.text
        assert "In court since Mon 2 Nov" in plo.text
        assert "past its end" in plo.text
        assert "➜ " in plo.text
        assert "CP-1001" in drift.text
        assert "CP-9001" not in team.text + plo.text + drift.text
        narrowed = await site.http.get("/board/drift", params={"sign": "long-plan"})
        assert "CP-1001" in narrowed.text
        assert "CP-1002" not in narrowed.text
        strange = await site.http.get("/board/drift", params={"team": "South", "worker": "<script>"})
        assert "No case here shows" in strange.text
        assert "<script>" not in strange.text.replace('<script src="/board-files/board.js" defer>', "")
        for answer in (team, plo, drift):
            policy = answer.headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
            assert answer.headers["cache-control"] == "no-store"
        assert (await site.http.get("/board/nothing")).status_code == 404


async def test_only_a_change_is_sent_again(sqlite_address: str, office: Office) -> None:
    async with board_site(sqlite_address, office) as (site, manager):
        await entered(site, manager)
        part = await site.http.get("/board/drift?part=1")
        tag = part.headers["etag"]
        same = await site.http.get("/board/drift?part=1", headers={"If-None-Match": tag})
        assert (same.status_code, same.content) == (304, b"")
        async with site.database.transaction() as session:
            worker = (await people.person_named(session, "Worker B"))[0]
            case = await casework.new_case(session, office, worker, "CP-1004", START)
            await record(session, office, worker, case, "Mon 2025-03-03 icpc-held", START)
        changed = await site.http.get("/board/drift?part=1", headers={"If-None-Match": tag})
        assert changed.status_code == 200
        assert "CP-1004" in changed.text
        assert "<html" not in changed.text


@pytest.mark.parametrize("change", ["role", "left", "time", "out", "everywhere"])
async def test_access_ends_at_once(sqlite_address: str, office: Office, change: str) -> None:
    async with board_site(sqlite_address, office) as (site, manager):
        await entered(site, manager)
        assert (await site.http.get("/board")).status_code == 200
        if change == "time":
            site.telegram.clock.move_to(site.telegram.clock() + timedelta(hours=10, minutes=1))
        elif change == "out":
            assert "You have left the board" in (await site.http.post("/board/out")).text
        elif change == "everywhere":
            await manager.presses("Sign out everywhere")
            await manager.sees_toast("Signed out everywhere")
        else:
            async with site.database.transaction() as session:
                found = await session.get(Person, (await people.person_named(session, "Manager"))[0].id)
                assert found is not None
                found.active, found.role = change != "left", "worker" if change == "role" else found.role
        for path in ("/board", "/board/plo?part=1"):
            answer = await site.http.get(path)
            assert answer.status_code == 401
            assert "CP-" not in answer.text


async def test_a_worker_gets_no_link_and_without_a_web_part_nobody_does(
    sqlite_address: str, office: Office
) -> None:
    async with board_site(sqlite_address, office) as (site, _manager):
        async with site.database.transaction() as session:
            worker = (await people.person_named(session, "Worker A"))[0]
        person = await site.sim.person("Worker A", person_id=worker.telegram_id)
        await person.says("/board")
        await person.sees("The team's board is for managers.")


async def test_the_calendars_address(sqlite_address: str, office: Office) -> None:
    async with board_site(sqlite_address, office) as (site, _manager):
        async with site.database.transaction() as session:
            worker = (await people.person_named(session, "Worker A"))[0]
        person = await site.sim.person("Worker A", person_id=worker.telegram_id)
        await person.says("/calendar")
        await person.sees_file("document")
        await person.sees("subscribe to a private address")
        await person.presses("New address")
        said = await person.sees("Your private calendar address")
        address = next(line for line in said.text.splitlines() if line.startswith("http"))
        answer = await site.http.get(address)
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert "CP-1001" in answer.text
        await person.presses("Switch it off")
        await person.sees("The address opens nothing any more")
        gone = await site.http.get(address)
        assert gone.status_code == 404
        assert "switched off" in gone.text


async def signed_in(page: Page, site: Site, manager: SimPerson) -> None:
    await page.goto(await link_for(site, manager))
    await page.get_by_role("button", name="Open the board").click()
    await page.get_by_role("heading", level=1).wait_for()


@pytest.mark.parametrize("size", [PHONE, DESKTOP, ROOM], ids=["phone", "desk", "room"])
async def test_the_board_can_be_read_by_everybody(
    sqlite_address: str, office: Office, browser: Browser, size: dict[str, int], tmp_path: Path
) -> None:
    async with board_site(sqlite_address, office) as (site, manager):
        page = await browser.new_page(viewport={"width": size["width"], "height": size["height"]})
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(await link_for(site, manager))
        results = [await Axe().run(page)]
        await page.get_by_role("button", name="Open the board").click()
        for path in ("/board", "/board/plo", "/board/drift"):
            await page.goto(f"{site.settings.web_address}{path}")
            await page.screenshot(path=tmp_path / f"board{path.replace('/', '-')}.png", full_page=True)
            results.append(await Axe().run(page))
            wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, "only the table scrolls sideways, never the page"
            assert await page.locator("table").count() == 1
        assert [one.generate_report() for one in results if one.violations_count] == []
        assert faults == []


async def test_by_keyboard(sqlite_address: str, office: Office, browser: Browser) -> None:
    async with board_site(sqlite_address, office) as (site, manager):
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await signed_in(page, site, manager)
        await page.goto(f"{site.settings.web_address}/board/drift")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.textContent") == "Skip to the board"
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "live"


async def test_on_paper_there_is_the_table_alone(
    sqlite_address: str, office: Office, browser: Browser
) -> None:
    async with board_site(sqlite_address, office) as (site, manager):
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await signed_in(page, site, manager)
        await page.emulate_media(media="print")
        assert await page.get_by_role("navigation").count() == 0
        assert await page.get_by_role("button", name="Leave").count() == 0
        assert await page.get_by_role("table").is_visible()
