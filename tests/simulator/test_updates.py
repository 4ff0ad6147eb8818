"""Updates: numbered, kept until confirmed, one poller at a time."""

import asyncio

from telegram import Update

from bot.simulator.driver import Sim, SimPerson
from tests.simulator.conftest import Api


async def test_updates_come_again_until_they_are_confirmed(api: Api, worker: SimPerson) -> None:
    await worker.says("one")
    await worker.says("two")
    first = await api.updates()
    assert [update["message"]["text"] for update in first] == ["one", "two"]
    assert first[1]["update_id"] == first[0]["update_id"] + 1
    assert await api.updates() == first
    assert await api.updates(limit=1) == first[:1]
    assert await api.updates(offset=first[1]["update_id"]) == first[1:]
    assert await api.updates() == first[1:]
    assert await api.updates(offset=first[1]["update_id"] + 1) == []


async def test_a_negative_offset_forgets_all_but_the_last(api: Api, worker: SimPerson) -> None:
    for text in ("one", "two", "three"):
        await worker.says(text)
    assert [update["message"]["text"] for update in await api.updates(offset=-1)] == ["three"]
    assert len(await api.updates()) == 1


async def test_updates_are_kept_for_24_hours(api: Api, sim: Sim, worker: SimPerson) -> None:
    await worker.says("old")
    await sim.move_clock(hours=24)
    assert len(await api.updates()) == 1
    await sim.move_clock(seconds=1)
    assert await api.updates() == []


async def test_a_long_poll_ends_with_the_first_news(api: Api, worker: SimPerson) -> None:
    poll = asyncio.create_task(api.updates(timeout=30))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await worker.says("news")
    assert [update["message"]["text"] for update in await asyncio.wait_for(poll, 2)] == ["news"]


async def test_a_second_poller_ends_the_first_with_409(api: Api, worker: SimPerson) -> None:
    words = (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    first = asyncio.create_task(api.refused(409, words, "getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(api.updates(timeout=30))
    await asyncio.wait_for(first, 2)
    await worker.says("for the second")
    assert len(await asyncio.wait_for(second, 2)) == 1


async def test_only_wanted_kinds_are_queued(api: Api, worker: SimPerson) -> None:
    await api.updates(allowed_updates=["edited_message"])
    said = await worker.says("one")
    await worker.edits(said, "one, corrected")
    assert [update["edited_message"]["text"] for update in await api.updates()] == ["one, corrected"]
    await api.updates(allowed_updates=[], offset=-1)
    await worker.says("two")
    assert "message" in (await api.updates())[-1]


async def test_limits_of_a_poll(api: Api) -> None:
    await api.refused(400, "Bad Request: limit must be between 1 and 100", "getUpdates", limit=101)


async def test_every_kind_of_update_is_one_that_a_library_reads(
    api: Api, sim: Sim, worker: SimPerson
) -> None:
    await api.call(
        "sendMessage",
        chat_id=worker.id,
        text="x",
        reply_markup={"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]},
    )
    said = await worker.says("/visit@driftless_demo_bot CP-1042")
    await worker.edits(said, "/visit CP-1042")
    await worker.presses("Go")
    for kind in ("photo", "voice", "sticker", "location", "document", "contact"):
        await worker.sends(kind)
    await worker.blocks()
    await worker.unblocks()
    asking = asyncio.create_task(worker.inline("core group", within=0.1))
    await asyncio.gather(asking, return_exceptions=True)
    manager = await sim.person("Manager", username="manager_1")
    group = await sim.group("Team North", manager, worker, privacy=False)
    await group.says(manager, "hello")
    updates = [Update.de_json(update, None) for update in await api.updates()]
    message, edited, press, *things = updates[:9]
    assert message.message is not None
    assert message.message.entities[0].type == "bot_command"
    assert edited.edited_message is not None
    assert edited.edited_message.edit_date is not None
    assert press.callback_query is not None
    assert press.callback_query.message is not None
    sent = [update.message for update in things]
    assert [bool(one) for one in sent] == [True] * 6
    found = [one.effective_attachment for one in sent if one]
    assert all(found)
    changes = [update.my_chat_member for update in updates if update.my_chat_member]
    assert [(one.old_chat_member.status, one.new_chat_member.status) for one in changes] == [
        ("member", "kicked"),
        ("kicked", "member"),
        ("left", "member"),
    ]
    assert [update.inline_query.query for update in updates if update.inline_query] == ["core group"]
    last = updates[-1].effective_message
    assert last is not None
    assert (last.chat.type, last.chat.title, last.text) == ("group", "Team North", "hello")
