"""Each of Telegram's errors, as the library raises it from a real answer, means one thing.

What a broken connection means is in test_http.
"""

import json
from typing import Any

import pytest
from telegram import Bot
from telegram.error import TelegramError

from bot.receipts import Failed, Moved, Receipt, TryLater, Unreachable, Unsure
from handlers.errors import Trouble, receipt, trouble
from handlers.http import Request
from tests.handlers.listening import answer, listening

Answered = tuple[int, bytes]


async def met(answered: Answered) -> TelegramError:
    """What PTB raises when Telegram answers so."""
    async with listening(answer(*answered)) as heard, Request() as request:
        bot = Bot("1:test", base_url=f"{heard.url}/bot", request=request)
        with pytest.raises(TelegramError) as caught:
            await bot.send_message(1, "x")
    return caught.value


def says(code: int, description: str, **parameters: Any) -> Answered:
    body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return code, json.dumps({name: value for name, value in body.items() if value != {}}).encode()


@pytest.mark.parametrize(
    ("answered", "what", "becomes"),
    [
        (says(429, "Too Many Requests", retry_after=7), Trouble.WAIT, TryLater("asked to wait", 7.0)),
        (
            says(403, "Forbidden: bot was blocked by the user"),
            Trouble.BLOCKED,
            Unreachable("Forbidden: bot was blocked by the user"),
        ),
        (says(403, "Forbidden: user is deactivated"), Trouble.BLOCKED, Unreachable),
        (says(400, "Bad Request: chat not found"), Trouble.NEVER_STARTED, Unreachable),
        (says(400, "Bad Request: PEER_ID_INVALID"), Trouble.NEVER_STARTED, Unreachable),
        (says(400, "Bad Request: group upgraded", migrate_to_chat_id=-100), Trouble.MIGRATED, Moved(-100)),
        (says(400, "Bad Request: message is not modified: the same"), Trouble.NOT_MODIFIED, Failed),
        (says(400, "Bad Request: message to edit not found"), Trouble.GONE, Failed),
        (says(400, "Bad Request: query is too old and so on"), Trouble.GONE, Failed),
        (says(400, "Bad Request: can't parse entities"), Trouble.REFUSED, Failed),
        (says(401, "Unauthorized"), Trouble.BAD_TOKEN, TryLater("bad_token")),
        (says(500, "Internal Server Error"), Trouble.SERVER, TryLater("server")),
        (says(502, "Bad Gateway"), Trouble.SERVER, TryLater("server")),
        ((504, b"<html>gateway</html>"), Trouble.UNSURE, Unsure("TelegramError")),
    ],
)
async def test_what_an_error_means(
    answered: Answered, what: Trouble, becomes: Receipt | type[Receipt]
) -> None:
    error = await met(answered)
    assert trouble(error) is what
    if isinstance(becomes, type):
        assert isinstance(receipt(error), becomes)
    else:
        assert receipt(error) == becomes
