"""A long text is looked at beside the loop, a short one at once; both to their end."""

import threading
from typing import Any, cast

import pytest

from handlers.guarding import without_personal


@pytest.mark.parametrize(("text", "beside"), [("is the ICPC due?", False), ("is the ICPC due? " * 200, True)])
async def test_nobody_waits_while_a_long_text_is_read(
    text: str, beside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[tuple[str, bool]] = []

    def look(words: str, _allowed: object) -> tuple[str, ...]:
        looked.append((words, threading.current_thread() is not threading.main_thread()))
        return ()

    monkeypatch.setattr("handlers.guarding.personal", look)
    message = {"message_id": 1, "from": {"id": 5}, "chat": {"id": 5, "type": "private"}, "text": text}
    nothing = cast(Any, None)  # neither database nor content is asked where nothing is found
    kept = await without_personal(nothing, nothing, {"update_id": 1, "message": message}, nothing)
    assert kept["message"]["text"] == text
    assert looked == [(text, beside)]
