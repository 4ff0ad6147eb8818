"""The queue of updates: numbered, kept for 24 hours, delivered again until confirmed."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.model import Json
from bot.simulator.refusals import bad_request, conflict
from bot.simulator.signal import Signal

KEPT_FOR = timedelta(hours=24)
LONGEST_POLL = 50
_ONLY_WHEN_ASKED_FOR = {"chat_member", "message_reaction", "message_reaction_count"}
KINDS = frozenset(
    [
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
    ]
)


@dataclass(frozen=True, slots=True)
class Pending:
    """An update that is not confirmed yet; lane is the chat or person whose order counts."""

    id: int
    kind: str
    body: Json
    lane: int
    since: datetime

    def as_api(self) -> Json:
        """An Update object."""
        return {"update_id": self.id, self.kind: self.body}


class Updates:
    """What happened, in order, for the bot to fetch or to be sent."""

    def __init__(self, clock: Callable[[], datetime], changed: Signal, first_id: int = 700_000_001) -> None:
        self._clock = clock
        self._changed = changed
        self._next_id = first_id
        self._pending: deque[Pending] = deque()
        self._allowed: frozenset[str] = KINDS - _ONLY_WHEN_ASKED_FOR
        self._poll = 0
        self.allowed_asked_for: list[str] | None = None

    def add(self, kind: str, body: Json, lane: int) -> None:
        """Queues an update of a kind that the bot wants; others are gone, as with Telegram."""
        if kind in self._allowed:
            self._pending.append(Pending(self._next_id, kind, body, lane, self._clock()))
            self._next_id += 1
            self._changed.notify()

    def want(self, kinds: Sequence[str] | None) -> None:
        """Which kinds to queue from now on; None leaves it as it was, an empty list means the usual ones."""
        if kinds is None:
            return
        known = frozenset(kinds) & KINDS
        self._allowed = known or KINDS - _ONLY_WHEN_ASKED_FOR
        self.allowed_asked_for = sorted(known) or None

    def pending(self) -> list[Pending]:
        """Unconfirmed updates, the oldest first."""
        too_old = self._clock() - KEPT_FOR
        while self._pending and self._pending[0].since < too_old:
            self._pending.popleft()
        return list(self._pending)

    def confirm(self, update_id: int) -> None:
        """One update has arrived (webhook)."""
        self._pending = deque(update for update in self._pending if update.id != update_id)

    def drop_all(self) -> None:
        """Forgets what waits."""
        self._pending.clear()

    def _confirm_before(self, offset: int) -> None:
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        else:
            while self._pending and self._pending[0].id < offset:
                self._pending.popleft()

    async def fetch(self, offset: int, limit: int, seconds: float, closing: Callable[[], bool]) -> list[Json]:
        """getUpdates: confirms what is before the offset, then waits; a newer poller ends it (409)."""
        if not 1 <= limit <= 100:
            raise bad_request("limit must be between 1 and 100")
        self._poll += 1
        mine = self._poll
        self._changed.notify()
        self._confirm_before(offset)

        def over() -> bool:
            return self._poll != mine or bool(self._pending) or closing()

        await self._changed.until(over, min(max(seconds, 0), LONGEST_POLL))
        if self._poll != mine:
            raise conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        return [update.as_api() for update in self.pending()[:limit]]
