"""Refusals in Telegram's own codes and words."""

from typing import Any


class Refusal(Exception):
    """A call that Telegram would not carry out."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_answer(self) -> dict[str, Any]:
        """The body that the caller gets."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(words: str) -> Refusal:
    """400 with Telegram's prefix."""
    return Refusal(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refusal:
    """403 with Telegram's prefix."""
    return Refusal(403, f"Forbidden: {words}")


def conflict(words: str) -> Refusal:
    """409 with Telegram's prefix."""
    return Refusal(409, f"Conflict: {words}")


def upgraded(to: int) -> Refusal:
    """400 with the number of the supergroup that a group has become."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refusal(400, words, migrate_to_chat_id=to)


def too_many(seconds: int) -> Refusal:
    """429 with the seconds to wait."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
