"""Moving the clock by words, and letting the bot say what has become due."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

from bot.simulator.backstage import Backstage
from bot.simulator.clock import OFFICE, VirtualClock
from bot.simulator.refusals import Refusal
from bot.simulator.telegram import Telegram

_FURTHEST = timedelta(days=3653)
_MOST_REMINDERS = 100
"""So many moments are tried before giving up: some have nothing left to say when they come."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


async def move(telegram: Telegram, backstage: Backstage, to: datetime) -> None:
    """To a moment; what is due is said before this returns, where the bot can be asked."""
    clock = telegram.clock
    if to > clock() + _FURTHEST:
        raise Refusal(400, "the clock moves at most ten years at a time")
    try:
        clock.move_to(to)
    except ValueError as error:
        raise Refusal(400, str(error)) from None
    if backstage.settle is not None:
        await backstage.settle()


async def move_until(telegram: Telegram, backstage: Backstage, enough: Callable[[], bool]) -> bool:
    """Reminder by reminder until there is enough; False when none is left or it takes too many."""
    if backstage.next_moment is None:
        raise Refusal(409, "nobody has told this simulator when the next reminder is due")
    for _ in range(_MOST_REMINDERS):
        moment = await backstage.next_moment()
        if moment is None:
            return False
        await move(telegram, backstage, max(moment, telegram.clock()))
        if enough():
            return True
    return False


async def move_to_reminder(telegram: Telegram, backstage: Backstage) -> None:
    """To the next moment at which the bot really says something unasked."""
    if not await move_until(telegram, backstage, lambda: len(telegram.fired) > 0):
        raise Refusal(409, "no reminder is planned")


def moment_of(clock: VirtualClock, words: str) -> datetime:
    """The moment that “next-morning”, “Tuesday 08:31” or “10 days 08:31” means from now on."""
    if words == "next-morning":
        return clock.next_morning()
    first, *_, at = words.lower().split()
    local, hour = clock().astimezone(OFFICE), time.fromisoformat(at)
    days = int(first) if re.fullmatch(r"\d+", first) else (_WEEKDAYS.index(first) - local.weekday()) % 7
    moment = datetime.combine(local.date() + timedelta(days=days), hour, OFFICE)
    return moment if moment > local else datetime.combine(moment.date() + timedelta(days=7), hour, OFFICE)
