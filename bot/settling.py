"""What is written down about a message once Telegram has answered, or has not."""

from datetime import datetime, timedelta

from bot.receipts import Failed, Mailed, Moved, Receipt, Sent, TryLater, Unreachable, Unsure
from bot.rules.retries import next_try
from storage.dispatch import ONCE_ONLY, Outcome
from storage.tables import OutgoingMessage


def outcome(row: OutgoingMessage, receipt: Receipt, now: datetime) -> Outcome:
    """The row's next state. An unreachable person's rows wait as they are until the person is back."""
    assert row.id is not None
    match receipt:
        case Sent(message_id):
            return Outcome(row.id, "sent", now, "a repeat" if row.doubts else "", message_id)
        case Mailed():
            return Outcome(row.id, "sent", now, "by e-mail")
        case Failed(reason):
            return Outcome(row.id, "failed", now, reason)
        case Unreachable(reason):
            return Outcome(row.id, "planned", now, reason, tries=-1)
        case Unsure(reason):
            return _in_doubt(row, row.id, reason, now)
        case TryLater() | Moved():
            return _again(row, row.id, receipt, now)


def _again(row: OutgoingMessage, row_id: int, receipt: TryLater | Moved, now: datetime) -> Outcome:
    """It certainly did not go out: asked to wait, at once under the group's new number, or later."""
    if isinstance(receipt, TryLater) and receipt.after is not None:
        free_at = now + timedelta(seconds=receipt.after)
        return Outcome(row_id, _waiting(row), now, receipt.reason, not_before=free_at, tries=-1)
    again = next_try(row.attempts, now)
    state = _waiting(row) if again else "failed"
    if isinstance(receipt, Moved):
        return Outcome(row_id, state, now, "the group has another number")
    return Outcome(row_id, state, now, receipt.reason, not_before=again)


def _waiting(row: OutgoingMessage) -> str:
    """Once in doubt, a row stays so until it is known to be sent."""
    return "unknown" if row.doubts else "planned"


def _in_doubt(row: OutgoingMessage, row_id: int, reason: str, now: datetime) -> Outcome:
    if row.kind.startswith(ONCE_ONLY):
        return Outcome(row_id, "unknown", now, reason, doubts=1)
    again = next_try(row.attempts, now)
    return Outcome(row_id, "unknown" if again else "failed", now, reason, not_before=again, doubts=1)
