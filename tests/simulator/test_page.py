"""The page in a real browser, on a desk and on a phone."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.simulator.driver import Sim
from tests.browser import DESKTOP, PHONE, browser
from tests.simulator.conftest import Api
from tests.simulator.echo_bot import LONG_LABEL, echo_bot

__all__ = ["browser"]


@pytest_asyncio.fixture
async def url(api: Api) -> AsyncIterator[str]:
    """The page's address, with a bot that answers."""
    address = str(api.http.base_url)
    async with echo_bot(address):
        yield address


async def opened(browser: Browser, url: str, size: dict[str, int], troubles: list[str]) -> Page:
    """The page, loaded; what the browser complains of is collected."""
    page = await browser.new_page(viewport={"width": size["width"], "height": size["height"]})
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith(url) else troubles.append(asked.url))
    await page.goto(url)
    await page.wait_for_selector("body[data-ready]")
    return page


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_person_types_presses_and_sees_the_edit(
    browser: Browser, url: str, sim: Sim, size: dict[str, int]
) -> None:
    troubles: list[str] = []
    await sim.person("Worker A")
    page = await opened(browser, url, size, troubles)
    await expect(page.get_by_text("Practice simulator – not Telegram.")).to_be_visible()
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.locator(".message strong", has_text="Hello.")).to_be_visible()
    await page.get_by_role("button", name=LONG_LABEL).click()
    await expect(page.get_by_role("alertdialog")).to_contain_text("This can't be undone.")
    await page.get_by_role("button", name="OK").click()
    await page.get_by_role("button", name="Change it").click()
    await expect(page.locator(".toast")).to_have_text("Changed")
    await expect(page.locator(".message em", has_text="Changed in place")).to_be_visible()
    await expect(page.get_by_role("button", name="Change it")).to_have_count(0)
    box = page.get_by_label("Message from Worker A")
    await box.fill("<img src=x onerror=alert(1)>")
    await box.press("Enter")
    await expect(page.locator(".message").last).to_contain_text("You said: <img src=x onerror=alert(1)>")
    await box.fill("/pic")
    await page.get_by_role("button", name="/picture Get a picture").click()
    await expect(page.get_by_role("img", name="Picture")).to_be_visible()
    await expect(page.get_by_role("link", name="caseload.csv")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert troubles == []


async def test_people_stand_side_by_side_on_a_desk(browser: Browser, url: str, sim: Sim) -> None:
    people = [await sim.person(name) for name in ("Worker A", "Manager", "Practice lead", "Worker B")]
    page = await opened(browser, url, DESKTOP, [])
    assert await page.locator(".chat h2").all_text_contents() == ["Worker A", "Manager", "Practice lead"]
    await people[3].says("/start")
    await expect(page.locator("#people").get_by_role("button", name="Worker B 1 unread")).to_be_visible()
    await page.locator("#people").get_by_role("button", name="Worker B").click()
    await expect(page.get_by_label("Chat of Worker B").get_by_text("Hello.")).to_be_visible()
    await expect(page.locator("#people .badge")).to_have_count(0)


async def test_one_person_at_a_time_on_a_phone(browser: Browser, url: str, sim: Sim) -> None:
    await sim.person("Worker A")
    manager = await sim.person("Manager")
    page = await opened(browser, url, PHONE, [])
    await expect(page.locator(".chat h2")).to_have_text(["Worker A"])
    await manager.says("/start")
    await page.locator("#people").get_by_role("button", name="Manager 1 unread").click()
    await expect(page.locator(".chat h2")).to_have_text(["Manager"])


async def test_the_clock_moves_and_shows_where_it_is(browser: Browser, url: str, sim: Sim) -> None:
    page = await opened(browser, url, DESKTOP, [])
    await expect(page.locator("#now")).to_have_text("Tue 3 Nov 2026, 10:00")
    await page.get_by_role("button", name="+1 hour").click()
    await expect(page.locator("#now")).to_have_text("Tue 3 Nov 2026, 11:00")
    await page.get_by_role("button", name="Tomorrow 08:30").click()
    await expect(page.locator("#now")).to_have_text("Wed 4 Nov 2026, 08:30")
    await page.get_by_text("Pick a date").click()
    await expect(page.get_by_label("Move the clock forward to")).to_have_value("2026-11-04T08:31")
    await page.get_by_label("Move the clock forward to").fill("2026-12-08T09:15")
    await page.get_by_role("button", name="Move clock").click()
    await expect(page.locator("#now")).to_have_text("Tue 8 Dec 2026, 09:15")
    assert (await sim.now()).isoformat() == "2026-12-08T09:15:00+00:00"


async def test_refusals_are_marked_in_the_log(browser: Browser, url: str, api: Api, sim: Sim) -> None:
    page = await opened(browser, url, DESKTOP, [])
    await api.answer("sendMessage", chat_id=7, text="x")
    await page.get_by_role("button", name="API log 1 refused").click()
    refused = page.locator("#log li.refused")
    await expect(refused).to_contain_text("Refused: 400 Bad Request: chat not found")
    await page.get_by_label("Refusals only").check()
    await expect(page.locator("#log li:visible")).to_have_count(1)


async def test_adding_blocking_and_unblocking(browser: Browser, url: str, sim: Sim) -> None:
    page = await opened(browser, url, PHONE, [])
    await page.get_by_text("+ Person").click()
    await page.get_by_label("Name, such as").fill("Worker C")
    await page.get_by_role("button", name="Add person").click()
    await expect(page.locator(".chat h2")).to_have_text(["Worker C"])
    await page.get_by_role("button", name="More for Worker C").click()
    await page.get_by_role("button", name="Block the bot").click()
    await expect(page.get_by_text("You have blocked this bot.")).to_be_visible()
    assert (await sim.get("/sim/people"))[0]["blocked"] is True
    await page.get_by_role("button", name="Unblock").click()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


async def test_finding_words_in_a_chat(browser: Browser, url: str, sim: Sim) -> None:
    worker = await sim.person("Worker A")
    for text in ("core group", "visit"):
        await worker.says(text)
        await worker.sees(f"You said: {text}")
    page = await opened(browser, url, DESKTOP, [])
    await page.get_by_role("button", name="More for Worker A").click()
    await page.get_by_role("button", name="Find in this chat").click()
    await page.get_by_label("Find in the chat of Worker A").fill("CORE")
    await expect(page.locator(".message:visible")).to_have_count(2)
    await page.keyboard.press("Escape")
    await expect(page.locator(".message:visible")).to_have_count(4)


async def test_a_deleted_message_goes_from_the_page_at_once(
    browser: Browser, url: str, api: Api, sim: Sim
) -> None:
    worker = await sim.person("Worker A")
    said = await worker.says("something private")
    page = await opened(browser, url, PHONE, [])
    await expect(
        page.get_by_label("Messages of Worker A").get_by_text("something private").first
    ).to_be_visible()
    await api.call("deleteMessage", chat_id=worker.id, message_id=said.id)
    await expect(page.locator(".message.own")).to_have_count(0)


async def test_a_message_taller_than_the_list_is_shown_from_its_beginning(
    browser: Browser, url: str, sim: Sim
) -> None:
    worker = await sim.person("Worker A")
    await worker.says("a short one")
    await worker.sees("You said: a short one")
    page = await opened(browser, url, PHONE, [])
    await worker.says("first line\n" + "more\n" * 80 + "last line")
    await worker.sees("You said: first line")
    tall = page.locator(".message").last
    await expect(tall).to_contain_text("You said: first line")
    await expect(tall.get_by_text("You said: first line")).to_be_in_viewport()
    top, list_top = await tall.evaluate(
        "node => [node.getBoundingClientRect().top, node.parentElement.getBoundingClientRect().top]"
    )
    assert -1 < top - list_top < 40
