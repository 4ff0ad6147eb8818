"""How much one person may send: what goes beyond is left out at the door, and said once."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import Update

from bot.services.auditing import note
from bot.texts.html import esc
from bot.texts.pacing import too_fast
from bot.texts.reply import Reply, Say, Toast
from handlers.lanes import account_of
from storage import floods, inbox, people
from storage.tables import Flood

MARK = "\u2060toofast"
"""Stands in the place of what was typed or pressed when a flood begins: it is answered with one sentence."""
WINDOW = timedelta(minutes=1)
_LOOK_EVERY = timedelta(seconds=5)
_KEPT = ("message_id", "from", "chat", "date", "edit_date")
_FLOODS_KEPT_FOR = timedelta(days=1)
INLINE_TIMES = 3
"""Telegram asks while somebody types, so inline queries may be so many times as frequent."""
_MOST_KNOWN = 10_000
Verdict = Literal["take", "tell", "leave out"]


class Pace:
    """How often each account has done something in the last minute, as this process saw it.

    times: how many times as much is allowed as the limit says.
    """

    def __init__(self, times: int = 1) -> None:
        self._times = times
        self._latest: dict[int, deque[datetime]] = {}

    def takes(self, account: int, most: int, now: datetime) -> bool:
        """Whether there may be one more, which counts; most: the limit of a minute, 0 for any number."""
        if not most:
            return True
        if len(self._latest) > _MOST_KNOWN:
            self._latest.clear()
        latest = self._latest.setdefault(account, deque(maxlen=most * self._times))
        if len(latest) == latest.maxlen and latest[0] > now - WINDOW:
            return False
        latest.append(now)
        return True


class KnownFloods:
    """Who flooded a moment ago, as this process saw it: what more comes costs no look at the inbox."""

    def __init__(self) -> None:
        self._looked: dict[int, datetime] = {}

    def note(self, account: int, now: datetime) -> None:
        """Something of theirs has just been left out, after a look."""
        for one in [one for one, at in self._looked.items() if at <= now - _LOOK_EVERY]:
            del self._looked[one]
        self._looked[account] = now

    def leave_out(self, update: Update, now: datetime) -> bool:
        """Whether this update goes the way of the last one, without a look."""
        if update.my_chat_member is not None or update.inline_query is not None:
            return False
        looked = self._looked.get(account_of(update) or 0)
        return looked is not None and now - _LOOK_EVERY < looked <= now


@dataclass
class Door:
    """Decides for each update of one batch; most: updates a minute and person, 0 for any number."""

    session: AsyncSession
    most: int
    now: datetime
    known: KnownFloods
    left_out: int = 0
    not_taken: list[dict[str, Any]] = field(default_factory=list)
    """Updates as they came of which nothing is kept, or but the mark that a flood began."""
    _room: dict[int, int] = field(default_factory=dict)
    _flooding: dict[int, Flood] = field(default_factory=dict)

    async def verdict(self, update: Update) -> Verdict:
        """take it; tell: the first of a flood, to be kept as `told` makes it; or leave it out.

        Whether somebody can be reached (my_chat_member) is never left out.
        """
        account = account_of(update)
        if not self.most or account is None or update.my_chat_member is not None:
            return "take"
        if account not in self._flooding and await self._has_room(account):
            self._room[account] -= 1
            return "take"
        if account in self._flooding or not await self._begins(account):
            flood = self._flooding[account]
            flood.last_at, flood.left_out = self.now, flood.left_out + 1
            self.left_out += 1
            self.known.note(account, self.now)
            return "leave out"
        return "tell"

    async def _has_room(self, account: int) -> bool:
        if account not in self._room:
            latest = await inbox.latest_moments(self.session, account, self.most)
            self._room[account] = self.most - sum(moment > self.now - WINDOW for moment in latest)
        return self._room[account] > 0

    async def _begins(self, account: int) -> bool:
        """Whether nothing was left out for a minute: then a new flood begins."""
        flood = await floods.flood_of(self.session, account)
        if flood is not None and flood.last_at > self.now - WINDOW:
            self._flooding[account] = flood
            return False
        if flood is None:
            flood = Flood(account=account, began_at=self.now, last_at=self.now)
            self.session.add(flood)
            await floods.forget_before(self.session, self.now - _FLOODS_KEPT_FOR)
        flood.began_at = flood.last_at = self.now
        self._flooding[account] = flood
        person = await people.person_of_account(self.session, account)
        await note(
            self.session, person.id if person else None, "sent too much", f"account {account}", self.now
        )
        return True


def told(received: dict[str, Any]) -> dict[str, Any]:
    """The first update of a flood as it is kept: without a word of what was typed or pressed."""
    kept = dict(received)
    for name in ("message", "edited_message"):
        if isinstance(kept.get(name), dict):
            message = {key: value for key, value in kept[name].items() if key in _KEPT}
            kept[name] = {**message, "text": MARK}
    if isinstance(kept.get("callback_query"), dict):
        kept["callback_query"] = {**kept["callback_query"], "data": MARK}
    return kept


def answer_to_flood(text: str, most: int, *, pressed: bool) -> list[Reply] | None:
    """The one sentence, for an update that `told` has made; None for any other."""
    if text != MARK:
        return None
    words = esc(too_fast(most))
    return [Toast(words, alert=True)] if pressed else [Say(words)]
