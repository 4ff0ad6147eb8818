"""A council's own rules: local timescales and contacts, from a folder beside the national content."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from bot.content.bank_holidays import england
from bot.content.faults import BrokenContent, Fault
from bot.content.guidance_files import CONTACTS
from bot.rules.deadlines import due_date
from bot.rules.timescales import Force, Limit, Timescale, TimescaleBook

EXAMPLE = Path(__file__).parent / "example_overlay"
FILE = "council.toml"
_TOML_LINE = re.compile(r"line (\d+)")
DEFAULT_CONTACTS = {
    "duty": "your duty team",
    "out-of-hours": "your out-of-hours team",
    "legal": "your legal team",
    "conference-unit": "your conference and review unit",
    "practice-lead": "your practice lead",
}
_LIMIT = TypeAdapter(Limit)
_BINDING = frozenset({Force.STATUTE, Force.REGULATIONS, Force.STATUTORY_GUIDANCE, Force.COURT_RULES})


@dataclass(frozen=True)
class Overlay:
    """What a council sets: its own limits by timescale, its contacts, its signposts by kind."""

    limits: Mapping[str, Limit]
    contacts: Mapping[str, str]
    signposts: Mapping[str, str]


def load_overlay(folder: Path | None, book: TimescaleBook) -> Overlay:
    """The council's limits, contacts and signposts; raises BrokenContent naming file, line and mend."""
    if folder is None:
        return Overlay({}, dict(DEFAULT_CONTACTS), {})
    path = folder / FILE
    if not path.is_file():
        raise BrokenContent((Fault(path, 1, f"the overlay folder has no {FILE}"),))
    text = path.read_text(encoding="utf-8")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _TOML_LINE.search(str(error))
        where = int(at[1]) if at else text.count("\n") + 1
        raise BrokenContent((Fault(path, where, f"not readable as TOML: {error}"),)) from None
    faults = [
        Fault(path, _line(text, name), f"{name} is to be a table: write [{name}] and its lines below")
        for name in ("timescales", "contacts", "signposts")
        if not isinstance(raw.get(name, {}), dict)
    ]
    if faults:
        raise BrokenContent(tuple(faults))
    limits = _limits(raw.get("timescales", {}), book, path, text, faults)
    contacts = {**DEFAULT_CONTACTS, **raw.get("contacts", {})}
    for name in sorted(set(contacts) - CONTACTS):
        faults.append(
            Fault(path, _line(text, name), f"contact {name} is none of: {', '.join(sorted(CONTACTS))}")
        )
    if faults:
        raise BrokenContent(tuple(faults))
    return Overlay(limits, contacts, {str(kind): str(own) for kind, own in raw.get("signposts", {}).items()})


def _limits(
    raw: dict[str, Any], book: TimescaleBook, path: Path, text: str, faults: list[Fault]
) -> dict[str, Limit]:
    limits: dict[str, Limit] = {}
    for name, fields in raw.items():
        row, where = book.find(name), _line(text, name)
        if row is None:
            faults.append(
                Fault(path, where, f"{name} is no timescale: take an id from bot/content/timescales")
            )
            continue
        try:
            limit = _LIMIT.validate_python(fields)
        except ValidationError as error:
            faults.append(Fault(path, where, f"timescale {name}: {error.errors()[0]['msg']}"))
            continue
        if row.force in _BINDING and loosens(limit, row):
            most = f"make it {row.limit.amount} {row.limit.unit} or less, or take it out" if row.limit else ""
            what = f"timescale {name}: a national limit can be tightened, never loosened: {most}"
            faults.append(Fault(path, where, what))
        limits[row.id] = limit
    return limits


def _line(text: str, name: str) -> int:
    return next((n for n, line in enumerate(text.splitlines(), 1) if name in line), 1)


def loosens(own: Limit, row: Timescale) -> bool:
    """True where on any start day of two years the council's limit ends after the national one."""
    if row.limit is None:
        return False
    calendar, zone, first = england(), ZoneInfo("Europe/London"), date(2026, 1, 1)
    return any(
        due_date(own, start, calendar, zone).last_day > due_date(row.limit, start, calendar, zone).last_day
        for start in (first + timedelta(days=n) for n in range(730))
    )
