"""Reads the questions the model learns from and is judged on."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"
GUIDANCE = Path(__file__).parents[1] / "content" / "guidance"
SNAPSHOT = DATA / "phrasings" / "guidance.jsonl"


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
    paths = sorted((DATA / "phrasings").glob("*.jsonl"))
    return [line for path in paths for line in _read(path, path.stem.removesuffix("-other"))]


def development_lines() -> list[Line]:
    """The development set: never learnt from."""
    return list(_read(DATA / "evaluation" / "dev.jsonl", "dev"))


def data_hash() -> str:
    """One hash over everything the model is made from."""
    digest = hashlib.sha256()
    for path in [DATA / "abbreviations.toml", *sorted((DATA / "phrasings").glob("*.jsonl"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def snapshot_guidance() -> int:
    """Copy the questions of the guidance entries into the data as a hand of their own; returns how many."""
    rows: list[str] = []
    for path in sorted(GUIDANCE.glob("*.md")):
        head = yaml.safe_load(path.read_text("utf-8").split("---")[1])
        rows += [
            json.dumps({"entry": head["id"], "question": str(question)}, ensure_ascii=False)
            for question in head.get("questions", ())
        ]
    SNAPSHOT.write_text("".join(f"{row}\n" for row in rows), "utf-8")
    return len(rows)
