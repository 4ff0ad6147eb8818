"""driftless notice: the privacy notice of this installation, to publish."""

import click

from bot.services.office import Notice
from bot.settings import read_settings
from bot.texts.privacy import document


@click.command()
def notice() -> None:
    """Prints the privacy notice as Markdown, made from the settings and the table of reach."""
    settings = read_settings()
    click.echo(document(Notice(settings.run_by, settings.privacy_contact, settings.retention)), nl=False)
