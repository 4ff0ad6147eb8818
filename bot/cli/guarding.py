"""driftless guard: which lines hold personal details, measured without repeating them."""

from typing import TextIO

import click

from bot.cli.batches import read_lines, write
from bot.rules.guard import personal


@click.command()
@click.option("--batch", type=click.File(encoding="utf-8"), required=True, help='Lines of {"id", "text"}.')
@click.option("--json", "as_json", is_flag=True)
def guard(batch: TextIO, as_json: bool) -> None:
    """Says of each line whether it holds a personal detail, and of which kinds; never the text itself."""
    for line in read_lines(batch, "id", "text"):
        kinds = personal(str(line["text"]))
        if as_json:
            write({"id": line["id"], "personal": bool(kinds), "kinds": list(kinds)})
        else:
            click.echo(f"{line['id']}\t{', '.join(kinds) or 'nothing personal'}")
