"""One line of a file in, checked values out; every refusal names its field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.rules.dates import show_date
from bot.rules.errors import Refusal
from bot.rules.events import ANSWERS, EventKind, find_event
from bot.rules.references import BadReference
from bot.services.happenings import check_happened
from bot.services.importing.days import DATES, parse_day
from bot.services.importing.known import Workers
from bot.services.importing.report import BadField
from bot.services.office import Office
from storage.tables import Person

COLUMNS = ("reference", "worker", "event", "date")
OPTIONAL = ("time", "family", "disabled")
NEEDED = ("reference", "worker")
_YES_OR_NO = {"yes": True, "y": True, "true": True, "1": True} | dict.fromkeys(
    ("no", "n", "false", "0"), False
)
_LIKE_A_CODE = re.compile(r"[A-Za-z]{0,4}[\W_]*\d[\d\W_]*")
Fields = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A line that was understood. kind is None where it only names the case and its worker."""

    number: int
    reference: str
    worker: Person
    kind: EventKind | None
    day: date
    moment: datetime | None
    detail: str
    family: str | None
    disabled: bool | None


def parse_line(office: Office, workers: Workers, number: int, fields: Fields, now: datetime) -> Line:
    """The line's values; raises BadField."""
    reference = parse_reference(office, fields)
    worker = workers.find(_needed(fields, "worker", "the name of a worker who has joined"))
    family = _given(fields, "family")
    kind, detail = parse_event(_given(fields, "event"))
    day, moment = office.today(now), None
    if kind is not None:
        day, moment = _when(office, kind, fields, now)
    return Line(
        number=number,
        reference=reference,
        worker=worker,
        kind=kind,
        day=day,
        moment=moment,
        detail=detail,
        family=_reference(office, "family", family) if family else None,
        disabled=_yes_or_no(_given(fields, "disabled")),
    )


def parse_reference(office: Office, fields: Fields) -> str:
    """The case reference of a line; raises BadField."""
    example = f"a case reference like {office.references.example}"
    return _reference(office, "reference", _needed(fields, "reference", example))


def _given(fields: Fields, name: str) -> str:
    return (fields.get(name) or "").strip()


def _needed(fields: Fields, name: str, accepted: str) -> str:
    value = _given(fields, name)
    if not value:
        raise BadField(name, "", f"{name} is empty", accepted)
    return value


def _reference(office: Office, name: str, given: str) -> str:
    """What might be a person's name is never repeated."""
    try:
        return office.references.parse(given)
    except BadReference as bad:
        why = "that looks like a name" if "looks like a name" in str(bad) else "not a case reference"
        shown = given if _LIKE_A_CODE.fullmatch(given) else ""
        raise BadField(name, shown, why, f"a case reference like {office.references.example}") from None


def parse_event(given: str) -> tuple[EventKind | None, str]:
    """ "icpc-held", "initial conference", or with what it meant: "icpc-held:no-plan"; raises BadField."""
    if not given:
        return None, ""
    words, _colon, detail = (part.strip() for part in given.partition(":"))
    kind = find_event(words)
    if kind is None:
        raise BadField("event", given, "that event isn't known", "what driftless import --events lists")
    meanings = [answer.detail for answer in ANSWERS if answer.kind == kind.id]
    if detail and detail not in meanings:
        accepted = " or ".join([kind.id, *(f"{kind.id}:{meaning}" for meaning in meanings)])
        raise BadField("event", given, "that meaning isn't known", accepted)
    return kind, detail


def _when(office: Office, kind: EventKind, fields: Fields, now: datetime) -> tuple[date, datetime | None]:
    """The day; and the moment, only for what hours are counted from."""
    given, today = _needed(fields, "date", DATES), office.today(now)
    day, clock = parse_day(given, _given(fields, "time"), today, office.zone)
    moment = office.at(day, clock) if clock is not None and kind.clock_time else None
    if not kind.ahead:
        _check_happened(given, day, today, moment, now)
    return day, moment


def _check_happened(given: str, day: date, today: date, moment: datetime | None, now: datetime) -> None:
    try:
        check_happened(day, today, moment, now)
    except Refusal:
        why = "is still to come" if day >= today else "is more than twenty years ago"
        accepted = "a day up to today, in the last twenty years"
        raise BadField("date", given, f"{show_date(day)} {why}", accepted) from None


def _yes_or_no(given: str) -> bool | None:
    if not given:
        return None
    if given.casefold() not in _YES_OR_NO:
        raise BadField("disabled", given, "not yes or no", "yes, no, or nothing")
    return _YES_OR_NO[given.casefold()]
