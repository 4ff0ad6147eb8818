"""What is handed to Telegram in several messages: the number of each is known afterwards."""

from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Chat, Update
from telegram.error import TimedOut
from telegram.ext import ExtBot

from bot.receipts import Sent, Unsure
from bot.texts.reply import Say
from handlers import sending
from handlers.sending import NotDelivered, deliver, send

LONG = "\n".join(f"CP-{number}: the core group is due" for number in range(1000, 1300))


async def test_every_part_of_a_long_message_is_known_by_its_number() -> None:
    numbers = count(7)

    async def send_message(*_args: Any, **_kwargs: Any) -> SimpleNamespace:
        return SimpleNamespace(message_id=next(numbers))

    bot = cast(ExtBot[None], SimpleNamespace(send_message=send_message))
    assert await send(bot, 1, Say(LONG)) == Sent(7, (8, 9))
    assert await send(bot, 1, Say("short")) == Sent(10)


def _breaks_off_after(parts: int) -> ExtBot[None]:
    numbers = iter(range(7, 7 + parts))

    async def send_message(*_args: Any, **_kwargs: Any) -> SimpleNamespace:
        number = next(numbers, None)
        if number is None:
            raise TimedOut("the answer never came")
        return SimpleNamespace(message_id=number)

    return cast(ExtBot[None], SimpleNamespace(send_message=send_message))


async def test_parts_that_arrived_before_the_line_broke_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_WAITS", ())
    unsure = await send(_breaks_off_after(2), 1, Say(LONG))
    assert isinstance(unsure, Unsure)
    assert unsure.arrived == (7, 8)
    asked = cast(Update, SimpleNamespace(update_id=1, callback_query=None, effective_chat=Chat(1, "private")))
    with pytest.raises(NotDelivered) as broken:
        await deliver(_breaks_off_after(1), asked, [Say(LONG)])
    assert list(broken.value.shown) == [7]
