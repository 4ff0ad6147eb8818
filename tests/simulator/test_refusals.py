"""Each thing that Telegram refuses, with its code and words."""

import pytest

from bot.simulator.driver import Sim, SimPerson
from tests.simulator.conftest import Api

UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def one_button(**button: str) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "Go", **button}]]}


@pytest.mark.parametrize("text", ["", "  \n ", "<b></b>", "<b> </b>"])
async def test_empty_text(api: Api, worker: SimPerson, text: str) -> None:
    words = "Bad Request: message text is empty"
    await api.refused(400, words, "sendMessage", chat_id=worker.id, text=text, parse_mode="HTML")


async def test_text_of_4096_units_after_parsing_and_no_more(api: Api, worker: SimPerson) -> None:
    fits = "<b>" + "&amp;" * 4094 + "😀</b>"
    sent = await api.call("sendMessage", chat_id=worker.id, text=fits, parse_mode="HTML")
    assert len(sent["text"]) == 4095
    words = "Bad Request: message is too long"
    await api.refused(400, words, "sendMessage", chat_id=worker.id, text="x" * 4095 + "😀")


async def test_caption_of_1024_units_and_no_more(api: Api, worker: SimPerson) -> None:
    photo = (await worker.sends("photo")).raw["files"][0]["url"].rsplit("/", 1)[-1]
    await api.call("sendPhoto", chat_id=worker.id, photo=photo, caption="x" * 1024)
    words = "Bad Request: message caption is too long"
    await api.refused(400, words, "sendPhoto", chat_id=worker.id, photo=photo, caption="x" * 1025)


async def test_callback_data_of_64_bytes_and_no_more(api: Api, worker: SimPerson) -> None:
    await api.call(
        "sendMessage", chat_id=worker.id, text="x", reply_markup=one_button(callback_data="é" * 32)
    )
    for data in ("é" * 33, ""):
        await api.refused(
            400,
            "Bad Request: BUTTON_DATA_INVALID",
            "sendMessage",
            chat_id=worker.id,
            text="x",
            reply_markup=one_button(callback_data=data),
        )


async def test_an_inline_button_without_action(api: Api, worker: SimPerson) -> None:
    words = (
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    )
    await api.refused(400, words, "sendMessage", chat_id=worker.id, text="x", reply_markup=one_button())


async def test_an_inline_button_with_two_actions(api: Api, worker: SimPerson) -> None:
    markup = one_button(callback_data="x", url="https://example.org")
    response = await api.answer("sendMessage", chat_id=worker.id, text="x", reply_markup=markup)
    assert response.status_code == 400
    assert "exactly one of callback_data, url" in response.json()["description"]


async def test_a_button_with_a_bad_address(api: Api, worker: SimPerson) -> None:
    words = "Bad Request: BUTTON_URL_INVALID"
    markup = one_button(url="javascript:alert(1)")
    await api.refused(400, words, "sendMessage", chat_id=worker.id, text="x", reply_markup=markup)


async def test_broken_html(api: Api, worker: SimPerson) -> None:
    words = 'Bad Request: can\'t parse entities: Unsupported start tag "p" at byte offset 0'
    await api.refused(400, words, "sendMessage", chat_id=worker.id, text="<p>x</p>", parse_mode="HTML")


async def test_an_unknown_parse_mode(api: Api, worker: SimPerson) -> None:
    words = "Bad Request: unsupported parse_mode"
    await api.refused(400, words, "sendMessage", chat_id=worker.id, text="x", parse_mode="BBCode")


async def test_markdown_is_honestly_not_simulated(api: Api, worker: SimPerson) -> None:
    words = "Not Implemented: the simulator reads parse_mode HTML, not MarkdownV2"
    await api.refused(501, words, "sendMessage", chat_id=worker.id, text="x", parse_mode="MarkdownV2")


async def test_nobody_is_known_before_the_first_word(api: Api, sim: Sim) -> None:
    stranger = await sim.person("Worker B")
    await api.refused(400, "Bad Request: chat not found", "sendMessage", chat_id=stranger.id, text="x")
    await stranger.says("/start")
    await api.call("sendMessage", chat_id=stranger.id, text="x")


@pytest.mark.parametrize("chat_id", [1, -5, "@nobody"])
async def test_chats_that_do_not_exist(api: Api, chat_id: int | str) -> None:
    await api.refused(400, "Bad Request: chat not found", "sendMessage", chat_id=chat_id, text="x")


async def test_a_person_who_blocked_the_bot(api: Api, worker: SimPerson) -> None:
    await worker.blocks()
    words = "Forbidden: bot was blocked by the user"
    await api.refused(403, words, "sendMessage", chat_id=worker.id, text="x")
    await worker.unblocks()
    await api.call("sendMessage", chat_id=worker.id, text="x")


async def test_a_reply_to_nothing(api: Api, worker: SimPerson) -> None:
    words = "Bad Request: message to be replied not found"
    reply = {"message_id": 999}
    await api.refused(400, words, "sendMessage", chat_id=worker.id, text="x", reply_parameters=reply)
    reply |= {"allow_sending_without_reply": True}
    sent = await api.call("sendMessage", chat_id=worker.id, text="x", reply_parameters=reply)
    assert "reply_to_message" not in sent


