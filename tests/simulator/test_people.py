"""What people do and see: groups, presses, inline queries, transcripts, and the driver's own honesty."""

import asyncio

import pytest

from bot.simulator.driver import Sim, SimPerson
from tests.simulator.conftest import Api

GO = {
    "inline_keyboard": [[{"text": "Go on", "callback_data": "go"}, {"text": "Stop", "callback_data": "stop"}]]
}


async def test_a_bot_in_privacy_mode_hears_only_what_is_meant_for_it(
    api: Api, sim: Sim, worker: SimPerson
) -> None:
    group = await sim.group("Team North", worker)
    spoken = await api.call("sendMessage", chat_id=group.id, text="I am here")
    seen = await group.sees("I am here")
    api.telegram.updates.drop_all()
    for text in ("good morning", "/help", "/help@another_bot", "hi @driftless_demo_bot"):
        await group.says(worker, text)
    await group.says(worker, "thanks", reply_to=seen)
    heard = [update["message"] for update in await api.updates()]
    assert [message["text"] for message in heard] == ["/help", "hi @driftless_demo_bot", "thanks"]
    assert heard[2]["reply_to_message"]["message_id"] == spoken["message_id"]
    assert heard[0]["chat"] == {"id": group.id, "type": "group", "title": "Team North"}


async def test_a_press_in_a_group_does_not_open_a_private_chat(api: Api, sim: Sim) -> None:
    manager = await sim.person("Manager")
    group = await sim.group("Team North", manager)
    sent = await api.call("sendMessage", chat_id=group.id, text="x", reply_markup=GO)
    body = {"message_id": sent["message_id"], "label": "Go on"}
    await sim.post(f"/sim/people/{manager.id}/press", body)
    query = (await api.updates())[-1]["callback_query"]
    assert (query["data"], query["message"]["chat"]["id"]) == ("go", group.id)
    await api.refused(400, "Bad Request: chat not found", "sendMessage", chat_id=manager.id, text="x")


async def test_a_refused_word_does_not_open_a_chat_either(api: Api, sim: Sim) -> None:
    manager = await sim.person("Manager")
    for path, body in (("say", {"text": " "}), ("send", {"kind": "elephant"})):
        with pytest.raises(AssertionError, match="refused"):
            await sim.post(f"/sim/people/{manager.id}/{path}", body)
    assert (await sim.get("/sim/people"))[0]["started"] is False


async def test_who_blocked_the_bot_can_not_talk_to_it(api: Api, worker: SimPerson) -> None:
    await api.call("sendMessage", chat_id=worker.id, text="x", reply_markup=GO)
    await worker.blocks()
    with pytest.raises(AssertionError, match="has blocked the bot"):
        await worker.says("hello")
    with pytest.raises(AssertionError, match="has blocked the bot"):
        await worker.presses("Go on")


async def test_a_bot_that_left_a_group_can_not_write_there(api: Api, sim: Sim, worker: SimPerson) -> None:
    group = await sim.group("Team North", worker)
    assert (await api.call("getChatMember", chat_id=group.id, user_id=worker.id))["status"] == "member"
    await api.call("leaveChat", chat_id=group.id)
    words = "Forbidden: bot was kicked from the group chat"
    await api.refused(403, words, "sendMessage", chat_id=group.id, text="x")


async def test_forward_and_copy(api: Api, sim: Sim, worker: SimPerson) -> None:
    manager = await sim.person("Manager")
    await manager.says("/start")
    said = await worker.says("two sessions, on file")
    source = {"chat_id": manager.id, "from_chat_id": worker.id, "message_id": said.id}
    forwarded = await api.call("forwardMessage", **source)
    assert forwarded["forward_origin"]["sender_user"]["first_name"] == "Worker A"
    copied = await api.call("copyMessage", **source, reply_markup=GO)
    await manager.presses("Go on")
    last = await manager.last()
    assert (last.id, last.text, last.raw["forwarded"]) == (copied["message_id"], said.text, False)
    source["message_id"] = 999
    await api.refused(400, "Bad Request: message to copy not found", "copyMessage", **source)


async def test_an_old_button_can_be_pressed_by_its_data(api: Api, worker: SimPerson) -> None:
    sent = await api.call("sendMessage", chat_id=worker.id, text="x", reply_markup=GO)
    message = await worker.sees("x")
    await api.call("editMessageText", chat_id=worker.id, message_id=sent["message_id"], text="done")
    await worker.presses_data(message, "go")
    query = (await api.updates())[-1]["callback_query"]
    assert (query["data"], query["message"]["text"]) == ("go", "done")


async def test_a_button_that_is_not_there_can_not_be_pressed(api: Api, worker: SimPerson) -> None:
    await api.call("sendMessage", chat_id=worker.id, text="x", reply_markup=GO)
    with pytest.raises(AssertionError, match="no button “Undo”"):
        await worker.presses("Undo", within=0.05)


async def test_a_label_is_found_exactly_before_it_is_found_by_its_beginning(
    api: Api, worker: SimPerson
) -> None:
    rows = [[{"text": "Done later", "callback_data": "later"}, {"text": "Done", "callback_data": "done"}]]
    await api.call("sendMessage", chat_id=worker.id, text="x", reply_markup={"inline_keyboard": rows})
    await worker.presses("Done")
    await worker.presses("Done l")
    assert [update["callback_query"]["data"] for update in await api.updates()] == ["done", "later"]


