"""Limits at their very edges, for every method that they bind."""

from typing import Any

import pytest

from bot.simulator.driver import Sim, SimPerson
from bot.simulator.stored_files import LARGEST_DOCUMENT, LARGEST_DOWNLOAD
from bot.simulator.things import sample_picture
from tests.simulator.conftest import TOKEN, Api
from tests.simulator.test_refusals import TOO_OLD

PICTURE = sample_picture(20, 20)


@pytest.fixture
def article() -> dict[str, Any]:
    content = {"message_text": "10 working days"}
    return {"type": "article", "id": "1", "title": "Core group", "input_message_content": content}


async def sent_picture(api: Api, worker: SimPerson) -> dict[str, Any]:
    response = await api.http.post(
        f"/bot{TOKEN}/sendPhoto", data={"chat_id": str(worker.id)}, files={"photo": ("board.png", PICTURE)}
    )
    message: dict[str, Any] = response.json()["result"]
    return message


async def test_an_edited_text_of_4096_units_after_parsing_and_no_more(api: Api, worker: SimPerson) -> None:
    sent = await api.call("sendMessage", chat_id=worker.id, text="x")
    where = {"chat_id": worker.id, "message_id": sent["message_id"], "parse_mode": "HTML"}
    edited = await api.call("editMessageText", **where, text="<b>" + "&lt;" * 4096 + "</b>")
    assert edited["text"] == "<" * 4096
    await api.refused(400, "Bad Request: message is too long", "editMessageText", **where, text="&lt;" * 4097)


@pytest.mark.parametrize("method", ["sendPhoto", "sendDocument", "editMessageCaption"])
async def test_a_caption_of_1024_units_after_parsing_and_no_more(
    api: Api, worker: SimPerson, method: str
) -> None:
    picture = await sent_picture(api, worker)
    document = (await worker.sends("document", b"x")).raw["files"][0]["url"].rsplit("/", 1)[-1]
    given: dict[str, Any] = {
        "sendPhoto": {"photo": picture["photo"][-1]["file_id"]},
        "sendDocument": {"document": document},
        "editMessageCaption": {"message_id": picture["message_id"]},
    }[method]
    given |= {"chat_id": worker.id, "parse_mode": "HTML"}
    result = await api.call(method, **given, caption="<i>" + "&amp;" * 1022 + "😀</i>")
    assert len(result["caption"]) == 1023
    words = "Bad Request: message caption is too long"
    await api.refused(400, words, method, **given, caption="&amp;" * 1025)


@pytest.mark.parametrize("extra", [0, 1])
async def test_a_file_of_twenty_megabytes_can_just_be_fetched(
    api: Api, worker: SimPerson, extra: int
) -> None:
    await worker.sends("document", bytes(LARGEST_DOWNLOAD + extra), name="long.bin")
    file_id = (await api.updates())[-1]["message"]["document"]["file_id"]
    if extra:
        await api.refused(400, "Bad Request: file is too big", "getFile", file_id=file_id)
    else:
        file = await api.call("getFile", file_id=file_id)
        fetched = await api.http.get(f"/file/bot{TOKEN}/{file['file_path']}")
        assert len(fetched.content) == LARGEST_DOWNLOAD


async def test_a_document_over_fifty_megabytes_can_not_be_sent(api: Api, worker: SimPerson) -> None:
    response = await api.http.post(
        f"/bot{TOKEN}/sendDocument",
        data={"chat_id": str(worker.id)},
        files={"document": ("long.bin", bytes(LARGEST_DOCUMENT + 1))},
    )
    assert (response.status_code, response.json()["description"]) == (413, "Request Entity Too Large")
    assert [message.text for message in await worker.chat()] == ["/start"]


WRITING = ["sendMessage", "sendPhoto", "sendDocument", "editMessageText", "sendChatAction", "forwardMessage"]


