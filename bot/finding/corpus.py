"""Reads the questions the model learns from and is judged on."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"
GUIDANCE = Path(__file__).parents[1] / "content" / "guidance"
PHRASINGS = DATA / "phrasings"
OPINIONS = DATA / "evaluation" / "left-out.npz"
BODY = "body"
_SHORTEST_BODY = 25
_MARKS = re.compile(r"\[[^\]]*\]|\{[^}]*\}|^(?:[-*]|\d+\.) |\*")


@dataclass(frozen=True, slots=True)
class Line:
    """One question with who wrote it, its kind, and every entry that would be right."""

    hand: str
    kind: str
    question: str
    entries: tuple[str, ...]


def _read(path: Path, hand: str) -> Iterator[Line]:
    for raw in path.read_text("utf-8").splitlines():
        line = json.loads(raw)
        entries = (line["entry"],) if "entry" in line else tuple(line["entries"])
        yield Line(hand, line.get("kind", "answerable"), line["question"], entries)


def training_lines() -> list[Line]:
    """Every line to learn from; hand1.jsonl and hand1-other.jsonl are of one hand."""
    paths = sorted(PHRASINGS.glob("*.jsonl"))
    return [line for path in paths for line in _read(path, path.stem.removesuffix("-other"))]


def development_lines() -> list[Line]:
    """The development set: never learnt from."""
    return list(_read(DATA / "evaluation" / "dev.jsonl", "dev"))


def kept_out_lines() -> list[Line]:
    """Long messages as people write them in public places, of a hand whose other lines are learnt."""
    return list(_read(DATA / "evaluation" / "kept-out.jsonl", "kept-out"))


def unseen_lines() -> list[Line]:
    """Messages of several facts with one question in them, of a hand of which no line is learnt."""
    return list(_read(DATA / "evaluation" / "unseen.jsonl", "unseen"))


def left_out_opinions(names: Sequence[str]) -> dict[tuple[str, str], tuple[NDArray[np.float16], float]]:
    """What a sentence model that had not learnt from a hand said of its lines: class scores and danger.

    By hand and question; empty where the classes are not these.
    """
    if not OPINIONS.is_file():
        return {}
    with np.load(OPINIONS, allow_pickle=False) as data:
        if list(data["classes"]) != list(names):
            return {}
        keys = zip(data["hands"].tolist(), data["questions"].tolist(), strict=True)
        return dict(zip(keys, zip(data["scores"], data["danger"].tolist(), strict=True), strict=True))


def data_hash() -> str:
    """One hash over everything the model is made from."""
    digest = hashlib.sha256()
    for path in [DATA / "abbreviations.toml", *sorted(PHRASINGS.glob("*.jsonl"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def groups() -> dict[str, str]:
    """Each entry's topic group."""
    found = {}
    for path in sorted(GUIDANCE.glob("*.md")):
        entry = yaml.safe_load(path.read_text("utf-8").split("---\n", 2)[1])
        found[entry["id"]] = entry["group"]
    return found


def _body(text: str) -> Iterator[str]:
    """The sentences of an entry without headings, marks and references."""
    for raw in text.splitlines():
        line = _MARKS.sub("", raw).strip()
        if len(line) >= _SHORTEST_BODY and not raw.startswith("#"):
            yield line


def snapshot_guidance() -> None:
    """Copy the questions and the sentences of the guidance into the data, each as a hand of its own."""
    asked: list[dict[str, object]] = []
    told: list[dict[str, object]] = []
    for path in sorted(GUIDANCE.glob("*.md")):
        _, head, body = path.read_text("utf-8").split("---\n", 2)
        entry = yaml.safe_load(head)
        slug = entry["id"]
        asked += [{"entry": slug, "question": str(question)} for question in entry.get("questions", ())]
        told += [{"kind": BODY, "entries": [slug], "question": line} for line in _body(body)]
    for name, rows in (("guidance", asked), ("guidance-body", told)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (PHRASINGS / f"{name}.jsonl").write_text(text, "utf-8")