async def test_an_edit_that_changes_nothing(api: Api, worker: SimPerson) -> None:
    markup = one_button(callback_data="x")
    sent = await api.call(
        "sendMessage", chat_id=worker.id, text="<b>x</b>", parse_mode="HTML", reply_markup=markup
    )
    where = {"chat_id": worker.id, "message_id": sent["message_id"]}
    same = {"text": "<strong>x</strong> ", "parse_mode": "HTML", "reply_markup": markup}
    await api.refused(400, UNCHANGED, "editMessageText", **where, **same)
    await api.refused(400, UNCHANGED, "editMessageReplyMarkup", **where, reply_markup=markup)
    edited = await api.call("editMessageText", **where, text="<b>x</b>", parse_mode="HTML")
    assert "reply_markup" not in edited


async def test_an_edit_of_what_is_not_there(api: Api, worker: SimPerson) -> None:
    sent = await api.call("sendMessage", chat_id=worker.id, text="x")
    where = {"chat_id": worker.id, "message_id": sent["message_id"]}
    await api.call("deleteMessage", **where)
    await api.refused(400, "Bad Request: message to edit not found", "editMessageText", **where, text="y")
    await api.refused(400, "Bad Request: message to delete not found", "deleteMessage", **where)


async def test_an_edit_of_somebody_elses_words(api: Api, worker: SimPerson) -> None:
    said = await worker.says("mine")
    words = "Bad Request: message can't be edited"
    await api.refused(400, words, "editMessageText", chat_id=worker.id, message_id=said.id, text="y")


async def test_text_and_caption_are_not_confused(api: Api, worker: SimPerson) -> None:
    photo = (await worker.sends("photo")).raw["files"][0]["url"].rsplit("/", 1)[-1]
    picture = await api.call("sendPhoto", chat_id=worker.id, photo=photo, caption="x")
    text = await api.call("sendMessage", chat_id=worker.id, text="x")
    of_picture = {"chat_id": worker.id, "message_id": picture["message_id"]}
    of_text = {"chat_id": worker.id, "message_id": text["message_id"]}
    words = "Bad Request: there is no text in the message to edit"
    await api.refused(400, words, "editMessageText", **of_picture, text="y")
    words = "Bad Request: there is no caption in the message to edit"
    await api.refused(400, words, "editMessageCaption", **of_text, caption="y")
    assert (await api.call("editMessageCaption", **of_picture, caption="y"))["caption"] == "y"


async def test_a_message_can_be_deleted_for_48_hours(api: Api, sim: Sim, worker: SimPerson) -> None:
    first = await api.call("sendMessage", chat_id=worker.id, text="x")
    second = await api.call("sendMessage", chat_id=worker.id, text="y")
    await sim.move_clock(hours=48)
    await api.call("deleteMessage", chat_id=worker.id, message_id=first["message_id"])
    await sim.move_clock(seconds=1)
    where = {"chat_id": worker.id, "message_id": second["message_id"]}
    await api.refused(400, "Bad Request: message can't be deleted for everyone", "deleteMessage", **where)


async def test_many_deletes_pass_over_what_is_gone(api: Api, worker: SimPerson) -> None:
    sent = await api.call("sendMessage", chat_id=worker.id, text="going")
    await api.call("deleteMessages", chat_id=worker.id, message_ids=[sent["message_id"], 998])
    assert [message.text for message in await worker.chat()] == ["/start"]


async def pressed(api: Api, worker: SimPerson) -> str:
    await api.call("sendMessage", chat_id=worker.id, text="x", reply_markup=one_button(callback_data="go"))
    await worker.presses("Go")
    query = (await api.updates())[-1]["callback_query"]
    assert query["data"] == "go"
    return str(query["id"])


async def test_a_press_is_answered_once(api: Api, worker: SimPerson) -> None:
    query = await pressed(api, worker)
    await api.call("answerCallbackQuery", callback_query_id=query, text="Done")
    assert (await worker.sees_toast("Done")).is_alert is False
    await api.refused(400, TOO_OLD, "answerCallbackQuery", callback_query_id=query)


async def test_a_press_is_answered_soon(api: Api, sim: Sim, worker: SimPerson) -> None:
    query = await pressed(api, worker)
    await sim.move_clock(hours=1)
    await api.refused(400, TOO_OLD, "answerCallbackQuery", callback_query_id=query)


async def test_an_unknown_press(api: Api) -> None:
    await api.refused(400, TOO_OLD, "answerCallbackQuery", callback_query_id="7")


async def test_an_answer_of_200_units_and_no_more(api: Api, worker: SimPerson) -> None:
    query = await pressed(api, worker)
    await api.refused(
        400, "Bad Request: MESSAGE_TOO_LONG", "answerCallbackQuery", callback_query_id=query, text="x" * 201
    )
    await api.call("answerCallbackQuery", callback_query_id=query, text="x" * 200, show_alert=True)
    assert (await worker.sees_toast("x")).is_alert is True


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ({"command": "Help", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "a-b", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "x" * 33, "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "help", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "help", "description": "x" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_commands_that_telegram_would_not_show(api: Api, command: dict[str, str], words: str) -> None:
    await api.refused(400, f"Bad Request: {words}", "setMyCommands", commands=[command])
