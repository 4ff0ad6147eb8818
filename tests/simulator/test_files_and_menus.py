"""Files in both directions; command menus by scope and language; the bot's own description."""

import pytest

from bot.simulator.driver import Sim, SimPerson
from bot.simulator.stored_files import LARGEST_DOWNLOAD
from bot.simulator.things import sample_picture
from tests.simulator.conftest import TOKEN, Api

PICTURE = sample_picture(40, 30)


async def test_a_photo_goes_out_and_comes_back_the_same(api: Api, worker: SimPerson) -> None:
    response = await api.http.post(
        f"/bot{TOKEN}/sendPhoto",
        data={"chat_id": str(worker.id), "caption": "<b>Board</b>", "parse_mode": "HTML"},
        files={"photo": ("board.png", PICTURE, "image/png")},
    )
    message = response.json()["result"]
    assert message["caption"] == "Board"
    assert message["caption_entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    size = message["photo"][-1]
    assert (size["width"], size["height"], size["file_size"]) == (40, 30, len(PICTURE))
    file = await api.call("getFile", file_id=size["file_id"])
    assert (await api.http.get(f"/file/bot{TOKEN}/{file['file_path']}")).content == PICTURE
    seen = await worker.sees_file("photo")
    assert seen.html == "<strong>Board</strong>"


async def test_a_document_keeps_its_name_and_can_be_sent_again_by_id(api: Api, worker: SimPerson) -> None:
    response = await api.http.post(
        f"/bot{TOKEN}/sendDocument",
        data={"chat_id": str(worker.id), "document": "attach://sheet"},
        files={"sheet": ("caseload.csv", b"reference\n", "text/csv")},
    )
    document = response.json()["result"]["document"]
    assert (document["file_name"], document["mime_type"]) == ("caseload.csv", "text/csv")
    again = await api.call("sendDocument", chat_id=worker.id, document=document["file_id"])
    assert again["document"] == document
    words = "Bad Request: can't use file of type Document as Photo"
    await api.refused(400, words, "sendPhoto", chat_id=worker.id, photo=document["file_id"])


async def test_a_picture_that_is_none(api: Api, worker: SimPerson) -> None:
    response = await api.http.post(
        f"/bot{TOKEN}/sendPhoto",
        data={"chat_id": str(worker.id)},
        files={"photo": ("board.png", b"not a picture", "image/png")},
    )
    assert response.json()["description"] == "Bad Request: IMAGE_PROCESS_FAILED"


async def test_an_empty_file(api: Api, worker: SimPerson) -> None:
    response = await api.http.post(
        f"/bot{TOKEN}/sendDocument", data={"chat_id": str(worker.id)}, files={"document": ("x.txt", b"")}
    )
    assert response.json()["description"] == "Bad Request: file must be non-empty"


async def test_a_photo_over_ten_megabytes(api: Api, worker: SimPerson) -> None:
    response = await api.http.post(
        f"/bot{TOKEN}/sendPhoto",
        data={"chat_id": str(worker.id)},
        files={"photo": ("board.png", PICTURE + bytes(10 * 1024 * 1024))},
    )
    assert (response.status_code, response.json()["description"]) == (413, "Request Entity Too Large")


async def test_a_file_over_twenty_megabytes_can_not_be_fetched(api: Api, worker: SimPerson) -> None:
    await worker.sends("document", b"x" * (LARGEST_DOWNLOAD + 1), name="long.bin")
    document = (await api.updates())[-1]["message"]["document"]
    await api.refused(400, "Bad Request: file is too big", "getFile", file_id=document["file_id"])


@pytest.mark.parametrize("photo", ["nothing-known", "https://example.org/x.png"])
async def test_a_file_that_is_not_there(api: Api, worker: SimPerson, photo: str) -> None:
    words = "Bad Request: wrong file identifier/HTTP URL specified"
    await api.refused(400, words, "sendPhoto", chat_id=worker.id, photo=photo)


async def test_a_file_behind_the_wrong_token_or_path(api: Api) -> None:
    assert (await api.http.get("/file/bot1:wrong/photos/x.png")).status_code == 401
    assert (await api.http.get(f"/file/bot{TOKEN}/photos/x.png")).status_code == 404


async def test_the_narrowest_menu_counts(api: Api, sim: Sim, worker: SimPerson) -> None:
    manager = await sim.person("Manager", language="cy")
    await manager.says("/start")

    async def put(name: str, **where: object) -> None:
        await api.call("setMyCommands", commands=[{"command": name, "description": "x"}], **where)

    await put("default")
    assert await worker.menu() == ["default"]
    await put("private", scope={"type": "all_private_chats"})
    await put("welsh", scope={"type": "all_private_chats"}, language_code="cy")
    assert (await worker.menu(), await manager.menu()) == (["private"], ["welsh"])
    scope = {"type": "chat", "chat_id": manager.id}
    await put("/action", scope=scope)
    assert (await worker.menu(), await manager.menu()) == (["private"], ["action"])
    assert await api.call("getMyCommands", scope=scope) == [{"command": "action", "description": "x"}]
    await api.call("deleteMyCommands", scope=scope)
    assert await manager.menu() == ["welsh"]
    assert await api.call("getMyCommands", scope=scope) == []


async def test_a_scope_that_is_incomplete_or_unknown(api: Api) -> None:
    words = 'Bad Request: field "scope" of type chat needs exactly: type, chat_id'
    await api.refused(400, words, "setMyCommands", commands=[], scope={"type": "chat"})
    words = "Bad Request: unsupported scope type in BotCommandScope"
    await api.refused(400, words, "setMyCommands", commands=[], scope={"type": "everybody"})
    words = "Bad Request: chat not found"
    commands = [{"command": "x", "description": "x"}]
    await api.refused(400, words, "setMyCommands", commands=commands, scope={"type": "chat", "chat_id": 5})


async def test_the_bots_description_by_language(api: Api) -> None:
    await api.call("setMyDescription", description="Answers and clocks")
    await api.call("setMyDescription", description="Atebion", language_code="cy")
    assert await api.call("getMyDescription") == {"description": "Answers and clocks"}
    assert await api.call("getMyDescription", language_code="cy") == {"description": "Atebion"}
    assert await api.call("getMyDescription", language_code="fr") == {"description": "Answers and clocks"}
    words = "Bad Request: short_description is too long"
    await api.refused(400, words, "setMyShortDescription", short_description="x" * 121)
    assert await api.call("getMyName") == {"name": "Driftless"}


async def test_the_menu_button_for_one_and_for_all(api: Api, worker: SimPerson) -> None:
    assert await api.call("getChatMenuButton", chat_id=worker.id) == {"type": "commands"}
    await api.call("setChatMenuButton", chat_id=worker.id, menu_button={"type": "default"})
    assert await api.call("getChatMenuButton", chat_id=worker.id) == {"type": "default"}
    assert await api.call("getChatMenuButton") == {"type": "commands"}
