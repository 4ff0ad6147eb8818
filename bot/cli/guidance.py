"""driftless guidance: checks and lists the entries."""

import click

from bot.cli.batches import write
from bot.content.faults import BrokenContent
from bot.content.loading import load_library
from bot.rules.dates import show_date
from bot.settings import read_settings


@click.group()
def guidance() -> None:
    """Checks and lists the guidance entries."""


@guidance.command()
def check() -> int:
    """Prints every fault with file, line and mend; exit code 1 if there is one."""
    try:
        library = load_library(read_settings().guidance_overlay)
    except BrokenContent as broken:
        for fault in broken.faults:
            click.echo(str(fault), err=True)
        click.echo(f"{len(broken.faults)} faults", err=True)
        return 1
    reachable = {clock for entry in library.guidance.entries for clock in entry.header.clocks}
    lost = [row.id for row in library.book.rows if not reachable & {row.id, *row.aliases}]
    click.echo(
        f"{len(library.guidance.entries)} entries and {len(library.book.rows)} timescales, no fault; "
        f"{len(lost)} timescales that no entry names."
    )
    return 0


@guidance.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> None:
    """Every entry with its force, how sure we are, and when it is due for checking."""
    for entry in load_library(read_settings().guidance_overlay).guidance.entries:
        header = entry.header
        if as_json:
            write(
                {
                    "id": entry.id,
                    "title": entry.title,
                    "group": header.group,
                    "force": header.force.value,
                    "status": header.status,
                    "verified": header.verified,
                    "checked_on": header.checked_on.isoformat(),
                    "next_check": header.next_check.isoformat(),
                    "clocks": list(header.clocks),
                }
            )
        else:
            click.echo(
                f"{entry.id}: {entry.title} · {header.verified} · next check {show_date(header.next_check)}"
            )
