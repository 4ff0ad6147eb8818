"""The command line: each command parses, opens one transaction, calls one service and prints."""

from bot.cli.main import main

__all__ = ["main"]
