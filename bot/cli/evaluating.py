"""driftless eval: a council's own questions, and which entries they confuse."""

from collections import Counter
from collections.abc import Sequence
from typing import TextIO

import click

from bot.app import build_office
from bot.cli.batches import read_lines
from bot.finding.corpus import Line
from bot.finding.metrics import Judged, figures
from bot.services.office import Office
from bot.settings import read_settings

_SHOWN = ("hit@1", "hit@3", "MRR@10", "outright", "wrong", "refused wrongly", "none near", "urgent")
_WORDS = {
    "hit@1": "right entry ranked first",
    "hit@3": "right entry among the first three",
    "MRR@10": "mean of 1 / its place",
    "outright": "right entry shown as the answer",
    "wrong": "a wrong entry shown as the answer",
    "refused wrongly": "refused although an entry answers it",
    "none near": "refused as it should be",
    "urgent": "danger told as danger",
}
_MOST_PAIRS = 10


@click.command("eval")
@click.option("--own", type=click.File(encoding="utf-8"), required=True, help="The questions, a line each.")
def evaluate(own: TextIO) -> None:
    """Measures finding on your own questions: lines of {"question", "entry"} or {"question", "entries": []}.

    No entries: to be refused. {"kind": "urgent"}: it tells of danger. Nothing is kept or sent anywhere.
    """
    office = build_office(read_settings())
    lines = [_line(item, office) for item in read_lines(own, "question")]
    if not lines:
        raise click.ClickException(f"{own.name} holds no question.")
    judged = [Judged(line, office.finder.find(line.question)) for line in lines]
    values = figures(judged)
    click.echo(f"{len(lines)} questions")
    for name in _SHOWN:
        if values[name] == values[name]:  # nothing to judge is not a number
            click.echo(f"{values[name]:6.3f}  {_WORDS[name]}")
    for (right, found), times in _confused(judged).most_common(_MOST_PAIRS):
        click.echo(f"{times:6}  {right} taken for {found}")


def _line(item: dict[str, object], office: Office) -> Line:
    entries = item.get("entries", [item["entry"]] if "entry" in item else [])
    if not isinstance(entries, list):
        raise click.ClickException(f"entries must be a list: {item['question']}")
    unknown = [slug for slug in entries if office.library.guidance.find(str(slug)) is None]
    if unknown:
        raise click.ClickException(f"There is no entry {unknown[0]}: see driftless guidance list.")
    kind = str(item.get("kind", "answerable" if entries else "none"))
    return Line("own", kind, str(item["question"]), tuple(map(str, entries)))


def _confused(judged: Sequence[Judged]) -> Counter[tuple[str, str]]:
    """How often a wrong entry stood first where another was right."""
    return Counter(
        (each.line.entries[0], each.found.candidates[0])
        for each in judged
        if each.line.entries and each.found.candidates and each.found.candidates[0] not in each.line.entries
    )
