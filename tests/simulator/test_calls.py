"""The Bot API's shape, and calls checked against its description."""

import json
from typing import Any

import pytest

from bot.simulator.description import bot_api
from bot.simulator.driver import SimPerson
from bot.simulator.methods import METHODS
from tests.simulator.conftest import TOKEN, Api


async def test_a_wrong_token_is_unauthorized(api: Api) -> None:
    response = await api.http.post("/bot1:wrong/getMe")
    assert response.status_code == 401
    assert response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(api: Api) -> None:
    await api.refused(404, "Not Found", "sendTelepathy")


async def test_a_known_method_that_is_not_simulated_says_so(api: Api) -> None:
    words = "Not Implemented: sendDice is in the Bot API, but the simulator does not do it"
    await api.refused(501, words, "sendDice", chat_id=1)


async def test_method_names_ignore_case_and_get_works(api: Api) -> None:
    me = (await api.http.get(f"/bot{TOKEN}/GETME")).json()["result"]
    assert me["is_bot"] is True
    assert me["username"] == "driftless_demo_bot"
    assert me["id"] == 4242


async def test_every_simulated_method_is_in_the_description() -> None:
    assert set(METHODS) <= set(bot_api().methods())


@pytest.mark.parametrize("form", ["json", "urlencoded", "multipart", "query"])
async def test_a_call_may_come_in_any_form(api: Api, worker: SimPerson, form: str) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    given: dict[str, Any] = {"chat_id": str(worker.id), "text": "Hi", "reply_markup": json.dumps(keyboard)}
    path = f"/bot{TOKEN}/sendMessage"
    if form == "json":
        given |= {"chat_id": worker.id, "reply_markup": keyboard}
        response = await api.http.post(path, json=given)
    elif form == "urlencoded":
        response = await api.http.post(path, data=given)
    elif form == "multipart":
        response = await api.http.post(path, files={name: (None, value) for name, value in given.items()})
    else:
        response = await api.http.get(path, params=given)
    result = response.json()["result"]
    assert result["text"] == "Hi"
    assert result["chat"] == {"id": worker.id, "type": "private", "first_name": "Worker A"}
    assert result["reply_markup"] == keyboard


BUTTON = {"text": "Go", "callback_data": "go"}
WRONG = [
    ({"text": "Hi", "colour": "red"}, 'unknown field "colour" in sendMessage'),
    ({"text": None}, "message text is empty"),
    ({"text": 5}, 'field "text" must be of type String'),
    (
        {"text": "Hi", "disable_notification": "perhaps"},
        'field "disable_notification" must be of type Boolean',
    ),
    ({"text": "Hi", "message_thread_id": "x1"}, 'can\'t parse field "message_thread_id"'),
    ({"text": "Hi", "entities": {"type": "bold"}}, 'field "entities" must be of type Array of MessageEntity'),
    ({"text": "Hi", "entities": [{"type": "bold", "offset": 0}]}, 'field "entities[0].length" is required'),
    (
        {"text": "Hi", "entities": [{"type": "loud", "offset": 0, "length": 1}]},
        'field "entities[0].type" has an unknown value',
    ),
    ({"text": "Hi", "reply_parameters": {}}, 'field "reply_parameters.message_id" is required'),
    ({"text": "Hi", "reply_parameters": {"message_id": "1"}}, 'field "reply_parameters.message_id" must be'),
    (
        {"text": "Hi", "reply_markup": {"inline_keyboard": [[{**BUTTON, "big": True}]]}},
        'unknown field "reply_markup.inline_keyboard[0][0].big" in InlineKeyboardButton',
    ),
    (
        {"text": "Hi", "reply_markup": {"inline_keyboard": [[{"callback_data": "go"}]]}},
        'field "reply_markup.inline_keyboard[0][0].text" is required',
    ),
    (
        {"text": "Hi", "reply_markup": {"inline_keyboard": [BUTTON]}},
        'field "reply_markup.inline_keyboard[0]" must be of type Array of InlineKeyboardButton',
    ),
    ({"text": "Hi", "reply_markup": "{"}, 'can\'t parse field "reply_markup"'),
]


@pytest.mark.parametrize(("given", "words"), WRONG)
async def test_a_wrong_field_is_refused_and_named(
    api: Api, worker: SimPerson, given: dict[str, Any], words: str
) -> None:
    response = await api.answer("sendMessage", chat_id=worker.id, **given)
    assert response.status_code == 400
    assert response.json()["description"].startswith(f"Bad Request: {words}")


async def test_a_missing_chat_is_named(api: Api) -> None:
    await api.refused(400, "Bad Request: chat_id is empty", "sendMessage", text="Hi")


async def test_any_other_missing_field_is_named(api: Api) -> None:
    words = 'Bad Request: parameter "callback_query_id" is required in answerCallbackQuery'
    await api.refused(400, words, "answerCallbackQuery")


@pytest.mark.parametrize("body", ["[1]", "{", '"text"'])
async def test_a_body_that_is_no_object_is_refused(api: Api, body: str) -> None:
    headers = {"content-type": "application/json"}
    response = await api.http.post(f"/bot{TOKEN}/getMe", content=body, headers=headers)
    assert response.json()["description"] == "Bad Request: can't parse the body as a JSON object"


async def test_calls_are_logged_and_refusals_marked(api: Api, worker: SimPerson) -> None:
    await api.call("sendMessage", chat_id=worker.id, text="Hi")
    await api.answer("sendMessage", chat_id=worker.id, text="")
    await api.updates()
    log = (await api.http.get("/sim/calls")).json()
    assert [(call["method"], call["ok"], call["error_code"]) for call in log] == [
        ("sendMessage", True, None),
        ("sendMessage", False, 400),
    ]
    assert log[1]["description"] == "Bad Request: message text is empty"
    assert (await api.http.get("/sim/calls?since=1")).json() == log[1:]
