"""The seal of an audit line: a hash over the line and the seal before it, so that no change goes unseen."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

FIRST = "0" * 64
"""What stands before the first line."""


@dataclass(frozen=True)
class Line:
    """One audit line as it is sealed. number: its place in the chain, from 1, without gaps."""

    number: int
    id: int
    at: datetime
    person_id: int | None
    what: str
    subject: str


@dataclass(frozen=True)
class Broken:
    """Where the chain does not hold, and how."""

    number: int
    fault: str


def seal_of(line: Line, before: str) -> str:
    """SHA-256, in hex, over the seal before and the line in one fixed form (times in UTC)."""
    at = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [before, line.number, line.id, at, line.person_id, line.what, line.subject]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def first_fault(
    lines: Iterable[tuple[Line, str]], after: int = 0, seal: str = FIRST
) -> tuple[int, str, Broken | None]:
    """Goes along sealed lines in their order: the last number that holds, its seal, the first that doesn't.

    after, seal: the line before the first one here, where the chain was cut off at its beginning.
    """
    count, last = after, seal
    for line, own in lines:
        if line.number != count + 1:
            return count, last, Broken(count + 1, "is missing")
        if seal_of(line, last) != own:
            return count, last, Broken(line.number, "was changed")
        count, last = line.number, own
    return count, last, None
