"""Waits for an update's turn: what the same person sent before goes first, here or in another process."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import Update

from handlers.context import BotContext
from handlers.lanes import account_of
from handlers.reading import read_update
from storage import inbox
from storage.tables import InboxUpdate
from storage.turns import Turn, take_turn

T = TypeVar("T")
Work = Callable[[AsyncSession, InboxUpdate, datetime], Awaitable[T]]
_LOOK_AGAIN = 0.05
"""Seconds, while another process is at an update of the same person."""


async def in_turn(update: Update, context: BotContext, work: Work[T]) -> T | None:
    """Runs `work` in one transaction, once it is the update's turn; None where nothing is owed any more.

    An earlier update that nobody works on (its process died) is worked first, here.
    """
    resources, tried = context.resources, frozenset[int]()
    while True:
        async with resources.database.transaction() as session:
            turn = await take_turn(
                session, update.update_id, account_of(update), resources.replica, passing_over=tried
            )
            if turn.row is not None:
                done = await work(session, turn.row, resources.clock())
                turn.row.held_by = resources.replica.number  # written with what the work writes
                return done
            if turn.unknown:
                payload, now = update.to_dict(), resources.clock()
                await inbox.receive(session, update.update_id, payload, now, account_of(update))
                continue
        if turn == Turn():
            return None
        if turn.before is not None:
            tried |= {turn.before.update_id}
            await _work_first(turn.before, context)
        else:
            await asyncio.sleep(_LOOK_AGAIN)


async def _work_first(row: InboxUpdate, context: BotContext) -> None:
    earlier = read_update(row.payload, context.bot) if row.payload is not None else None
    if earlier is not None:
        await context.application.process_update(earlier)
