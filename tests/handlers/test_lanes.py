"""Lanes: one person's updates in order, everybody else beside them."""

import asyncio

from telegram import Chat, InlineQuery, Message, Update, User

from bot.clock import utc_now
from handlers.lanes import Lane, PerPersonProcessor


def _update(number: int, account: int) -> Update:
    user = User(account, "Worker", is_bot=False)
    return Update(
        number, message=Message(number, utc_now(), Chat(account, "private"), from_user=user, text="x")
    )


async def test_the_lowest_number_that_waits_goes_first() -> None:
    lane, gone, door = Lane(), list[int](), asyncio.Event()

    async def work(number: int) -> None:
        async with lane.turn(number):
            await door.wait()
            gone.append(number)

    tasks = [asyncio.create_task(work(number)) for number in (3, 9, 4, 7)]
    await asyncio.sleep(0)
    door.set()
    await asyncio.gather(*tasks)
    assert gone == [3, 4, 7, 9]
    assert not lane.busy


async def test_one_who_gives_up_holds_nobody_up() -> None:
    lane, door = Lane(), asyncio.Event()

    async def work(number: int) -> int:
        async with lane.turn(number):
            await door.wait()
            return number

    first, second, third = (asyncio.create_task(work(number)) for number in (1, 2, 3))
    await asyncio.sleep(0)
    second.cancel()
    door.set()
    assert await first == 1
    assert await third == 3
    assert second.cancelled()


async def test_hundreds_of_ones_updates_leave_room_for_another() -> None:
    processor, door, done = PerPersonProcessor(), asyncio.Event(), list[int]()

    async def work(number: int, *, held: bool) -> None:
        if held:
            await door.wait()
        done.append(number)

    flood = [
        asyncio.create_task(processor.process_update(_update(n, 1), work(n, held=True))) for n in range(600)
    ]
    await asyncio.sleep(0)
    await processor.process_update(_update(1000, 2), work(1000, held=False))
    assert done == [1000]
    assert len(processor.in_hand) == 600
    door.set()
    await asyncio.gather(*flood)
    assert done == [1000, *range(600)]
    assert (processor.in_hand, processor._lanes) == (set(), {})


async def test_what_is_typed_in_other_chats_waits_for_nothing() -> None:
    processor, door, done = PerPersonProcessor(), asyncio.Event(), list[str]()

    async def work(word: str, *, held: bool) -> None:
        if held:
            await door.wait()
        done.append(word)

    slow = asyncio.create_task(processor.process_update(_update(1, 1), work("message", held=True)))
    await asyncio.sleep(0)
    query = Update(2, inline_query=InlineQuery("1", User(1, "Worker", is_bot=False), "icpc", ""))
    await processor.process_update(query, work("inline", held=False))
    door.set()
    await slow
    assert done == ["inline", "message"]
