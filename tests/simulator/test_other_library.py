"""aiogram, a Bot API library with another HTTP client and parser, works against the simulator unchanged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.filters import Command
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
)

from bot.simulator.driver import Sim
from bot.simulator.things import sample_picture
from tests.simulator.conftest import TOKEN, Api


async def _start(message: Message) -> None:
    rows = [[InlineKeyboardButton(text="Change it", callback_data="change")]]
    await message.answer(
        "<b>Hello.</b>", parse_mode="HTML", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
    )


async def _files(message: Message) -> None:
    await message.answer_photo(BufferedInputFile(sample_picture(), "board.png"), caption="A board")
    await message.answer_document(BufferedInputFile(b"reference\n", "caseload.csv"))


async def _photo(message: Message, bot: Bot) -> None:
    assert message.photo
    content = await bot.download(message.photo[-1])
    assert content
    await message.answer(f"A picture of {len(content.read())} bytes")


async def _echo(message: Message) -> None:
    await message.answer(f"You said: {message.text}")


async def _edited(message: Message) -> None:
    await message.answer(f"You corrected: {message.text}")


async def _press(query: CallbackQuery) -> None:
    await query.answer("Changed", show_alert=True)
    assert isinstance(query.message, Message)
    await query.message.edit_text("Changed in place")


async def _inline(query: InlineQuery) -> None:
    content = InputTextMessageContent(message_text=f"Inline: {query.query}")
    article = InlineQueryResultArticle(id="1", title="One", input_message_content=content)
    await query.answer([article], cache_time=0)


@asynccontextmanager
async def polling(url: str) -> AsyncIterator[Bot]:
    """An aiogram bot that polls the simulator until the block ends."""
    session: Any = AiohttpSession(api=TelegramAPIServer.from_base(url))
    dispatcher = Dispatcher()
    dispatcher.message.register(_start, Command("start"))
    dispatcher.message.register(_files, Command("files"))
    dispatcher.message.register(_photo, F.photo)
    dispatcher.message.register(_echo)
    dispatcher.edited_message.register(_edited)
    dispatcher.callback_query.register(_press)
    dispatcher.inline_query.register(_inline)
    async with Bot(TOKEN, session=session) as bot:
        await bot.set_my_commands([BotCommand(command="start", description="Begin")])
        running = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
        try:
            yield bot
        finally:
            with suppress(RuntimeError):  # it never began to poll
                await dispatcher.stop_polling()
            await running


async def test_a_whole_conversation(api: Api, sim: Sim) -> None:
    async with polling(str(api.http.base_url)):
        worker = await sim.person("Worker A")
        await worker.says("/start")
        hello = await worker.sees("Hello.")
        assert (hello.html, hello.rows) == ("<strong>Hello.</strong>", (("Change it",),))
        await worker.presses("Change it")
        assert (await worker.sees_toast("Changed")).is_alert is True
        changed = await worker.sees("Changed in place")
        assert (changed.id, changed.edited) == (hello.id, True)
        said = await worker.says("strat was tues")
        await worker.sees("You said: strat was tues")
        await worker.edits(said, "strat was Wed")
        await worker.sees("You corrected: strat was Wed")
        picture = sample_picture(10, 10)
        await worker.sends("photo", picture)
        await worker.sees(f"A picture of {len(picture)} bytes")
        await worker.says("/files")
        await worker.sees_file("photo")
        assert (await worker.sees_file("document")).raw["files"][0]["name"] == "caseload.csv"
        assert [found["title"] for found in await worker.inline("core group")] == ["One"]
        assert await worker.menu() == ["start"]
        assert await sim.refusals() == []


async def test_refusals_become_its_own_errors(api: Api, sim: Sim) -> None:
    async with polling(str(api.http.base_url)) as bot:
        worker = await sim.person("Worker A")
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await bot.send_message(worker.id, "x")
        await worker.says("/start")
        await worker.sees("Hello")
        with pytest.raises(TelegramBadRequest, match="find end tag"):
            await bot.send_message(worker.id, "<b>x", parse_mode="HTML")
        await sim.fault("too-many", method="sendMessage", seconds=9, count=1)
        with pytest.raises(TelegramRetryAfter) as waiting:
            await bot.send_message(worker.id, "x")
        assert waiting.value.retry_after == 9
        await worker.blocks()
        with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
            await bot.send_message(worker.id, "x")
