"""python -m bot: the same as the driftless command."""

from bot.cli import main

main()
