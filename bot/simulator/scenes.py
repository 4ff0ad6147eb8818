"""Scenes: ready-made stories in TOML files, played step by step for training and by the tests."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEEDS = ("says", "presses", "blocks", "unblocks", "goes_offline", "comes_back")
CLOCK_WORDS = (
    re.compile(r"next-(morning|reminder)"),
    re.compile(r"until-seen"),
    re.compile(r"(mon|tues|wednes|thurs|fri|satur|sun)day \d{2}:\d{2}"),
    re.compile(r"[1-9]\d{0,2} days? \d{2}:\d{2}"),
)
_STEP = {"tell", "learn", "who", "clock", "sees", "toast", "silent", *DEEDS}
_SCENE = {"title", "about", "cast", "steps"}
_PART = {"name", "begins", "sees"}


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody in a scene: who is not there yet comes in with these first words."""

    name: str
    begins: str = ""
    sees: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody does or that the clock does, and what comes of it."""

    tell: str
    """What will happen, for whoever looks on."""
    who: str = ""
    deed: str = ""
    words: str = ""
    clock: str = ""
    sees: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What each person's chat must show after it."""
    toast: str = ""
    silent: tuple[str, ...] = ()
    """Who must hear nothing."""
    learn: str = ""
    """What to notice, told afterwards."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A story with its cast."""

    id: str
    title: str
    about: str
    cast: tuple[Part, ...]
    steps: tuple[Step, ...]


class BrokenScene(ValueError):
    """A scene file that can't be played; the words name the file, the step and the fault."""


def load_scenes(folder: Path) -> tuple[Scene, ...]:
    """All scenes of a folder, in the order of their file names; 10-week.toml is the scene “week”."""
    return tuple(read_scene(file) for file in sorted(folder.glob("*.toml")))


def read_scene(file: Path) -> Scene:
    """One scene; raises BrokenScene."""
    try:
        return _scene(re.sub(r"^\d+-", "", file.stem), tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, BrokenScene) as error:
        raise BrokenScene(f"{file.name}: {error}") from None


def _scene(scene_id: str, given: dict[str, Any]) -> Scene:
    _only(given, _SCENE, "the scene")
    cast = tuple(_part(part) for part in given.get("cast", ()))
    names = {part.name for part in cast}
    steps = tuple(_step(number, step, names) for number, step in enumerate(given.get("steps", ()), 1))
    if not cast or not steps:
        raise BrokenScene("a scene needs a cast and steps")
    return Scene(
        scene_id, _text(given, "title", "the scene"), _text(given, "about", "the scene"), cast, steps
    )


def _part(given: dict[str, Any]) -> Part:
    _only(given, _PART, "a part")
    return Part(_text(given, "name", "a part"), str(given.get("begins", "")), str(given.get("sees", "")))


def _step(number: int, given: dict[str, Any], names: set[str]) -> Step:
    where = f"step {number}"
    _only(given, _STEP, where)
    deeds = [deed for deed in DEEDS if deed in given]
    if len(deeds) + ("clock" in given) != 1:
        raise BrokenScene(f"{where} needs exactly one of: clock, {', '.join(DEEDS)}")
    who = str(given.get("who", ""))
    step = Step(
        tell=_text(given, "tell", where),
        who=who,
        deed=deeds[0] if deeds else "",
        words=_deed_words(given, deeds[0], where) if deeds else "",
        clock=str(given.get("clock", "")),
        sees=_sees(given.get("sees", {}), who),
        toast=str(given.get("toast", "")),
        silent=tuple(given.get("silent", ())),
        learn=str(given.get("learn", "")),
    )
    _check(step, names, where)
    return step


def _deed_words(given: dict[str, Any], deed: str, where: str) -> str:
    return _text(given, deed, where) if deed in {"says", "presses"} else ""


def _sees(given: Any, who: str) -> dict[str, tuple[str, ...]]:
    """sees = "words" is what `who` sees; a table says it for several people."""
    by_name = given if isinstance(given, dict) else {who: given}
    return {name: (words,) if isinstance(words, str) else tuple(words) for name, words in by_name.items()}


def _check(step: Step, names: set[str], where: str) -> None:
    unknown = ({step.who} if step.who or step.deed else set()) | set(step.sees) | set(step.silent)
    if unknown - names:
        raise BrokenScene(f"{where}: not in the cast: {', '.join(sorted(unknown - names)) or 'nobody'}")
    if step.clock and not any(known.fullmatch(step.clock.lower()) for known in CLOCK_WORDS):
        raise BrokenScene(f"{where}: the clock can't be moved to “{step.clock}”")
    if step.clock == "until-seen" and not step.sees:
        raise BrokenScene(f"{where}: until-seen needs what is to be seen")
    if step.toast and step.deed != "presses":
        raise BrokenScene(f"{where}: only a press is answered with a toast")


def _only(given: dict[str, Any], known: Iterable[str], where: str) -> None:
    unknown = set(given) - set(known)
    if unknown:
        raise BrokenScene(f"{where} has unknown fields: {', '.join(sorted(unknown))}")


def _text(given: dict[str, Any], name: str, where: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BrokenScene(f"{where} needs {name}")
    return value.strip()
