"""The training scenes of the demonstration: one TOML file each, played by the simulator and by the tests."""

from pathlib import Path

FOLDER = Path(__file__).parent
