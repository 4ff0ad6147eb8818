"""Measures finding: python -m bot.finding.evaluate (hands left out, development set, baselines, speed)."""

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from bot.finding.baselines import MiniLm
from bot.finding.bm25 import Bm25
from bot.finding.corpus import (
    Line,
    development_lines,
    groups,
    kept_out_lines,
    left_out_opinions,
    training_lines,
    unseen_lines,
)
from bot.finding.finder import Finder, SecondOpinion
from bot.finding.metrics import COLUMNS, Judged, figures, interval, share
from bot.finding.model import Floats, Model
from bot.finding.prepared import Prepared
from bot.finding.result import EntryText, Finding
from bot.finding.sentence_model import SentenceModel
from bot.finding.train import SEED, Trained, as_shipped, fold, train

FAR_FROM_SUBJECT = range(215, 240)
Find = Callable[[str], Finding]
_MEMORY = (
    "held = lambda: int(open('/proc/self/statm').read().split()[1]) * 4096 / 1e6; before = held();"
    "from bot.finding import EntryText, Finder;"
    "Finder.load([EntryText('icpc', 'icpc')]).find('when is the conference due'); print(held() - before)"
)


class Recorded:
    """The second opinion of a sentence model that had not learnt from a hand, as it was recorded."""

    def __init__(self, said: dict[str, tuple[Floats, float]]) -> None:
        self._said = said

    def score(self, question: str) -> tuple[Floats, float]:
        """What was recorded for this question."""
        return self._said[question]


def judge(find: Find, lines: Iterable[Line]) -> list[Judged]:
    """Ask every question."""
    return [Judged(line, find(line.question)) for line in lines]


def all_slugs(model: Model) -> list[EntryText]:
    """Every entry the model knows, without words of its own."""
    return [EntryText(name, f"entry {name}") for name in model.classes if not name.startswith("-")]


def question_fields(lines: Sequence[Line]) -> list[EntryText]:
    """What a search over question fields would have."""
    asked: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        for slug in line.entries:
            asked[slug].append(line.question)
    return [EntryText(slug, slug.replace("-", " "), tuple(questions)) for slug, questions in asked.items()]


def row(name: str, values: dict[str, float]) -> str:
    """One line of the table."""
    return f"{name:<22}" + "".join(f"{values[column]:>{len(column) + 2}.3f}" for column in COLUMNS)


def left_out(trained: Trained) -> dict[str, list[Judged]]:
    """Every hand, judged by the linear model that has not learnt from it."""
    return _left_out(trained, [prepared.line for prepared in trained.rows], None)


def left_out_together(trained: Trained) -> dict[str, list[Judged]]:
    """The hands that neither the linear nor the sentence model has learnt from, judged by both together."""
    kept = left_out_opinions([*Model(as_shipped(trained.arrays)).classes])
    lines = [p.line for p in trained.rows if (p.line.hand, p.line.question) in kept]
    said = {question: (scores.astype(np.float32), danger) for (_, question), (scores, danger) in kept.items()}
    return _left_out(trained, lines, Recorded(said))


def _left_out(
    trained: Trained, lines: Sequence[Line], second: SecondOpinion | None
) -> dict[str, list[Judged]]:
    finders = {}
    for left, arrays in trained.left_out.items():
        model = Model(as_shipped(arrays))
        finders[left] = Finder.load(all_slugs(model), model, second)
    by_hand: dict[str, list[Judged]] = {}
    for hand in sorted({line.hand for line in lines}):
        by_hand[hand] = judge(finders[fold(hand)].find, [line for line in lines if line.hand == hand])
    return by_hand


def holes(model: Model, second: SecondOpinion | None) -> float:
    """Each entry left out in turn: the share of its development questions refused or offered as choices."""
    entries = all_slugs(model)
    kept: list[bool] = []
    for hole in entries:
        finder = Finder.load([entry for entry in entries if entry.slug != hole.slug], model, second)
        for line in development_lines():
            if line.kind == "answerable" and line.entries == (hole.slug,):
                kept.append(finder.find(line.question).status in ("none", "choices"))
    return share(kept)


