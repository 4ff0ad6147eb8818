"""driftless migrate and doctor."""

import asyncio

import click

from bot.cli.batches import write
from bot.cli.checks import all_checks
from bot.cli.storage import opened
from bot.settings import read_settings
from storage.migrating import upgrade


@click.command()
def migrate() -> None:
    """Brings the database to this program's version; makes it where there is none."""
    settings = read_settings()

    async def go() -> None:
        async with opened(settings.database_url, migrated=False) as database:
            await upgrade(database)

    asyncio.run(go())
    click.echo("The database is ready.")


@click.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(as_json: bool) -> int:
    """Checks token, database, guidance, holidays and outbox; each fault with its mend."""
    found = asyncio.run(all_checks(read_settings()))
    for check in found:
        if as_json:
            write({"check": check.name, "ok": check.ok, "says": check.says})
        else:
            click.echo(f"{'ok ' if check.ok else 'BAD'} {check.name}: {check.says}")
    return 0 if all(check.ok for check in found) else 1
