"""The pre-proceedings tracker: dates, weeks, mid-point and the end of the expected period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.rules.pathway import Happened
from bot.rules.stages import stage_named, stages
from bot.rules.timescales import TimescaleBook

STARTS = ("pre-proceedings-decided", "letter-before-proceedings-sent", "pre-proceedings-meeting-held")
"""Sources differ on where the weeks begin; the earliest of these counts (fact sheets' rule 7)."""


EXPECTED_END = "pp-max-16-weeks"
"""The clock whose extension prolongs the expected period."""


@dataclass(frozen=True)
class Extension:
    """A later end that was agreed: until when, by whom, and why."""

    until: date
    agreed_by: str
    why: str


@dataclass(frozen=True)
class Tracker:
    """One case in pre-proceedings or in court. weeks are whole weeks up to today (or to the end)."""

    started: date | None
    decided: date | None
    letter: date | None
    first_meeting: date | None
    last_review: date | None
    midpoint: date | None
    expected_end: date | None
    ended: date | None
    issued: date | None
    court_end: date | None
    weeks: int
    in_court: bool = False
    extension: Extension | None = None

    @property
    def before_court(self) -> bool:
        """Neither stepped down nor issued."""
        return self.ended is None and self.issued is None

    def over(self, today: date) -> bool:
        """Past the expected (or the agreed later) end without a step down or issue."""
        last = self.extension.until if self.extension is not None else self.expected_end
        return self.before_court and last is not None and today > last


def track(
    events: Iterable[Happened], book: TimescaleBook, today: date, extension: Extension | None = None
) -> Tracker | None:
    """The tracker of a case, or None for one that was never in pre-proceedings or court."""
    history = sorted(events, key=lambda event: (event.day, event.id))
    issued = _last(history, "proceedings-issued")
    starts = [day for day in (_first(history, kind) for kind in STARTS) if day is not None]
    if not starts and issued is None:
        return None
    started = min(starts) if starts else None
    ended = _last(history, "pre-proceedings-ended")
    if ended is not None and started is not None and ended < started:
        ended = None
    end = _weeks(book, EXPECTED_END)
    until = issued or ended or today
    return Tracker(
        started=started,
        decided=_first(history, STARTS[0]),
        letter=_first(history, STARTS[1]),
        first_meeting=_first(history, STARTS[2]),
        last_review=_last(history, "pre-proceedings-review-held"),
        midpoint=started + timedelta(weeks=end // 2) if started and end else None,
        expected_end=started + timedelta(weeks=end) if started and end else None,
        ended=ended,
        issued=issued,
        court_end=issued + timedelta(weeks=_weeks(book, "ct-26-weeks")) - timedelta(days=1)
        if issued
        else None,
        weeks=(until - started).days // 7 if started else 0,
        in_court=stage_named(stages(history), "court") is not None,
        extension=extension,
    )


def _weeks(book: TimescaleBook, row_id: str) -> int:
    row = book.find(row_id)
    return row.limit.amount if row is not None and row.limit is not None and row.limit.unit == "weeks" else 0


def _first(history: list[Happened], kind: str) -> date | None:
    return next((event.day for event in history if event.kind == kind), None)


def _last(history: list[Happened], kind: str) -> date | None:
    return next((event.day for event in reversed(history) if event.kind == kind), None)