def speed(find: Find, rows: Sequence[Prepared]) -> tuple[float, float]:
    """Milliseconds of processor time a question: the middle one, and the slowest but one in a hundred."""
    taken = []
    for prepared in rows:
        begun = time.process_time()
        find(prepared.line.question)
        taken.append((time.process_time() - begun) * 1000)
    low, high = np.percentile(taken, (50, 99))
    return float(low), float(high)


def memory() -> float:
    """What loading and asking adds to a fresh process, in MB (read as Linux tells it)."""
    done = subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, text=True, check=True)
    return float(done.stdout)


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


def by_group(judged: Sequence[Judged]) -> list[str]:
    """hit@1 and outright of each topic group, the weakest first."""
    of = groups()
    found: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        if each.line.kind == "answerable":
            found[of[each.line.entries[0]]].append(each)
    values = {name: figures(some) for name, some in found.items()}
    order = sorted(values, key=lambda name: values[name]["hit@1"])
    head = f"{'topic group':<22}{'lines':>7}{'hit@1':>8}{'outright':>10}"
    return [head] + [
        f"{name:<22}{len(found[name]):>7}{values[name]['hit@1']:>8.3f}{values[name]['outright']:>10.3f}"
        for name in order
    ]


def _flat(by_hand: dict[str, list[Judged]]) -> list[Judged]:
    return [j for judged in by_hand.values() for j in judged]


def report(trained: Trained) -> str:
    """The whole table as text."""
    lines = development_lines()
    far = frozenset(lines[at].question for at in FAR_FROM_SUBJECT)
    model, second = Model(as_shipped(trained.arrays)), SentenceModel.shipped()
    finder = Finder.load(all_slugs(model), model, second)
    linear, together = left_out(trained), left_out_together(trained)
    out = ["judged".ljust(22) + "".join(f"  {column}" for column in COLUMNS)]
    out += [row(hand, figures(judged)) for hand, judged in linear.items()]
    out.append(row("all left out, linear", figures(_flat(linear))))
    out += [row(f"{hand}, together", figures(judged)) for hand, judged in together.items()]
    if together:
        same = [j for hand in together for j in linear[hand]]
        out.append(row("these hands, linear", figures(same)))
        out.append(row("these, together", figures(_flat(together))))
        out.append(f"left out, together, 95 % ranges: {_ranges(_flat(together))}")
    dev = judge(finder.find, lines)
    asked = question_fields([line for line in training_lines() if line.hand == "guidance"])
    baselines: dict[str, Find | None] = {
        "linear alone": Finder.load(all_slugs(model), model).find,
        "BM25": Bm25(asked).find,
        "MiniLM as it comes": MiniLm.where_installed(asked),
        "always refuse": lambda _question: Finding("none"),
    }
    out.append(row("development", figures(dev, far)))
    for name, find in baselines.items():
        out.append(row(f"  {name}", figures(judge(find, lines), far)) if find else f"  {name}: not installed")
    out.append(f"development, 95 % ranges: {_ranges(dev)}")
    for name, kept in (("kept out", kept_out_lines()), ("unseen hand", unseen_lines())):
        judged = judge(finder.find, kept)
        out += [row(name, figures(judged)), f"{name}, 95 % ranges: {_ranges(judged)}"]
    out.append(f"entry left out: refused or offered as choices {holes(model, second):.3f}")
    middle, slow = speed(finder.find, trained.rows[::5])
    out.append(f"milliseconds a question: p50 {middle:.2f}, p99 {slow:.2f}; memory {memory():.0f} MB")
    return "\n".join([*out, "", *by_group(_flat(together or linear))])


def main() -> None:
    """Train the linear model once more (the file is left alone), judge, print."""
    sys.stdout.write(report(train()) + "\n")


if __name__ == "__main__":
    main()
