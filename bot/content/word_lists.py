"""Reads checklists, glossary and prompts, checked against the entries that they point at."""

import tomllib
from collections.abc import Iterable, Set
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.content.faults import BrokenContent, Fault
from bot.rules.checklists import Checklist, Checklists, Glossary, GlossaryTerm
from bot.rules.events import EVENTS
from bot.rules.prompts import Prompt, Prompts

T = TypeVar("T")
_FOLDER = Path(__file__).parent
CHECKLISTS = _FOLDER / "checklists.toml"
GLOSSARY = _FOLDER / "glossary.toml"
PROMPTS = _FOLDER / "prompts.toml"
_CHECKLISTS = TypeAdapter(dict[str, Checklist])
_GLOSSARY = TypeAdapter(dict[str, GlossaryTerm])
_PROMPTS = TypeAdapter(dict[str, Prompt])


def load_checklists(slugs: Set[str], path: Path = CHECKLISTS) -> Checklists:
    """All checklists by id; raises BrokenContent."""
    found = _read(_CHECKLISTS, path)
    _require_entries(path, ((name, item.entry) for name, item in found.items()), slugs)
    return found


def load_glossary(slugs: Set[str], path: Path = GLOSSARY) -> Glossary:
    """All abbreviations; raises BrokenContent."""
    found = _read(_GLOSSARY, path)
    _require_entries(path, ((name, term.entry) for name, term in found.items() if term.entry), slugs)
    return found


def load_prompts(slugs: Set[str], checklists: Set[str], path: Path = PROMPTS) -> Prompts:
    """All prompts in their order; raises BrokenContent."""
    found = _read(_PROMPTS, path)
    _require_entries(path, ((name, prompt.entry) for name, prompt in found.items()), slugs)
    for name, prompt in found.items():
        strange = [event for event in prompt.events if event not in EVENTS]
        if prompt.checklist and prompt.checklist not in checklists:
            strange.append(prompt.checklist)
        if strange:
            raise BrokenContent((Fault(path, 1, f"{name} names {', '.join(strange)}, which isn't there"),))
    return found


def _read(adapter: TypeAdapter[T], path: Path) -> T:
    try:
        return adapter.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BrokenContent((Fault(path, 1, " ".join(str(error).split())),)) from None


def _require_entries(path: Path, named: Iterable[tuple[str, str]], slugs: Set[str]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    faults = [
        Fault(path, lines.index(f"[{name}]") + 1, f"{name} points at {entry}, which is no entry")
        for name, entry in named
        if entry not in slugs
    ]
    if faults:
        raise BrokenContent(tuple(faults))