def writing(method: str, chat_id: int, message_id: int = 1) -> dict[str, Any]:
    """A call of each kind that would be good in an open chat."""
    call: dict[str, dict[str, Any]] = {
        "sendMessage": {"text": "x"},
        "sendPhoto": {"photo": "known"},
        "sendDocument": {"document": "known"},
        "editMessageText": {"message_id": message_id, "text": "y"},
        "sendChatAction": {"action": "typing"},
        "forwardMessage": {"from_chat_id": chat_id, "message_id": message_id},
    }
    return {"chat_id": chat_id, **call[method]}


@pytest.mark.parametrize("method", WRITING)
async def test_403_after_a_block_whatever_the_bot_sends(api: Api, worker: SimPerson, method: str) -> None:
    sent = await api.call("sendMessage", chat_id=worker.id, text="x")
    picture = (await sent_picture(api, worker))["photo"][-1]["file_id"]
    document = (await worker.sends("document", b"x")).raw["files"][0]["url"].rsplit("/", 1)[-1]
    given = writing(method, worker.id, sent["message_id"])
    known = {"photo": picture, "document": document}
    given |= {name: value for name, value in known.items() if name in given}
    await worker.blocks()
    await api.refused(403, "Forbidden: bot was blocked by the user", method, **given)


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText", "sendChatAction", "forwardMessage"])
async def test_no_chat_before_the_first_word_whatever_the_bot_sends(api: Api, sim: Sim, method: str) -> None:
    stranger = await sim.person("Worker B")
    words = "Bad Request: chat not found"
    await api.refused(400, words, method, **writing(method, stranger.id))


async def test_many_deletes_pass_over_what_is_older_than_48_hours(
    api: Api, sim: Sim, worker: SimPerson
) -> None:
    old = await api.call("sendMessage", chat_id=worker.id, text="old")
    await sim.move_clock(hours=48, seconds=1)
    new = await api.call("sendMessage", chat_id=worker.id, text="new")
    ids = [old["message_id"], new["message_id"]]
    await api.call("deleteMessages", chat_id=worker.id, message_ids=ids)
    assert [message.text for message in await worker.chat()] == ["/start", "old"]


async def asked(api: Api, sim: Sim, worker: SimPerson) -> str:
    """An inline query that waits for its answer."""
    await sim.post(f"/sim/people/{worker.id}/inline", {"query": "core group"})
    return str((await api.updates())[-1]["inline_query"]["id"])


async def test_an_inline_query_is_answered_once(
    api: Api, sim: Sim, worker: SimPerson, article: dict[str, Any]
) -> None:
    query = await asked(api, sim, worker)
    await api.call("answerInlineQuery", inline_query_id=query, results=[article])
    await api.refused(400, TOO_OLD, "answerInlineQuery", inline_query_id=query, results=[article])


async def test_an_inline_query_is_answered_soon(
    api: Api, sim: Sim, worker: SimPerson, article: dict[str, Any]
) -> None:
    query = await asked(api, sim, worker)
    await sim.move_clock(hours=1)
    await api.refused(400, TOO_OLD, "answerInlineQuery", inline_query_id=query, results=[article])


async def test_an_inline_query_gets_fifty_results_and_no_more(
    api: Api, sim: Sim, worker: SimPerson, article: dict[str, Any]
) -> None:
    query = await asked(api, sim, worker)
    many = [{**article, "id": str(number)} for number in range(51)]
    words = "Bad Request: RESULTS_TOO_MUCH"
    await api.refused(400, words, "answerInlineQuery", inline_query_id=query, results=many)
    await api.call("answerInlineQuery", inline_query_id=query, results=many[:50])


async def test_a_block_is_told_once_and_in_its_order(api: Api, worker: SimPerson) -> None:
    await worker.says("before")
    await worker.blocks()
    await worker.blocks()
    await worker.unblocks()
    await worker.says("after")
    told = [
        update.get("message", {}).get("text") or update["my_chat_member"]["new_chat_member"]["status"]
        for update in await api.updates()
    ]
    assert told == ["before", "kicked", "member", "after"]
