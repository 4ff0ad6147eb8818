"""What is handed to Telegram in several messages: the number of each is known afterwards."""

from itertools import count
from types import SimpleNamespace
from typing import Any, cast

from telegram.ext import ExtBot

from bot.receipts import Sent
from bot.texts.reply import Say
from handlers.sending import send


async def test_every_part_of_a_long_message_is_known_by_its_number() -> None:
    numbers = count(7)

    async def send_message(*_args: Any, **_kwargs: Any) -> SimpleNamespace:
        return SimpleNamespace(message_id=next(numbers))

    bot = cast(ExtBot[None], SimpleNamespace(send_message=send_message))
    lines = "\n".join(f"CP-{number}: the core group is due" for number in range(1000, 1300))
    assert await send(bot, 1, Say(lines)) == Sent(7, (8, 9))
    assert await send(bot, 1, Say("short")) == Sent(10)
