"""Reads the timescale files (TOML) into one checked book."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.content.bare_numbers import own_numbers
from bot.content.faults import BrokenContent, Fault
from bot.rules.placeholders import placeholders
from bot.rules.timescales import Timescale, TimescaleBook

FOLDER = Path(__file__).parent / "timescales"
_ROW = TypeAdapter(Timescale)


def load_timescales(folder: Path = FOLDER) -> TimescaleBook:
    """All rows of every *.toml in `folder`; raises BrokenContent naming file, line and mend."""
    rows: list[tuple[Timescale, Path, int]] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        for found in _read(path):
            if isinstance(found, Fault):
                faults.append(found)
            else:
                row, line = found
                rows.append((row, path, line))
    faults += _row_faults(rows)
    if faults:
        raise BrokenContent(tuple(faults))
    return TimescaleBook(tuple(row for row, _, _ in rows))


def _read(path: Path) -> Iterator[tuple[Timescale, int] | Fault]:
    text = path.read_text(encoding="utf-8")
    try:
        raw = tomllib.loads(text).get("timescale", [])
    except tomllib.TOMLDecodeError as error:
        yield Fault(path, 1, f"not readable as TOML: {error}")
        return
    lines = text.splitlines()
    for item in raw:
        line = _line_of(lines, str(item.get("id", "")))
        try:
            yield _ROW.validate_python(item), line
        except ValidationError as error:
            for problem in error.errors():
                where = ".".join(str(part) for part in problem["loc"])
                yield Fault(path, line, f"timescale {item.get('id', '?')}: {where}: {problem['msg']}")


def _line_of(lines: list[str], row_id: str) -> int:
    wanted = f'id = "{row_id}"'
    return next((number for number, text in enumerate(lines, 1) if text.strip() == wanted), 1)


def _row_faults(rows: list[tuple[Timescale, Path, int]]) -> Iterator[Fault]:
    seen: set[str] = set()
    known = {name for row, _, _ in rows for name in (row.id, *row.aliases)}
    for row, path, line in rows:
        for name in (row.id, *row.aliases):
            if name in seen:
                yield Fault(path, line, f"timescale {name} is there twice: make one an alias of the other")
            seen.add(name)
        for other in row.stricter_than:
            if other not in known:
                yield Fault(
                    path, line, f"timescale {row.id}: stricter_than names {other}, which is no timescale"
                )
        yield from (Fault(path, line, f"timescale {row.id}: {what}") for what in _unsound(row))


def _unsound(row: Timescale) -> Iterator[str]:
    limits = (*row.limits, *(example.limit for example in row.examples))
    for number in own_numbers(row):
        yield f"by_when types {number!r}, which a limit of its own says: write {{amount}} or {{amount#key}}"
    for mark in placeholders(row.by_when):
        if mark.kind != "amount" or mark.part not in {"", *(limit.key for limit in row.limits)}:
            yield f"by_when has the placeholder {mark}: write {{amount}} or {{amount#key}}"
    if not row.limits and not row.by_when:
        yield "has no limit, so it needs by_when: the rule in words"
    keys = [limit.key for limit in row.limits]
    if len(set(keys)) != len(keys):
        yield "has several limits with the same key: give each its own"
    if any(limit.amount <= 0 for limit in limits):
        yield "has an amount that is not a positive number"
    if any(limit.earliest is not None and limit.earliest >= limit.amount for limit in limits):
        yield "has a window whose first day is not before its last"
    if any(limit.counting == "clear" and limit.direction != "before" for limit in limits):
        yield "counts clear days forward: clear is for counting back"
    if row.verified in ("primary", "secondary") and not row.source:
        yield "is called verified but names no source"
