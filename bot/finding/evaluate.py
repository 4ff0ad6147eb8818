"""Measures finding: python -m bot.finding.evaluate (hands left out, development set, baselines, speed)."""

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from bot.finding.bm25 import Bm25
from bot.finding.corpus import Line, development_lines, training_lines
from bot.finding.finder import Finder
from bot.finding.metrics import COLUMNS, Judged, figures, interval, share
from bot.finding.model import Model
from bot.finding.prepared import Prepared
from bot.finding.result import EntryText, Finding
from bot.finding.train import SEED, Trained, fold, train

FAR_FROM_SUBJECT = range(215, 240)
Find = Callable[[str], Finding]


def judge(find: Find, lines: Iterable[Line]) -> list[Judged]:
    """Ask every question."""
    return [Judged(line, find(line.question)) for line in lines]


def all_slugs(model: Model) -> list[EntryText]:
    """Every entry the model knows, without words of its own."""
    return [EntryText(name, f"entry {name}") for name in model.classes if not name.startswith("-")]


def question_fields(lines: Sequence[Line]) -> list[EntryText]:
    """The questions that a search over question fields would have: those of the guidance and of the hands."""
    asked: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        for slug in line.entries:
            asked[slug].append(line.question)
    return [EntryText(slug, slug.replace("-", " "), tuple(questions)) for slug, questions in asked.items()]


def row(name: str, values: dict[str, float]) -> str:
    """One line of the table."""
    return f"{name:<16}" + "".join(f"{values[column]:>{len(column) + 2}.3f}" for column in COLUMNS)


def left_out(trained: Trained) -> dict[str, list[Judged]]:
    """Every hand, judged by the model that has not learnt from it."""
    by_hand: dict[str, list[Judged]] = {}
    finders = {}
    for left, arrays in trained.left_out.items():
        model = Model(arrays)
        finders[left] = Finder.load(all_slugs(model), model)
    for hand in sorted({prepared.line.hand for prepared in trained.rows}):
        lines = [prepared.line for prepared in trained.rows if prepared.line.hand == hand]
        by_hand[hand] = judge(finders[fold(hand)].find, lines)
    return by_hand


def holes(trained: Trained) -> float:
    """Each entry left out in turn: the share of its development questions refused or offered as choices."""
    model = Model(trained.arrays)
    entries = all_slugs(model)
    kept: list[bool] = []
    for hole in entries:
        finder = Finder.load([entry for entry in entries if entry.slug != hole.slug], model)
        for line in development_lines():
            if line.kind == "answerable" and line.entries == (hole.slug,):
                kept.append(finder.find(line.question).status in ("none", "choices"))
    return share(kept)


def speed(find: Find, rows: Sequence[Prepared]) -> tuple[float, float]:
    """Milliseconds a question: the middle one, and the slowest but one in a hundred."""
    taken = []
    for prepared in rows:
        begun = time.perf_counter()
        find(prepared.line.question)
        taken.append((time.perf_counter() - begun) * 1000)
    low, high = np.percentile(taken, (50, 99))
    return float(low), float(high)


def _ranges(judged: Sequence[Judged]) -> str:
    ranked = [j for j in judged if j.line.kind in ("answerable", "urgent")]
    clear = [j for j in judged if j.line.kind != "ambiguous"]
    answerable = [j for j in ranked if j.line.kind == "answerable"]
    parts = {
        "hit@1": [float(j.place == 1) for j in ranked],
        "outright": [float(j.outright) for j in answerable],
        "wrong": [float(j.shown_wrongly) for j in clear],
    }
    ranges = {name: interval(values, SEED) for name, values in parts.items()}
    return ", ".join(f"{name} {low:.3f} to {high:.3f}" for name, (low, high) in ranges.items())


def report(trained: Trained) -> str:
    """The whole table as text."""
    far = frozenset(development_lines()[at].question for at in FAR_FROM_SUBJECT)
    model = Model(trained.arrays)
    shipped = Finder.load(all_slugs(model), model)
    out = ["judged".ljust(16) + "".join(f"  {column}" for column in COLUMNS)]
    by_hand = left_out(trained)
    out += [row(hand, figures(judged)) for hand, judged in by_hand.items()]
    out.append(row("all left out", figures([j for judged in by_hand.values() for j in judged])))
    lines = development_lines()
    dev = judge(shipped.find, lines)
    out.append(row("development", figures(dev, far)))
    out.append(row("  BM25", figures(judge(Bm25(question_fields(training_lines())).find, lines), far)))
    out.append(row("  always refuse", figures(judge(lambda _question: Finding("none"), lines), far)))
    out.append(f"development, 95 % ranges: {_ranges(dev)}")
    out.append(f"entry left out: refused or offered as choices {holes(trained):.3f}")
    middle, slow = speed(shipped.find, trained.rows[::5])
    out.append(f"milliseconds a question: p50 {middle:.2f}, p99 {slow:.2f}")
    return "\n".join(out)


def main() -> None:
    """Train once more (the file is left alone), judge, print."""
    sys.stdout.write(report(train()) + "\n")


if __name__ == "__main__":
    main()
