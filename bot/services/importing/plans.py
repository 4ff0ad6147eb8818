"""What a file would do to one case: worked out on rows in memory, before anything is written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.rules.dates import show_moment
from bot.rules.errors import Refusal
from bot.rules.events import EVENTS, EventKind
from bot.rules.pathway import CaseClock, Happened
from bot.services import clocks
from bot.services.differences import derive
from bot.services.importing.lines import Line
from bot.services.importing.report import BadField, Change
from bot.services.office import Office
from storage.bulk import IMPORTED
from storage.tables import Case, CaseEvent, Person

CLOSED = "case-closed"
_NOT_YET = 1 << 40
"""Added to a line's number, this is the id of an event until it is written: after all real ones."""
Key = tuple[str, date]


@dataclass(frozen=True)
class Addition:
    """An event that a line brings. replaces: what an earlier import said less exactly."""

    line: Line
    kind: EventKind
    moment: datetime | None
    detail: str
    replaces: CaseEvent | None = None

    @property
    def happened(self) -> Happened:
        """As the rules see it, under an id that stands in until it has one of its own."""
        line = self.line
        return Happened(_NOT_YET + line.number, self.kind.id, line.day, self.moment, self.detail)


@dataclass
class CasePlan:
    """One case of the file. worker: whom the file names, first on line first_line."""

    case: Case
    fresh: bool
    worker: Person
    first_line: int
    good_lines: int = 0
    moves: bool = False
    family: str | None = None
    disabled: bool | None = None
    additions: list[Addition] = field(default_factory=list)
    derived: list[CaseClock] = field(default_factory=list)
    _ends_with_closing: bool = False
    _before: list[CaseEvent] = field(default_factory=list)
    _standing: dict[Key, CaseEvent | Addition] = field(default_factory=dict)
    _taken_back: set[Key] = field(default_factory=set)

    def know(self, events: Iterable[CaseEvent]) -> None:
        """Takes note of all that was ever recorded on the case."""
        for event in events:
            if event.voided_at is None:
                self._before.append(event)
                self._standing[event.kind, event.happened_on] = event
            elif event.source == IMPORTED:
                self._taken_back.add((event.kind, event.happened_on))

    def standing(self, key: Key) -> CaseEvent | Addition | None:
        """The event of this kind on this day, recorded before or brought by an earlier line."""
        return self._standing.get(key)

    def was_taken_back(self, key: Key) -> bool:
        """True where somebody here said that what an import brought was wrong."""
        return key in self._taken_back

    def closing(self) -> CaseEvent | None:
        """The latest closing that is recorded."""
        return max(
            (event for event in self._before if event.kind == CLOSED),
            key=lambda event: event.happened_on,
            default=None,
        )

    def closed_afterwards(self) -> bool:
        """True where the case is closed once this is written: only what is new closes or opens it."""
        if self.case.closed_at is None:
            return self._ends_with_closing and any(new.kind.id == CLOSED for new in self.additions)
        closing = self.closing()
        later = closing is not None and any(new.line.day > closing.happened_on for new in self.additions)
        return self._ends_with_closing or not later

    def add(self, line: Line, replaces: CaseEvent | None = None) -> None:
        """The line's event happened; it stands in place of a less exact one, if any."""
        assert line.kind is not None
        moment, detail = line.moment, line.detail
        if replaces is not None:
            moment, detail = moment or replaces.happened_at, detail or replaces.detail
        addition = Addition(line, line.kind, moment, detail, replaces)
        self._standing[line.kind.id, line.day] = addition
        self.additions.append(addition)

    def derive(self, office: Office) -> list[tuple[Line, BadField]]:
        """Derives the clocks; leaves out the lines with which they can't be counted, and says why."""
        try:
            self._derive(office, self.additions)
        except Refusal:
            return self._derive_one_by_one(office)
        return []

    def _derive(self, office: Office, additions: Sequence[Addition]) -> None:
        happened = self._happened(additions)
        self.derived = derive(office, self.case, happened)
        self._ends_with_closing = max(happened, key=lambda event: (event.day, event.id)).kind == CLOSED

    def _derive_one_by_one(self, office: Office) -> list[tuple[Line, BadField]]:
        good: list[Addition] = []
        bad: list[tuple[Line, BadField]] = []
        for addition in self.additions:
            try:
                self._derive(office, [*good, addition])
            except Refusal as refusal:
                accepted = "a day from which every date can be counted"
                day = addition.line.day.isoformat()
                bad.append((addition.line, BadField("date", day, str(refusal).rstrip("."), accepted)))
            else:
                good.append(addition)
        self.additions = good
        self.good_lines -= len(bad)
        return bad

    def _happened(self, additions: Sequence[Addition]) -> list[Happened]:
        replaced = {id(addition.replaces) for addition in additions}
        before = [clocks.happened(event) for event in self._before if id(event) not in replaced]
        return before + [addition.happened for addition in additions]

    def changes(self) -> Iterator[Change]:
        """What is different afterwards, in words."""
        reference = self.case.reference
        if self.fresh:
            yield Change(reference, f"new case with {self.worker.name}")
        elif self.moves:
            yield Change(reference, f"handed over to {self.worker.name}")
        if self.family is not None:
            yield Change(reference, f"family {self.family}")
        if self.disabled is not None:
            yield Change(reference, f"disabled child: {'yes' if self.disabled else 'no'}")
        for addition in self.additions:
            more = " (more exact)" if addition.replaces is not None else ""
            yield Change(reference, event_words(addition.happened) + more)


def event_words(event: Happened) -> str:
    """Initial child protection conference held, Fri 13 Nov 2026."""
    return f"{EVENTS[event.kind].title}, {show_moment(event.start)}"
