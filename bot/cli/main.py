"""Lists the commands; turns every expected failure into one clear line on stderr."""

import gc
import importlib
import sys
from collections.abc import Mapping

import click

_COMMANDS: Mapping[str, str] = {
    "ask": "bot.cli.ask:ask",
    "audit": "bot.cli.auditing:audit",
    "backup": "bot.cli.backups:backup",
    "calendar": "bot.cli.exporting:calendar",
    "code": "bot.cli.people:code",
    "deadlines": "bot.cli.deadlines:deadlines",
    "demo": "bot.cli.running:demo",
    "doctor": "bot.cli.data:doctor",
    "email": "bot.cli.people:email",
    "eval": "bot.cli.evaluating:evaluate",
    "export-period": "bot.cli.period_export:export_period",
    "guard": "bot.cli.guarding:guard",
    "guidance": "bot.cli.guidance:guidance",
    "import": "bot.cli.importing:import_",
    "invite": "bot.cli.people:invite",
    "leaver": "bot.cli.people:leaver",
    "migrate": "bot.cli.data:migrate",
    "notice": "bot.cli.privacy:notice",
    "purge": "bot.cli.purging:purge",
    "restore": "bot.cli.backups:restore",
    "run": "bot.cli.running:run",
    "simulator": "bot.cli.running:simulator",
    "teams": "bot.cli.people:teams",
    "spreadsheet": "bot.cli.exporting:spreadsheet",
}


class _Lazily(click.Group):
    """Loads a command's module when it is asked for, so that each starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, sorted."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None where there is none of that name."""
        where = _COMMANDS.get(cmd_name)
        if where is None:
            return None
        module, _, attribute = where.partition(":")
        gc.disable()  # what is loaded stays: to look through it for rubbish is lost time
        try:
            command: click.Command = getattr(importlib.import_module(module), attribute)
        finally:
            gc.enable()
        return command


@click.command(cls=_Lazily, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="driftless", message="%(version)s")
def cli() -> None:
    """Driftless: cited procedure answers, case clocks and supervision actions, in Telegram."""


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
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        if not _expected(error):
            raise
        _stop(str(error), 1)
    sys.exit(code if isinstance(code, int) else 0)


def _expected(error: Exception) -> bool:
    """Failures that say in their own words what to do; anything else is a bug and shows its trace."""
    from bot.content.faults import BrokenContent  # noqa: PLC0415 -- kept off the way of a quick command
    from bot.rules.errors import Refusal  # noqa: PLC0415 -- likewise
    from bot.settings import BadSettings  # noqa: PLC0415 -- likewise
    from storage.database import BadDatabaseUrl  # noqa: PLC0415 -- likewise
    from storage.schema import WrongSchema  # noqa: PLC0415 -- likewise

    return isinstance(error, BadSettings | BrokenContent | Refusal | BadDatabaseUrl | WrongSchema)


def _stop(message: str, code: int) -> None:
    sys.stderr.write(f"driftless: {message}\n")
    sys.exit(code)
