"""Lists the commands; turns every expected failure into one clear line on stderr."""

import sys

import click

from bot.cli import ask, data, deadlines, guidance, people, running
from bot.content.faults import BrokenContent
from bot.rules.errors import Refusal
from bot.settings import BadSettings
from storage.database import BadDatabaseUrl
from storage.migrating import WrongSchema

_EXPECTED = (BadSettings, BrokenContent, Refusal, BadDatabaseUrl, WrongSchema)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="driftless", message="%(version)s")
def cli() -> None:
    """Driftless: cited procedure answers, case clocks and supervision actions, in Telegram."""


for command in (
    running.run,
    running.demo,
    running.simulator,
    ask.ask,
    deadlines.deadlines,
    people.invite,
    data.import_,
    data.migrate,
    data.doctor,
    guidance.guidance,
):
    cli.add_command(command)


def main() -> None:
    """Exit code 0: done. 1: it could not be done. 2: it was asked for wrongly."""
    try:
        code = cli.main(standalone_mode=False)
    except click.UsageError as error:
        usage = error.ctx.command_path if error.ctx is not None else "driftless"
        _stop(f"{error.format_message()} See: {usage} --help", 2)
    except click.ClickException as error:
        _stop(error.format_message(), 1)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except _EXPECTED as error:
        _stop(str(error), 1)
    except BrokenPipeError:
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _stop(message: str, code: int) -> None:
    sys.stderr.write(f"driftless: {message}\n")
    sys.exit(code)
