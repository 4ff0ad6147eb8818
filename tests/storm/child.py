"""The bot as `driftless run` runs it, on the shared clock: python -m tests.storm.child FILE."""

import asyncio
import sys
from pathlib import Path

from bot.cli.running import run_until_stopped
from bot.logs import start_logging
from bot.settings import read_settings
from tests.storm.clock import SharedClock

if __name__ == "__main__":
    start_logging("ERROR")
    asyncio.run(run_until_stopped(read_settings(), SharedClock(Path(sys.argv[1]))))
