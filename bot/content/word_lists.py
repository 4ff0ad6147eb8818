"""Reads checklists, glossary and prompts, checked against the entries they point at, and action templates."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.content.faults import BrokenContent, Fault
from bot.rules.checklists import Checklist, Checklists, Glossary, GlossaryTerm
from bot.rules.events import EVENTS
from bot.rules.prompts import Prompt, Prompts
from bot.rules.supervision import KINDS, LONGEST, ActionTemplate, vague_words

T = TypeVar("T")
_FOLDER = Path(__file__).parent
CHECKLISTS = _FOLDER / "checklists.toml"
GLOSSARY = _FOLDER / "glossary.toml"
PROMPTS = _FOLDER / "prompts.toml"
_CHECKLISTS = TypeAdapter(dict[str, Checklist])
_GLOSSARY = TypeAdapter(dict[str, GlossaryTerm])
_PROMPTS = TypeAdapter(dict[str, Prompt])
TEMPLATES = _FOLDER / "action_templates.toml"
_TEMPLATES = TypeAdapter(dict[str, ActionTemplate])
_LONGEST_ID = 24


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


def load_templates(overlay: Path | None = None, path: Path = TEMPLATES) -> Mapping[str, ActionTemplate]:
    """The action templates by id. A council's file of that name replaces one, adds one, or (`withdrawn =
    true`) takes one away. Raises BrokenContent."""
    found = _checked_templates(path, _parsed(path))
    own = overlay / TEMPLATES.name if overlay is not None else None
    if own is None or not own.is_file():
        return found
    raw = _parsed(own)
    gone = {name for name, fields in raw.items() if fields == {"withdrawn": True}}
    strange = sorted(gone - found.keys())
    if strange:
        raise BrokenContent((Fault(own, 1, f"{', '.join(strange)}: withdrawn, but no template of ours"),))
    added = _checked_templates(own, {name: fields for name, fields in raw.items() if name not in gone})
    return {name: one for name, one in (found | added).items() if name not in gone}


def _checked_templates(path: Path, raw: dict[str, Any]) -> dict[str, ActionTemplate]:
    found = _validated(_TEMPLATES, path, raw)
    faults = tuple(
        Fault(path, 1, f"{name}: {what}")
        for name, one in found.items()
        for what in _template_faults(name, one)
    )
    if faults:
        raise BrokenContent(faults)
    return found


def _template_faults(name: str, one: ActionTemplate) -> Iterator[str]:
    if one.kind not in KINDS:
        yield f"kind {one.kind} is none of: {', '.join(KINDS)}"
    if len(name) > _LONGEST_ID:
        yield f"an id has up to {_LONGEST_ID} characters"
    for text in (one.title, one.do, one.why, one.measure):
        if not 3 <= len(text) <= LONGEST:
            yield "title, do, why and measure each need 3 to 600 characters"
        if (vague := vague_words(text)) is not None:
            yield f"“{vague[0]}” can't be checked: say what will be there to see"


def _read(adapter: TypeAdapter[T], path: Path) -> T:
    return _validated(adapter, path, _parsed(path))


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BrokenContent((Fault(path, 1, " ".join(str(error).split())),)) from None


def _validated(adapter: TypeAdapter[T], path: Path, raw: dict[str, Any]) -> T:
    try:
        return adapter.validate_python(raw)
    except ValidationError as error:
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
