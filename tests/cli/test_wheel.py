"""The wheel holds whatever the program reads at run time."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
NEEDED = {".py", ".toml", ".md", ".json", ".html", ".css", ".js", ".npz", ".onnx", ".mako", ".ini", ".svg"}
PARTS = ("bot", "handlers", "storage")


def test_the_wheel_holds_all_that_is_read_at_run_time(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    leave = shutil.ignore_patterns("__pycache__")
    for name in PARTS:
        shutil.copytree(ROOT / name, source / name, ignore=leave)
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation",
         "--disable-pip-version-check", "-w", str(tmp_path), str(source)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("driftless-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())
    files = [path for part in PARTS for path in (ROOT / part).rglob("*") if path.suffix in NEEDED]
    needed = {str(path.relative_to(ROOT)) for path in files}
    assert sorted(needed - held) == []
    assert {"bot/finding/model.npz", "bot/finding/data/danger.toml"} <= held
