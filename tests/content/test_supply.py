"""What is installed is what was locked, to the byte; and no secret is in the tree."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)(?:\s*;[^\\]*)?\s*\\?$", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?![0-9a-f])")
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def _pins(lock: str) -> dict[tuple[str, str], int]:
    """Name and version of everything in a lock, with how many hashes it has."""
    found: dict[tuple[str, str], int] = {}
    last: tuple[str, str] | None = None
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", " ")):
            pin = PIN.match(line)
            assert pin is not None, f"{lock}: not one exact version: {line}"
            last = (_plain(pin[1]), pin[2])
            found.setdefault(last, 0)
        if HASH.search(line):
            assert last is not None
            found[last] += 1
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_locked_has_one_version_and_its_hashes(lock: str) -> None:
    pins = _pins(lock)
    assert len(pins) > 30
    assert [pin for pin, hashes in pins.items() if not hashes] == []


def test_what_runs_is_what_is_tested() -> None:
    assert set(_pins("requirements.lock")) - set(_pins("requirements-dev.lock")) == set()


def test_all_that_the_project_names_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = {name for name, _ in _pins("requirements.lock")}
    dev = {name for name, _ in _pins("requirements-dev.lock")}
    groups = project["dependency-groups"]
    assert _named(project["project"]["dependencies"]) | _named(groups["build"]) <= runtime
    assert _named(groups["dev"]) <= dev


def _named(wanted: list[str]) -> set[str]:
    names = (NAME.match(one) for one in wanted)
    return {_plain(name[0]) for name in names if name is not None}


@pytest.mark.parametrize(
    "planted",
    [
        "BOT_TOKEN = '110201543:" + "AAHdqTcvCH1vGWJxf" + "SeofSAs0K5PALDsawX" + "'",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "DATABASE_URL=postgresql://bot:" + "hunter22@10.0.0.5/driftless",
        "password = '" + "correct-horse-battery" + "'",
    ],
)
def test_the_scan_finds_a_secret_that_is_planted(tmp_path: Path, planted: str) -> None:
    (tmp_path / "settings.py").write_text(f"{planted}\n", encoding="utf-8")
    assert _scan(tmp_path / "settings.py").returncode == 1


def test_the_scan_passes_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text("BOT_TOKEN = read_settings().bot_token\n", encoding="utf-8")
    done = _scan(tmp_path / "settings.py")
    assert done.returncode == 0, done.stdout


def _scan(file: Path) -> subprocess.CompletedProcess[str]:
    """As `make check` does it."""
    hook = Path(sys.executable).with_name("detect-secrets-hook")
    command = [str(hook), "--baseline", str(ROOT / ".secrets.baseline"), str(file)]
    return subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=False)
