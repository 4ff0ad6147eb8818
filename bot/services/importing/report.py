"""What an import is asked to do, what it did, and which lines it can't take."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.rules.errors import Refusal


class BadField(Refusal):
    """A field of a line that can't be taken: which, what was given, why not, and what is accepted."""

    def __init__(self, name: str, given: str, why: str, accepted: str) -> None:
        self.name, self.given, self.accepted = name, _without_words(given), accepted
        shown = f" (given: “{self.given}”)" if given else ""
        super().__init__(f"{name}: {why}{shown}. Accepted: {accepted}.")


def _without_words(given: str) -> str:
    """A cell that can't be taken may hold a name or a note: only figures and signs are repeated."""
    return "" if any(one.isalpha() for one in given) else given[:20]


@dataclass(frozen=True)
class BadLine:
    """A line that can't be taken: its number in the file, the field, and the whole reason."""

    number: int
    field: str
    given: str
    accepted: str
    reason: str

    @classmethod
    def of(cls, number: int, bad: BadField) -> "BadLine":
        """The line with what is wrong with it."""
        return cls(number, bad.name, bad.given, bad.accepted, str(bad))


@dataclass(frozen=True)
class Change:
    """One thing that is, or would be, different on a case."""

    reference: str
    what: str


@dataclass(frozen=True)
class Options:
    """How to import.

    skip_bad: takes the good lines although there are bad ones. move_cases: a case whose worker
    differs is handed over. whole: the file says everything, so what it lacks is reported.
    team_id: only this team's workers and cases. progress: called with how many more lines are read,
    counted and written: each line three times.
    """

    dry_run: bool = False
    skip_bad: bool = False
    move_cases: bool = False
    whole: bool = False
    team_id: int | None = None
    progress: Callable[[int], None] = lambda _lines: None


@dataclass
class Report:
    """What an import did, or would do."""

    lines: int = 0
    new_cases: int = 0
    new_events: int = 0
    already: int = 0
    kept_out: int = 0
    """Events that somebody took back here after an earlier import: they stay away."""
    moved_cases: int = 0
    opened_clocks: int = 0
    written: bool = False
    changes: list[Change] = field(default_factory=list)
    gone: list[Change] = field(default_factory=list)
    """What an earlier import brought and this file lacks; nothing is deleted."""
    bad: list[BadLine] = field(default_factory=list)