async def test_sees_waits_for_what_comes_and_ignores_what_was_there(api: Api, worker: SimPerson) -> None:
    await api.call("sendMessage", chat_id=worker.id, text="the old answer")
    await worker.says("again")
    with pytest.raises(AssertionError, match=r"did not see “answer” within 0\.05 s(.|\n)*the old answer"):
        await worker.sees("answer", within=0.05)
    waiting = asyncio.create_task(worker.sees("answer"))
    await asyncio.sleep(0.02)
    await api.call("sendMessage", chat_id=worker.id, text="the new answer")
    assert (await waiting).text == "the new answer"


async def test_sees_finds_an_edit(api: Api, worker: SimPerson) -> None:
    sent = await api.call("sendMessage", chat_id=worker.id, text="before")
    await worker.says("go on")
    await api.call("editMessageText", chat_id=worker.id, message_id=sent["message_id"], text="after")
    assert (await worker.sees("after")).edited is True


async def test_sees_nothing_fails_when_there_is_something(api: Api, worker: SimPerson) -> None:
    await worker.sees_nothing(for_=0.05)
    waiting = asyncio.create_task(worker.sees_nothing(for_=5))
    await asyncio.sleep(0.02)
    await api.call("sendMessage", chat_id=worker.id, text="surprise")
    with pytest.raises(AssertionError, match="surprise"):
        await waiting


async def test_deleted_messages_are_gone(api: Api, worker: SimPerson) -> None:
    said = await worker.says("something private")
    await api.call("deleteMessage", chat_id=worker.id, message_id=said.id)
    await worker.no_longer_sees("private")
    with pytest.raises(AssertionError, match="refused \\(404\\)"):
        await worker.edits(said, "changed")


async def test_an_inline_query_gets_its_results_and_one_is_chosen(
    api: Api, sim: Sim, worker: SimPerson
) -> None:
    asking = asyncio.create_task(worker.inline("core group"))
    query = (await api.updates(timeout=5))[0]["inline_query"]
    content = {"message_text": "<b>10 working days</b>", "parse_mode": "HTML"}
    article = {"type": "article", "id": "1", "title": "Core group", "input_message_content": content}
    twice = [article, article]
    await api.refused(
        400,
        "Bad Request: RESULT_ID_DUPLICATE",
        "answerInlineQuery",
        inline_query_id=query["id"],
        results=twice,
    )
    await api.call("answerInlineQuery", inline_query_id=query["id"], results=[article])
    assert [result["title"] for result in await asking] == ["Core group"]
    body = {"query_id": query["id"], "result_id": "1"}
    sent = await sim.post(f"/sim/people/{worker.id}/inline", body)
    assert sent["message"]["html"] == "<strong>10 working days</strong>"


async def test_transcripts_in_both_forms(api: Api, worker: SimPerson) -> None:
    await api.call("sendMessage", chat_id=worker.id, text="Which *one*?", reply_markup=GO)
    text = await worker.transcript()
    assert "[Tue 3 Nov 2026 10:00] Driftless: Which *one*?\n    [Go on] [Stop]\n" in text
    markdown = await worker.transcript("md")
    assert "**Driftless** · Tue 3 Nov 2026 10:00  \nWhich \\*one\\*?  \n`[Go on]` `[Stop]`" in markdown
    assert "not Telegram" in text
    assert "not Telegram" in markdown


async def test_the_control_interface_takes_json_only(api: Api) -> None:
    """A form from another site's page would be sent without asking; JSON is not."""
    response = await api.http.post("/sim/people", content='{"name": "Worker A"}')
    assert response.status_code == 415
    assert (await api.http.get("/sim/people")).json() == []


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("people", {}, 400),
        ("people", {"name": " "}, 400),
        ("people", {"name": "Worker B", "id": -1}, 400),
        ("people/5/say", {"text": "x"}, 404),
        ("people/100001/say", {"text": ""}, 400),
        ("people/100001/say", {"text": "x" * 4097}, 400),
        ("people/100001/press", {"message_id": "x", "label": "y"}, 400),
        ("people/100001/send", {"kind": "elephant"}, 400),
        ("groups", {"title": "x", "members": []}, 400),
        ("people/100001/send", {"kind": "location", "latitude": "north"}, 400),
        ("people/100001/send", {"kind": "photo", "content_base64": "?"}, 400),
        ("people/100001/inline", {"query_id": "1", "result_id": "1"}, 404),
        ("groups", {"title": "x", "members": [[]]}, 400),
        ("groups/abc/say", {"person": 100001, "text": "x"}, 404),
        ("clock", {"to": "9999-12-31"}, 400),
        ("clock", {"hours": "two"}, 400),
        ("groups/-5/say", {"person": 100001, "text": "x"}, 404),
    ],
)
async def test_a_step_that_nobody_could_take_is_refused(
    api: Api, worker: SimPerson, path: str, body: dict[str, object], code: int
) -> None:
    response = await api.http.post(f"/sim/{path}", json=body)
    assert response.status_code == code
    assert response.json()["error"]


async def test_the_page_is_told_of_everything(api: Api, worker: SimPerson) -> None:
    heard: list[str] = []
    async with api.http.stream("GET", "/sim/events") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == ": hello"
        await api.call("sendMessage", chat_id=worker.id, text="x")
        async with asyncio.timeout(5):
            async for line in lines:
                heard.append(line)
                if '"call"' in line:
                    break
    assert any('"kind": "message"' in line and '"html": "x"' in line for line in heard)
