"""The bot's processes in a storm."""

import asyncio
import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOKEN = "1:test"


class Process:
    """One process of the bot, which can be killed and started again."""

    def __init__(self, url: str, address: str, clock_file: Path) -> None:
        self._clock_file = clock_file
        self._environment = {
            **os.environ,
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": url,
            "DATABASE_URL": address,
            "TICK_SECONDS": "0.3",
            "PYTHONPATH": str(ROOT),
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Starts it and waits until it says that it runs."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.storm.child",
            str(self._clock_file),
            env=self._environment,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(120):
            line = await self._process.stdout.readline()
        assert b"is running" in line, f"the bot did not start: {line!r}"

    async def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        assert self._process is not None
        self._process.terminate()
        async with asyncio.timeout(60):
            return await self._process.wait()
