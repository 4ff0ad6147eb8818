"""The page as a training room: scenes, reminders, faults, old buttons, inline, transcripts, being offline."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from starlette.applications import Starlette

from bot.simulator.driver import Sim
from tests.browser import DESKTOP, PHONE, browser
from tests.simulator.conftest import START, Api
from tests.simulator.staging import House, stage
from tests.simulator.test_page import opened, url

__all__ = ["browser", "stage", "url"]
Staged = tuple[Starlette, Sim, House]


def address(sim: Sim) -> str:
    return str(sim.base_url)


async def nothing_wrong(page: Page, troubles: list[str], size: dict[str, int]) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert troubles == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_scene_is_played_from_the_page(browser: Browser, stage: Staged, size: dict[str, int]) -> None:
    _, sim, _ = stage
    troubles: list[str] = []
    page = await opened(browser, address(sim), size, troubles)
    await page.get_by_role("button", name="Scenes").click()
    await expect(page.locator("#scenes")).to_contain_text("What it is about.")
    await page.get_by_role("button", name="Play: A story").click()
    strip = page.get_by_label("Scene being played")
    await expect(strip).to_contain_text("step 1 of 9")
    await expect(strip).to_contain_text("Next: The worker speaks.")
    await expect(page.locator(".message")).to_have_count(2)
    await page.get_by_role("button", name="Next step").click()
    await expect(strip).to_contain_text("Notice: It is heard.")
    await expect(page.get_by_label("Messages of Worker A")).to_contain_text("You said: CP-01")
    await page.get_by_role("button", name="Scenes").click()
    await expect(page.locator(".steps li.done")).to_have_count(1)
    await expect(page.locator(".steps li.next")).to_contain_text("The worker begins anew.")
    await page.keyboard.press("Escape")
    await expect(page.locator("#scenes")).to_be_hidden()
    await page.reload()
    await expect(strip).to_contain_text("step 2 of 9")
    await nothing_wrong(page, troubles, size)


async def test_a_scene_plays_on_until_something_is_not_as_told(browser: Browser, stage: Staged) -> None:
    _, sim, _ = stage
    page = await opened(browser, address(sim), DESKTOP, [])
    await page.get_by_role("button", name="Scenes").click()
    await page.get_by_role("button", name="Play: A story").click()
    await page.get_by_role("button", name="Play on").click()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    strip = page.get_by_label("Scene being played")
    await expect(strip).to_contain_text("Manager did not see “what nobody says”.", timeout=30_000)
    await expect(page.get_by_role("button", name="Play on")).to_be_visible()
    await page.get_by_role("button", name="End scene").click()
    await expect(strip).to_be_hidden()


async def test_alone_the_simulator_offers_neither_scenes_nor_reminders(browser: Browser, url: str) -> None:
    page = await opened(browser, url, DESKTOP, [])
    await expect(page.get_by_role("button", name="Scenes")).to_be_hidden()
    await expect(page.get_by_role("button", name="Next reminder")).to_be_hidden()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_clock_steps_to_the_next_reminder_and_lists_what_came(
    browser: Browser, stage: Staged, size: dict[str, int]
) -> None:
    app, sim, house = stage
    telegram = app.state.telegram
    people = [await sim.person(name) for name in ("Worker A", "Manager", "Worker B", "Worker C")]
    for person in people:
        await person.says("/start")
        await person.sees("Hello.")
    house.moments = [START.replace(day=9, hour=8, minute=30)]
    house.when_settling = lambda: telegram.post(
        telegram.chats[people[3].id], telegram.bot, words="Core group\ndue today"
    )
    troubles: list[str] = []
    page = await opened(browser, address(sim), size, troubles)
    await page.get_by_role("button", name="Next reminder").click()
    came = page.get_by_label("What came when the clock moved")
    await expect(came).to_contain_text("Mon 9 Nov 2026, 08:30: 1 message came")
    await came.get_by_role("button", name="Worker C").click()
    await expect(came).to_be_hidden()
    await expect(page.get_by_label("Messages of Worker C").locator(".pointed")).to_contain_text("due today")
    house.when_settling = lambda: None
    await page.get_by_role("button", name="+1 hour").click()
    await expect(page.locator("#status")).to_contain_text("Nothing came.")
    await nothing_wrong(page, troubles, size)
    await page.get_by_role("button", name="Next reminder").click()
    await expect(page.locator("#status")).to_have_text("no reminder is planned")


async def test_going_offline_and_coming_back(browser: Browser, url: str, api: Api, sim: Sim) -> None:
    worker = await sim.person("Worker A")
    await worker.says("/start")
    await worker.sees("Hello.")
    page = await opened(browser, url, PHONE, [])
    await page.get_by_role("button", name="More for Worker A").click()
    await page.get_by_role("button", name="Go offline").click()
    await expect(page.get_by_text("Worker A is offline. Nothing waits yet.")).to_be_visible()
    await api.call("sendMessage", chat_id=worker.id, text="meanwhile")
    await expect(page.get_by_text("Worker A is offline. 1 message waits.")).to_be_visible()
    await expect(page.locator("#people").get_by_role("button", name="Worker A 1 waiting")).to_be_visible()
    await expect(page.get_by_label("Messages of Worker A")).not_to_contain_text("meanwhile")
    await page.reload()
    await expect(page.get_by_text("Worker A is offline. 1 message waits.")).to_be_visible()
    await page.get_by_label("Message from Worker A").fill("on a train")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("1 of your own goes out when you are back.")).to_be_visible()
    await page.get_by_role("button", name="Go online").click()
    messages = page.get_by_label("Messages of Worker A")
    await expect(messages.locator(".unread-line + .message")).to_contain_text("meanwhile")
    await expect(page.locator("#people .badge")).to_have_count(0)
    await expect(messages).to_contain_text("You said: on a train")
    await page.get_by_label("Message from Worker A").fill("thanks")
    await page.keyboard.press("Enter")
    await expect(messages).to_contain_text("You said: thanks")
    await expect(messages.locator(".unread-line")).to_have_count(0)


async def test_an_old_button_far_up_in_the_chat_is_pressed(browser: Browser, url: str, sim: Sim) -> None:
    worker = await sim.person("Worker A")
    await worker.says("/start")
    old = await worker.sees("Hello.")
    for number in range(12):
        await worker.says(f"number {number}")
    await worker.says("/start")
    await worker.sees("Hello.")
    page = await opened(browser, url, PHONE, [])
    first = page.get_by_role("button", name="Change it").first
    await first.scroll_into_view_if_needed()
    await first.click()
    await expect(page.locator(f".message[data-id='{old.id}']")).to_contain_text("Changed in place")
    await expect(page.get_by_role("button", name="Change it")).to_have_count(1)


async def test_asking_inline_and_choosing_a_result(browser: Browser, url: str, sim: Sim) -> None:
    worker = await sim.person("Worker A")
    await worker.says("/start")
    page = await opened(browser, url, PHONE, [])
    await page.get_by_role("button", name="Send a sample picture").click()
    await page.get_by_role("button", name="Ask the bot inline").click()
    box = page.get_by_label("Message from Worker A")
    await expect(box).to_have_value("@driftless_demo_bot ")
    await box.press_sequentially("nothing")
    await expect(page.get_by_text("The bot offers nothing here.")).to_be_visible()
    await box.fill("@driftless_demo_bot core group")
    await page.get_by_role("button", name="About core group one line").click()
    await expect(page.get_by_label("Messages of Worker A")).to_contain_text("Inline: core group")
    await expect(box).to_have_value("")


async def test_a_fault_is_set_for_one_call_and_seen_while_it_is_on(
    browser: Browser, url: str, api: Api, sim: Sim
) -> None:
    worker = await sim.person("Worker A")
    await worker.says("/start")
    page = await opened(browser, url, DESKTOP, [])
    on = page.get_by_role("button", name="Faults on: 1")
    await expect(on).to_be_hidden()
    await page.get_by_role("button", name="API log").click()
    await page.get_by_text("Faults on purpose").click()
    await page.get_by_label("Fault", exact=True).select_option("too-many")
    await page.get_by_label("For the call").select_option("sendMessage")
    await page.get_by_label("To", exact=True).select_option("Worker A")
    await page.get_by_label("With the words").fill("digest")
    await page.get_by_label("Times").fill("1")
    await page.get_by_label("Seconds").fill("7")
    await page.get_by_role("button", name="Set fault").click()
    await expect(page.get_by_label("Faults that are on")).to_contain_text(
        "Told to wait (429) · sendMessage · to Worker A · “digest” · 7 s · 1 more"
    )
    await expect(on).to_be_visible()
    await api.call("sendMessage", chat_id=worker.id, text="another")
    words = "Too Many Requests: retry after 7"
    await api.refused(429, words, "sendMessage", chat_id=worker.id, text="the digest")
    await expect(on).to_be_hidden()


async def test_a_fault_is_taken_away_again(browser: Browser, url: str, sim: Sim) -> None:
    page = await opened(browser, url, PHONE, [])
    for kind in ("outage", "slow"):
        await sim.fault(kind)
    await page.get_by_role("button", name="Faults on: 2").click()
    await page.get_by_role("button", name="Remove: Outage").click()
    await expect(page.get_by_label("Faults that are on").get_by_role("listitem")).to_have_count(1)
    assert [fault["kind"] for fault in await sim.get("/sim/faults")] == ["slow"]
    await page.keyboard.press("Escape")
    await expect(page.locator("#log")).to_be_hidden()


@pytest.mark.parametrize(("label", "ending"), [("Markdown", "md"), ("text", "txt")])
async def test_a_transcript_is_saved_from_the_page(
    browser: Browser, url: str, sim: Sim, tmp_path: Path, label: str, ending: str
) -> None:
    worker = await sim.person("Worker A")
    await worker.says("strat was tues")
    await worker.sees("You said")
    page = await opened(browser, url, DESKTOP, [])
    await page.get_by_role("button", name="More for Worker A").click()
    async with page.expect_download() as saving:
        await page.get_by_role("button", name=f"Save transcript ({label})").click()
    saved = await saving.value
    assert saved.suggested_filename == f"transcript-{worker.id}.{ending}"
    await saved.save_as(tmp_path / "saved")
    assert "You said: strat was tues" in (tmp_path / "saved").read_text("utf-8")
