"""The guard finds words wherever a message has them; of it is kept what the bot works with, and no more."""

from datetime import date
from typing import Any

import pytest

from bot.services.office import Office
from handlers.guarding import MARK, without_personal
from storage.database import Database
from tests.conftest import StoppedClock
from tests.people import enrol

NAME = "tyler kowalczyk"
PLAIN = "how long do we have to hold the ICPC?"
PARENT = {"id": 77, "is_bot": False, "first_name": "Tyler", "last_name": "Kowalczyk"}
HOLDS: dict[str, dict[str, Any]] = {
    "text": {"text": f"{NAME} not seen alone"},
    "the end of a very long text": {"text": "core group held. " * 400 + f"{NAME} not seen alone"},
    "the end of a long list": {"caption": "core-group-held\n" * 250 + f"{NAME} not seen alone"},
    "a photo's caption": {"photo": [], "caption": f"{NAME} not seen alone"},
    "a voice note's caption": {"voice": {"file_id": "1", "duration": 1}, "caption": f"{NAME} at home"},
    "a file's name": {"document": {"file_id": "1", "file_name": "tyler.kowalczyk_visit.pdf"}},
    "a file's name without an ending": {"document": {"file_id": "1", "file_name": "tyler kowalczyk"}},
    "a video's file name": {"video": {"file_id": "1", "file_name": "tyler-kowalczyk.mp4"}},
    "an audio's title": {"audio": {"file_id": "1", "title": NAME, "performer": "mum"}},
    "a poll's question": {"poll": {"id": "1", "question": f"who sees {NAME}?", "options": []}},
    "a poll's option": {"poll": {"id": "1", "question": "who?", "options": [{"text": NAME}]}},
    "a list's task": {"checklist": {"title": "today", "tasks": [{"id": 1, "text": f"see {NAME}"}]}},
    "a rich message": {
        "rich_message": {
            "blocks": [{"type": "paragraph", "text": ["tyler ", {"text": "kowalczyk"}, " at home"]}]
        }
    },
    "a contact": {"contact": {"phone_number": "1", "first_name": "x"}},
    "a place": {"location": {"latitude": 1.0, "longitude": 1.0}},
    "a venue": {"venue": {"title": "x", "address": "y"}},
    "who wrote what is forwarded": {
        "text": PLAIN,
        "forward_origin": {"type": "user", "date": 1, "sender_user": PARENT},
    },
    "who wrote it and hides": {
        "text": PLAIN,
        "forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Tyler Kowalczyk"},
    },
    "a quote from another chat": {
        "text": PLAIN,
        "external_reply": {"origin": {"type": "user", "sender_user": {**PARENT, "id": 5001}}},
        "quote": {"text": f"{NAME} was not seen", "position": 0},
    },
    "a poll in another chat": {
        "text": PLAIN,
        "external_reply": {"poll": {"id": "1", "question": f"who sees {NAME}?", "options": []}},
    },
    "a contact in another chat": {"text": PLAIN, "external_reply": {"contact": {"first_name": "x"}}},
}
HARMLESS: dict[str, dict[str, Any]] = {
    "a question": {"text": PLAIN},
    "one's own words forwarded": {
        "text": PLAIN,
        "forward_origin": {"type": "user", "sender_user": {**PARENT, "id": 1}},
    },
    "a bot's words forwarded": {
        "text": PLAIN,
        "forward_origin": {"type": "user", "sender_user": {**PARENT, "is_bot": True}},
    },
    "a colleague's words forwarded": {
        "text": PLAIN,
        "forward_origin": {"type": "hidden_user", "sender_user_name": "Tyler"},
    },
    "a quote from this chat": {"text": PLAIN, "quote": {"text": "Tyler Kowalczyk: done", "position": 0}},
    "a table": {"document": {"file_id": "1", "file_name": "caseload_2026-11.csv"}},
    "a poll": {"poll": {"id": "1", "question": "tea or coffee?", "options": [{"text": "tea"}]}},
}


async def _kept(
    sqlite: Database, office: Office, clock: StoppedClock, update: dict[str, Any]
) -> dict[str, Any]:
    async with sqlite.transaction() as session:
        colleague = await enrol(session, "Tyler", "worker", clock())
        sender = await enrol(session, "Worker A", "worker", clock())
        sender.telegram_id, colleague.telegram_id = 1, 2
        await session.flush()
        return await without_personal(session, office, update, date(2026, 11, 24))


def _update(body: dict[str, Any], name: str = "message") -> dict[str, Any]:
    chat = {"id": 1, "type": "private"}
    sender = {"id": 1, "is_bot": False, "first_name": "A"}
    return {"update_id": 1, name: {"message_id": 1, "date": 1, "chat": chat, "from": sender, **body}}


@pytest.mark.parametrize("name", ["message", "edited_message"])
@pytest.mark.parametrize("body", HOLDS.values(), ids=HOLDS)
async def test_a_personal_detail_is_found_wherever_it_stands(
    sqlite: Database, office: Office, clock: StoppedClock, body: dict[str, Any], name: str
) -> None:
    kept = await _kept(sqlite, office, clock, _update(body, name))
    assert kept[name]["text"].startswith(MARK)
    assert set(kept[name]) == {"message_id", "date", "chat", "from", "text"}
    assert "kowalczyk" not in str(kept).lower()


@pytest.mark.parametrize("body", HARMLESS.values(), ids=HARMLESS)
async def test_what_holds_none_goes_on_and_only_what_is_worked_with_is_kept(
    sqlite: Database, office: Office, clock: StoppedClock, body: dict[str, Any]
) -> None:
    kept = (await _kept(sqlite, office, clock, _update(body)))["message"]
    assert not kept.get("text", "").startswith(MARK)
    assert kept.get("text") == body.get("text")
    assert set(kept) <= {"message_id", "date", "chat", "from", "text", "document"}
    assert "Kowalczyk" not in str(kept)


@pytest.mark.parametrize(
    ("data", "offered", "stays"),
    [
        (f"d:1:{NAME} at home", [], False),
        ("d:1:Tyler", ["d:1:Tyler"], True),
        ("d:1:2026-11-24", [], True),
        ("case:12", [], True),
    ],
)
async def test_words_that_no_button_has_are_looked_at_in_a_press(
    sqlite: Database, office: Office, clock: StoppedClock, data: str, offered: list[str], stays: bool
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": one} for one in offered]]}
    query = {"id": "1", "data": data, "message": {"message_id": 1, "reply_markup": keyboard}}
    kept = await _kept(sqlite, office, clock, {"update_id": 1, "callback_query": query})
    assert kept["callback_query"]["data"] == (data if stays else MARK)
