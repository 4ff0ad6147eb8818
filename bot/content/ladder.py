"""Reads when the bot speaks up, with what the council's overlay replaces."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.content.faults import BrokenContent, Fault
from bot.rules.reminding import Ladder

FILE = "reminding.toml"
_SHIPPED = Path(__file__).parent / FILE
_LADDER = TypeAdapter(Ladder)


def load_ladder(overlay: Path | None = None) -> Ladder:
    """The ladder; raises BrokenContent naming the file and what is wrong in it."""
    own = overlay / FILE if overlay is not None else None
    raw = _read(_SHIPPED)
    if own is None or not own.is_file():
        return _checked(raw, _SHIPPED)
    replaced = _read(own)
    raw["overdue"] |= replaced.pop("overdue", {})
    return _checked(raw | replaced, own)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BrokenContent((Fault(path, 1, f"not readable as TOML: {error}"),)) from None


def _checked(raw: dict[str, Any], path: Path) -> Ladder:
    try:
        return _LADDER.validate_python(raw)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise BrokenContent(
            (Fault(path, _line(path, str(problem["loc"][-1])), f"{where}: {problem['msg']}"),)
        ) from None


def _line(path: Path, name: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(name)), 1)
