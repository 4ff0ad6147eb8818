"""A council's own column names, event words and worker names, from a small TOML file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.rules.errors import Refusal
from bot.services.importing.lines import COLUMNS, OPTIONAL, parse_event
from bot.services.importing.report import BadField

_STRICT = {"extra": "forbid"}


def plain(text: str) -> str:
    """A heading or a word as it is compared: lower case, single spaces."""
    return " ".join(text.casefold().split())


@dataclass(frozen=True, kw_only=True)
class Words:
    """How a file says things. Each table: theirs on the left, ours on the right.

    columns: headings. events: event words; with nothing on the right, a line says only whose case it
    is. workers: names. sheet and heading_line say where in a spreadsheet the table stands.
    """

    __pydantic_config__ = _STRICT

    columns: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    workers: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    heading_line: int = 1

    def column(self, heading: str) -> str:
        """Our name for a heading; the heading itself where none is given."""
        return self.columns.get(plain(heading), plain(heading))

    def fields(self, row: Mapping[str, str]) -> dict[str, str]:
        """A row with its event and its worker in our words."""
        event, worker = row.get("event", ""), row.get("worker", "")
        return {
            **row,
            "event": self.events.get(plain(event), event),
            "worker": self.workers.get(plain(worker), worker),
        }


_WORDS = TypeAdapter(Words)
OURS = Words()
"""A file with our own columns and words."""


def read_words(text: str) -> Words:
    """The mapping in a TOML text; raises Refusal naming what is wrong and what is accepted."""
    try:
        raw = _WORDS.validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"The mapping isn't readable as TOML: {error}.") from None
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"])) or "the file"
        accepted = "columns, events, workers, sheet, heading_line"
        raise Refusal(f"The mapping, {where}: {problem['msg']}. Accepted: {accepted}.") from None
    if raw.heading_line < 1:
        raise Refusal(f"The mapping, heading_line: given {raw.heading_line}. Accepted: 1 or more.")
    _check_columns(raw.columns)
    _check_events(raw.events)
    return Words(
        columns=_plainly(raw.columns),
        events=_plainly(raw.events),
        workers=_plainly(raw.workers),
        sheet=raw.sheet,
        heading_line=raw.heading_line,
    )


def _plainly(table: Mapping[str, Any]) -> dict[str, Any]:
    return {plain(theirs): ours for theirs, ours in table.items()}


def _check_columns(columns: Mapping[str, str]) -> None:
    known = (*COLUMNS, *OPTIONAL)
    for theirs, ours in columns.items():
        if ours not in known:
            raise Refusal(f"The mapping, column “{theirs}”: given “{ours}”. Accepted: {', '.join(known)}.")


def _check_events(events: Mapping[str, str]) -> None:
    for theirs, ours in events.items():
        try:
            parse_event(ours)
        except BadField as bad:
            accepted = f"{bad.accepted}, or nothing"
            raise Refusal(f"The mapping, event “{theirs}”: given “{ours}”. Accepted: {accepted}.") from None
