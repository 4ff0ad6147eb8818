"""The whole story in a real browser, at a phone's width: ask, case, event, morning, done, action, done."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, browser
from tests.flows.town import Town

__all__ = ["browser"]
SHOTS = os.environ.get("DRIFTLESS_SHOTS", "")
"""A folder for pictures; `make pictures` puts them into the docs."""


class Phone:
    """The chat page with one person in front."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def be(self, name: str) -> None:
        """Plays this person."""
        await self.page.locator("#people").get_by_role("button", name=name).click()
        await expect(self.page.locator(".chat h2")).to_have_text([name])
        self.name = name

    async def says(self, text: str) -> None:
        """Types and sends."""
        box = self.page.get_by_label(f"Message from {self.name}")
        await box.fill(text)
        await box.press("Enter")

    async def presses(self, label: str) -> None:
        """Taps the newest button of this label."""
        await self.page.get_by_role("button", name=label, exact=True).last.click()

    async def sees(self, text: str) -> None:
        """Waits for the newest message to say so."""
        await expect(self.page.locator(".message").last).to_contain_text(text, timeout=10_000)

    async def shot(self, name: str) -> None:
        """Keeps a picture where they are asked for."""
        if SHOTS:
            await self.page.wait_for_timeout(300)
            await self.page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_the_whole_story(town: Town, browser: Browser, size: dict[str, int]) -> None:
    for name, role in (("Worker A", "worker"), ("Manager", "manager")):
        await town.joined(name, role)
    page = await browser.new_page(viewport={"width": size["width"], "height": size["height"]})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    await page.goto(town.url)
    await page.wait_for_selector("body[data-ready]")
    if size is PHONE:
        await _on_a_phone(town, Phone(page))
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    else:
        await _side_by_side(town, page)
    assert troubles == []


async def _on_a_phone(town: Town, phone: Phone) -> None:
    await phone.be("Worker A")
    await phone.says("how long do we have to hold the ICPC?")
    await phone.sees("15 working days")
    await phone.shot("worker-answer")
    await phone.says("/newcase CP-2001")
    await phone.sees("CP-2001 is added")
    await phone.presses("Record an event")
    await phone.sees("what happened?")
    await phone.presses("Initial child protection conference held")
    await phone.sees("When was it?")
    await phone.says("11/11")
    await phone.sees("10 working days from Wed 11 Nov 2026 = Wed 25 Nov 2026")
    await phone.shot("worker-event")
    await phone.says("/case CP-2001")
    await phone.sees("On a child protection plan since")
    await phone.shot("worker-case")
    await phone.page.get_by_role("button", name="Tomorrow 08:30").click()
    await town.bot.tick_now()
    await phone.sees("Wed 25 Nov 2026")
    await phone.presses("Close the list")
    await phone.shot("worker-digest")
    await phone.presses("CP-2001: First core group")
    await phone.sees("due today")
    await phone.presses("Done")
    await phone.sees("When was it done?")
    await phone.presses("Today")
    await phone.sees("First core group: done")
    await phone.be("Manager")
    await phone.says(
        "/action\nto: Worker A\ndo: two direct-work sessions\nwhy: so that the plan says what she thinks\n"
        "measure: sessions recorded, her words in the plan\nby: Fri 4 Dec"
    )
    await phone.sees("Sent to Worker A")
    await town.bot.tick_now()
    await phone.be("Worker A")
    await phone.sees("From your manager")
    await phone.shot("worker-action")
    await phone.presses("Acknowledge")
    await phone.sees("Acknowledged. Tap Done")
    await phone.presses("Done")
    await phone.sees("A few words on what was done?")
    await phone.says("both on file")
    await phone.sees("your manager has been told")
    await town.bot.tick_now()
    await phone.be("Manager")
    await phone.sees("Worker A: done")
    await phone.shot("manager-done")


async def _side_by_side(town: Town, page: Page) -> None:
    worker, manager = page.get_by_label("Message from Worker A"), page.get_by_label("Message from Manager")
    await worker.fill("how long do we have to hold the ICPC?")
    await worker.press("Enter")
    await expect(page.get_by_role("region", name="Chat of Worker A")).to_contain_text("15 working days")
    await manager.fill("/action")
    await manager.press("Enter")
    await expect(page.get_by_role("region", name="Chat of Manager")).to_contain_text("Who is it for?")
    await page.get_by_role("button", name="Worker A", exact=True).last.click()
    await page.get_by_role("button", name="Supervision", exact=True).click()
    await expect(page.get_by_role("region", name="Chat of Manager")).to_contain_text("What should be done?")
    for words in (
        "two direct-work sessions",
        "to know what she thinks",
        "sessions recorded, her words in the plan",
    ):
        await manager.fill(words)
        await manager.press("Enter")
        await expect(page.get_by_role("region", name="Chat of Manager")).to_contain_text(words)
    await page.get_by_role("button", name="Fri 4 Dec").click()
    await page.get_by_role("region", name="Chat of Manager").locator("button", has_text="Send").last.click()
    await expect(page.get_by_role("region", name="Chat of Manager")).to_contain_text("Sent to Worker A")
    await town.bot.tick_now()
    await expect(page.get_by_role("region", name="Chat of Worker A")).to_contain_text("From your manager")
    if SHOTS:
        await page.wait_for_timeout(300)
        await page.screenshot(path=Path(SHOTS) / "chat.png")
