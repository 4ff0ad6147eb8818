"""The README's first command, as a process: a page to open, people in it, and a clean end."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx


def test_the_demonstration_starts_shows_its_page_and_stops(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--folder", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        try:
            url = re.search(r"Open (http://\S+)", said)
            assert url, said + (running.stdout.read() if running.poll() is not None else "")
            page = httpx.get(url[1], trust_env=False)
            assert "Practice simulator" in page.text
        finally:
            running.send_signal(signal.SIGINT)
        rest = running.stdout.read()
    assert rest.splitlines() == ["Stopped."]
    assert running.returncode == 0
