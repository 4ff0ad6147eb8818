"""What an earlier import brought and this file lacks: said, never deleted."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services import clocks
from bot.services.importing.lines import Line
from bot.services.importing.plans import Key, event_words
from bot.services.importing.report import Change
from storage import bulk
from storage.tables import CaseEvent


@dataclass
class Said:
    """What a file speaks of. unclear: cases of which a line can't be read, so nothing is concluded."""

    references: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    teams: set[int] = field(default_factory=set)
    events: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))

    def line(self, line: Line) -> None:
        """Takes note of a line that was understood."""
        self.references.add(line.reference)
        self.teams.add(line.worker.team_id)
        if line.kind is not None:
            self.events[line.reference].add((line.kind.id, line.day))

    def unreadable(self, reference: str) -> None:
        """Takes note of a line of which only the case is clear."""
        self.references.add(reference)
        self.unclear.add(reference)


async def find_gone(session: AsyncSession, said: Said) -> list[Change]:
    """Open cases and standing events that a file once brought, in the teams that this file speaks of."""
    cases = await bulk.imported_cases(session, sorted(said.teams))
    present = [case for case in cases if case.reference in said.references - said.unclear]
    ids = {case.id: case.reference for case in present}
    events = await bulk.all_events_of_cases(session, [case_id for case_id in ids if case_id is not None])
    absent = (
        Change(case.reference, "not in the file") for case in cases if case.reference not in said.references
    )
    return [*absent, *_events_gone(said, ids, events)]


def _events_gone(
    said: Said, references: dict[int | None, str], events: Sequence[CaseEvent]
) -> Iterator[Change]:
    for event in events:
        reference = references[event.case_id]
        stands = event.source == bulk.IMPORTED and event.voided_at is None
        if stands and (event.kind, event.happened_on) not in said.events[reference]:
            yield Change(reference, f"{event_words(clocks.happened(event))}: not in the file any more")
