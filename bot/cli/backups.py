"""driftless backup and restore: the SQLite database as one file, and back."""

from pathlib import Path

import click

from bot.clock import utc_now
from bot.settings import read_settings
from storage.backups import NoBackup, back_up, database_file
from storage.backups import restore as put_back

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Writes a consistent copy of the database to FILE; the bot may go on running."""
    try:
        size = back_up(database_file(read_settings().database_url), file)
    except NoBackup as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Wrote {file}, {size:,} bytes, checked.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Doesn't ask first.")
def restore(file: Path, yes: bool) -> None:
    """Puts FILE in the database's place. Stop the bot first; the present database is kept beside it."""
    try:
        target = database_file(read_settings().database_url)
        if target.exists() and not yes:
            click.confirm(f"Is the bot stopped, and shall {target} be replaced?", abort=True)
        former = put_back(file, target, utc_now())
    except NoBackup as error:
        raise click.ClickException(str(error)) from None
    kept = f" The former database is {former}." if former is not None else ""
    click.echo(f"Restored {target}.{kept} Now run: driftless migrate")
