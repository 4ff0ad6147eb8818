"""driftless ask: the answer that the bot would give."""

from datetime import date
from typing import Any, TextIO

import click

from bot.app import build_office
from bot.cli.batches import read_lines, write
from bot.clock import utc_now
from bot.services.answering import find
from bot.services.office import Office
from bot.settings import read_settings
from bot.texts.answers import buttons, message
from bot.texts.html import plain


@click.command()
@click.argument("question", required=False)
@click.option("--batch", type=click.File(encoding="utf-8"), help='Lines of {"id", "question"}.')
@click.option("--json", "as_json", is_flag=True, help="One JSON object a question.")
def ask(question: str | None, batch: TextIO | None, as_json: bool) -> None:
    """Answers a QUESTION, or each line of a batch, as the bot would. Nothing is kept."""
    if (question is None) == (batch is None):
        raise click.UsageError("Give one question in quotes, or --batch FILE.")
    office = build_office(read_settings())
    today = office.today(utc_now())
    if batch is not None:
        for item in read_lines(batch, "id", "question"):
            write({"id": item["id"], **_as_json(office, str(item["question"]), today)})
        return
    answer = _as_json(office, question or "", today)
    if as_json:
        write(answer)
        return
    click.echo(answer["text"])
    for label in answer["buttons"]:
        click.echo(f"  [{label}]")


def _as_json(office: Office, question: str, today: date) -> dict[str, Any]:
    found = find(office, question, today)
    return {
        "status": found.finding.status,
        "entry": found.finding.entry,
        "candidates": list(found.finding.candidates),
        "score": round(found.finding.score, 4),
        "text": plain(message(found, office.library)),
        "buttons": [button.label for row in buttons(found, office.library) for button in row],
        "offered": [entry.id for entry in found.offered] if found.entry is None else [],
    }
