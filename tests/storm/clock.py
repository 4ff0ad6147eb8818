"""A clock that the storm and the bot's processes share: real time and what a file says to add."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import utc_now


class SharedClock:
    """Reads the seconds to add anew each time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor = os.open(file, os.O_RDONLY | os.O_CREAT)

    def __call__(self) -> datetime:
        return utc_now() + timedelta(seconds=float(os.pread(self._descriptor, 64, 0) or 0))

    def set_to(self, moment: datetime) -> None:
        """For every process at once."""
        seconds = (moment - utc_now()).total_seconds()
        self._file.write_text(f"{seconds:<40.6f}")
