"""Who is offline sees nothing new and does nothing; all of it is there on coming back."""

import pytest

from bot.simulator.driver import Sim, SimPerson
from tests.simulator.conftest import Api

GO = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


async def waiting(sim: Sim) -> int:
    found: int = (await sim.get("/sim/people"))[0]["waiting"]
    return found


async def test_messages_wait_and_are_there_on_coming_back(api: Api, sim: Sim, worker: SimPerson) -> None:
    first = await api.call("sendMessage", chat_id=worker.id, text="before")
    await worker.goes_offline()
    await api.call("sendMessage", chat_id=worker.id, text="meanwhile")
    await api.call("editMessageText", chat_id=worker.id, message_id=first["message_id"], text="changed")
    assert [message.text for message in await worker.chat()] == ["/start", "before"]
    assert await waiting(sim) == 2
    with pytest.raises(AssertionError, match="did not see “meanwhile”"):
        await worker.sees("meanwhile", within=0.05)
    await worker.comes_back()
    assert [message.text for message in await worker.chat()] == ["/start", "changed", "meanwhile"]
    await worker.sees("meanwhile")
    assert await waiting(sim) == 0


async def test_what_was_deleted_meanwhile_is_never_seen(api: Api, worker: SimPerson) -> None:
    await worker.goes_offline()
    sent = await api.call("sendMessage", chat_id=worker.id, text="a slip")
    await api.call("deleteMessage", chat_id=worker.id, message_id=sent["message_id"])
    await worker.comes_back()
    assert [message.text for message in await worker.chat()] == ["/start"]


async def test_who_is_offline_can_do_nothing_but_type(api: Api, sim: Sim, worker: SimPerson) -> None:
    await api.call("sendMessage", chat_id=worker.id, text="x", reply_markup=GO)
    group = await sim.group("Team North", worker)
    said = await worker.says("mine")
    api.telegram.updates.drop_all()
    await worker.goes_offline()
    for deed in (
        worker.presses("Go"),
        worker.edits(said, "changed"),
        worker.sends("photo"),
        worker.inline("core group"),
        worker.blocks(),
        group.says(worker, "/help"),
    ):
        with pytest.raises(AssertionError, match=r"refused \(409\): Worker A is offline"):
            await deed
    assert await api.updates() == []


async def test_what_is_typed_offline_goes_out_in_order_on_coming_back(
    api: Api, sim: Sim, worker: SimPerson
) -> None:
    await worker.goes_offline()
    await worker.types_for_later("first")
    await worker.types_for_later("/help")
    with pytest.raises(AssertionError, match="1 to 4096"):
        await worker.types_for_later(" ")
    assert (await sim.get("/sim/people"))[0]["unsent"] == 2
    assert await api.updates() == []
    assert [message.text for message in await worker.chat()] == ["/start"]
    await worker.comes_back()
    assert [update["message"]["text"] for update in await api.updates()] == ["first", "/help"]
    assert (await sim.get("/sim/people"))[0]["unsent"] == 0
    await worker.comes_back()
    assert len(await worker.chat()) == 3


async def test_the_bot_can_not_tell(api: Api, worker: SimPerson) -> None:
    await worker.goes_offline()
    await worker.goes_offline()
    sent = await api.call("sendMessage", chat_id=worker.id, text="x")
    assert sent["text"] == "x"
    assert await api.updates() == []


async def test_someone_who_never_wrote_can_go_offline_too(sim: Sim) -> None:
    stranger = await sim.person("Worker B")
    await stranger.goes_offline()
    assert await stranger.chat() == []
    await stranger.comes_back()
    await stranger.says("/start")
    assert [message.text for message in await stranger.chat()] == ["/start"]
