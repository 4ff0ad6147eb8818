"""The wheel holds whatever the program reads at run time, and works where it is installed."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = {
    ".py",
    ".toml",
    ".md",
    ".json",
    ".html",
    ".css",
    ".js",
    ".npz",
    ".onnx",
    ".bin",
    ".mako",
    ".ini",
    ".svg",
}
PARTS = ("bot", "handlers", "storage")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
SETTINGS = {"BOT_TOKEN", "DATABASE_URL", "PYTHONPATH", "GUIDANCE_OVERLAY", "WEB_PORT"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources alone."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    leave = shutil.ignore_patterns("__pycache__")
    for name in PARTS:
        shutil.copytree(ROOT / name, source / name, ignore=leave)
    built = subprocess.run(
        [*PIP, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", str(folder), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("driftless-*.whl")
    return found


def test_the_wheel_holds_all_that_is_read_at_run_time(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())
    files = [path for part in PARTS for path in (ROOT / part).rglob("*") if path.suffix in NEEDED]
    needed = {str(path.relative_to(ROOT)) for path in files}
    assert sorted(needed - held) == []
    assert {"bot/finding/model.npz", "bot/finding/data/danger.toml"} <= held


def test_what_is_installed_from_it_answers_and_migrates_in_an_empty_folder(
    wheel: Path, tmp_path: Path
) -> None:
    """In a fresh environment; the dependencies are those beside this one's, so that no network is needed."""
    home, empty = tmp_path / "venv", tmp_path / "empty"
    empty.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    python = home / "bin" / "python"
    installed = subprocess.run(
        [*PIP, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert installed.returncode == 0, installed.stderr
    (packages,) = home.glob("lib/python*/site-packages")
    _lend_dependencies(packages)
    came_from = _run(python, empty, "-c", "import bot, handlers, storage; print(bot.__file__)")
    assert came_from.startswith(str(packages)), "the sources must not stand in for what was installed"
    command = home / "bin" / "driftless"
    answer = json.loads(_run(command, empty, "ask", "how long do we have to hold the ICPC?", "--json"))
    assert "15 working days" in json.dumps(answer)
    _run(command, empty, "migrate")
    assert (empty / "driftless.sqlite").stat().st_size > 0
    assert "code" in _run(command, empty, "invite", "--role", "admin", "--team", "North").lower()
    assert {path.name for path in empty.iterdir()} <= {
        "driftless.sqlite",
        "driftless.sqlite-wal",
        "driftless.sqlite-shm",
    }


def _lend_dependencies(packages: Path) -> None:
    """All that this environment has, but for the project itself, which is installed here from its sources."""
    ours = Path(pytest.__file__).parents[1]
    for one in ours.iterdir():
        theirs = packages / one.name
        if "driftless" not in one.name and one.suffix != ".pth" and not theirs.exists():
            theirs.symlink_to(one)


def _run(program: Path, folder: Path, *words: str) -> str:
    """What it prints; in a folder of its own, with no setting of ours."""
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    done = subprocess.run(
        [str(program), *words],
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
