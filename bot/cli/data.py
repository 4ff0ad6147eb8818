"""driftless migrate and doctor."""

import asyncio

import click

from bot.cli.batches import write as write_line
from bot.cli.checks import all_checks
from bot.cli.storage import opened
from bot.settings import read_settings
from storage.migrating import new_revision, upgrade


@click.command()
@click.option(
    "--write", metavar="MESSAGE", help="For developers: writes a migration from the changed tables."
)
def migrate(write: str | None) -> None:
    """Brings the database to this program's version; makes it where there is none."""
    settings = read_settings()

    async def go() -> None:
        async with opened(settings.database_url, migrated=False) as database:
            await upgrade(database)
            if write:
                await new_revision(database, write)

    asyncio.run(go())
    click.echo(
        "The database is ready." if not write else "The migration is written: read it before you commit it."
    )


@click.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(as_json: bool) -> int:
    """Checks token, clock, database, disk, outbox, leader, guidance, holidays; each fault with its mend."""
    found = asyncio.run(all_checks(read_settings()))
    for check in found:
        if as_json:
            write_line({"check": check.name, "ok": check.ok, "says": check.says})
        else:
            click.echo(f"{'ok ' if check.ok else 'BAD'} {check.name}: {check.says}")
    return 0 if all(check.ok for check in found) else 1
