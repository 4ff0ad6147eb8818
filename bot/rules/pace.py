"""How fast the bot may write: in all, in one chat, and in one group."""

from dataclasses import dataclass
from datetime import datetime, timedelta

AHEAD = timedelta(seconds=0.4)
"""How far ahead of its moment a message is taken from the outbox."""
BEHIND = timedelta(seconds=0.12)
"""How much lost time is made up for: short of what would break Telegram's own limit for a second."""
SHORT_OF = 0.995
"""The part of the pace that is aimed at: what arrives a little early or late must not carry it above."""


@dataclass(frozen=True)
class Pace:
    """Messages a second in all and in one chat, and a minute in one group; 0: no limit."""

    in_all: float = 25
    in_a_chat: float = 1
    in_a_group: float = 20

    @property
    def at_once(self) -> int:
        """How many messages may be on their way at once: what a kill can leave in doubt."""
        return 12 if self.in_all else 48

    @property
    def step(self) -> timedelta:
        """From one message to the next."""
        return timedelta(seconds=1 / (self.in_all * SHORT_OF)) if self.in_all else timedelta()

    @property
    def chat_gap(self) -> timedelta:
        """What must lie between the end of one message in a chat and the start of the next."""
        return timedelta(seconds=1 / self.in_a_chat) if self.in_a_chat else timedelta()

    @property
    def group_gap(self) -> timedelta:
        """The same in a group: evenly spread, so that no minute holds more than may be."""
        return max(self.chat_gap, timedelta(minutes=1 / self.in_a_group) if self.in_a_group else timedelta())

    def slots(self, free_from: datetime, now: datetime, most: int) -> list[datetime]:
        """The moments, at most `most`, at which messages may go; the lane is free from `free_from` on.

        One that is past already means at once.
        """
        if not self.in_all:
            return [now] * most if free_from <= now else []
        start = max(free_from, now - BEHIND)
        moments = (start + self.step * number for number in range(most))
        return [moment for moment in moments if moment <= now + AHEAD]

    def free_after(self, slot: datetime) -> datetime:
        """When the lane is free again after a message at `slot`."""
        return slot + self.step if self.in_all else slot

    def until_free(self, free_from: datetime, now: datetime) -> float:
        """Seconds until it is worth asking slots() again: it then gives several."""
        ahead = AHEAD / 2 if self.in_all else timedelta()
        return max(0.0, (free_from - ahead - now).total_seconds())


UNLIMITED = Pace(in_all=0, in_a_chat=0, in_a_group=0)
