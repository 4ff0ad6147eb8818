"""Each of Telegram's errors, as the library raises it from a real answer, means one thing."""

import json
from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.receipts import Failed, Moved, Receipt, TryLater, Unreachable, Unsure
from handlers.errors import Trouble, receipt, trouble


async def met(answer: httpx.Response | Exception) -> TelegramError:
    """What PTB raises when Telegram answers so."""

    def respond(_request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    request = HTTPXRequest(httpx_kwargs={"transport": httpx.MockTransport(respond)})
    with pytest.raises(TelegramError) as caught:
        await Bot("1:test", request=request).send_message(1, "x")
    return caught.value


def says(code: int, description: str, **parameters: Any) -> httpx.Response:
    body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return httpx.Response(
        code, content=json.dumps({name: value for name, value in body.items() if value != {}})
    )


@pytest.mark.parametrize(
    ("answer", "what", "becomes"),
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
        (httpx.Response(504, content=b"<html>gateway</html>"), Trouble.UNSURE, Unsure),
        (httpx.ConnectError("refused"), Trouble.NOT_SENT, TryLater("not_sent")),
        (httpx.ConnectTimeout("slow"), Trouble.NOT_SENT, TryLater("not_sent")),
        (httpx.PoolTimeout("full"), Trouble.NOT_SENT, TryLater("not_sent")),
        (httpx.ReadTimeout("slow"), Trouble.UNSURE, Unsure("ReadTimeout")),
        (httpx.ReadError("gone"), Trouble.UNSURE, Unsure("ReadError")),
        (httpx.RemoteProtocolError("gone"), Trouble.UNSURE, Unsure("RemoteProtocolError")),
    ],
)
async def test_what_an_error_means(
    answer: httpx.Response | Exception, what: Trouble, becomes: Receipt | type[Receipt]
) -> None:
    error = await met(answer)
    assert trouble(error) is what
    if isinstance(becomes, type):
        assert isinstance(receipt(error), becomes)
    else:
        assert receipt(error) == becomes
