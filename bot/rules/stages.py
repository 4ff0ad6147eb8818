"""Where a case stands, read off what happened on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.rules.events import NO_CONFERENCE, NO_PLAN
from bot.rules.pathway import Happened


@dataclass(frozen=True)
class Stage:
    """One thing that a case is, since when, and the guidance that says what comes next."""

    id: str
    title: str
    since: date
    entry: str


@dataclass(frozen=True)
class _Span:
    id: str
    title: str
    entry: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    not_with: str = ""


_ORDERS = (
    "care-order-made",
    "supervision-order-made",
    "special-guardianship-order-made",
    "final-hearing-held",
)
_SPANS = (
    _Span(
        "assessment", "Being assessed", "single-assessment", ("referral-received",), ("assessment-completed",)
    ),
    _Span(
        "enquiry",
        "Section 47 enquiry",
        "s47-enquiry",
        ("s47-started", "strategy-discussion-held"),
        ("icpc-held", f"s47-outcome:{NO_CONFERENCE}"),
        "no-s47",
    ),
    _Span("plan", "On a child protection plan", "core-group", ("icpc-held",), ("plan-ended",), NO_PLAN),
    _Span(
        "in-need", "Child in need plan", "cin-plans", ("cin-plan-started",), ("cin-plan-ended", "icpc-held")
    ),
    _Span(
        "pre-proceedings",
        "In pre-proceedings",
        "pre-proceedings-reviews",
        ("pre-proceedings-decided", "letter-before-proceedings-sent"),
        ("pre-proceedings-ended", "proceedings-issued"),
    ),
    _Span("court", "In care proceedings", "court-timetable-26-weeks", ("proceedings-issued",), _ORDERS),
    _Span("care", "Looked after", "lac-reviews", ("became-looked-after",), ("ceased-looked-after",)),
    _Span(
        "private-fostering",
        "Private fostering",
        "private-fostering",
        ("private-fostering-notified",),
        ("private-fostering-ended",),
    ),
)


def stages(events: Iterable[Happened]) -> list[Stage]:
    """Every stage that the case is in now, in pathway order; several may hold at once."""
    history = sorted(events, key=lambda event: (event.day, event.id))
    found = (_running(span, history) for span in _SPANS)
    return [stage for stage in found if stage is not None]


def _running(span: _Span, history: list[Happened]) -> Stage | None:
    since: date | None = None
    for event in history:
        if any(event.means(kind) for kind in (*span.ends, "case-closed")):
            since = None
        elif event.kind in span.begins and (not span.not_with or event.detail != span.not_with):
            since = since or event.day
    return Stage(span.id, span.title, since, span.entry) if since else None


def stage_named(found: Iterable[Stage], name: str) -> Stage | None:
    """The stage with this id, or None."""
    return next((stage for stage in found if stage.id == name), None)
