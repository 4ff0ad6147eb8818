"""What came of a move of the clock: the bot's messages until somebody does something."""

from bot.simulator.clock import OFFICE
from bot.simulator.model import Json, Message

_SHOWN = 160


class Fired:
    """Filled after a move; the next deed of a person ends the list."""

    def __init__(self) -> None:
        self._open = False
        self._messages: list[Message] = []

    def clock_moved(self) -> None:
        """Begins anew."""
        self._open = True
        self._messages = []

    def somebody_acts(self) -> None:
        """What the bot says from now on is an answer."""
        self._open = False

    def note(self, message: Message) -> None:
        """A message was posted."""
        if self._open and message.sender.is_bot:
            self._messages.append(message)

    def __len__(self) -> int:
        return len(self._messages)

    def as_json(self) -> list[Json]:
        """The oldest first."""
        return [
            {
                "chat_id": message.chat.id,
                "chat": message.chat.title,
                "message_id": message.id,
                "at": message.sent.astimezone(OFFICE).isoformat(timespec="seconds"),
                "text": message.words[:_SHOWN],
            }
            for message in self._messages
        ]
