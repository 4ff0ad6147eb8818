"""The documents: every link leads somewhere, every test that is named exists, every setting is explained."""

import re
from pathlib import Path

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"])
SETTINGS = {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_and_picture_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (document.parent / link).exists()] == []


def test_every_test_named_against_a_threat_exists() -> None:
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/papers/threats.md").read_text(encoding="utf-8")))
    assert named
    assert named - there == set()


def test_every_setting_is_in_the_example_and_in_the_guide() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    guide = (ROOT / "docs" / "administrators-guide.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == SETTINGS
    assert {name for name in SETTINGS if f"`{name}`" not in guide} == set()


def test_the_containers_have_no_rights_and_share_one_database() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    bots = {name: service for name, service in compose["services"].items() if "build" in service}
    assert set(bots) == {"migrate", "one", "two"}
    assert len({service["environment"]["DATABASE_URL"] for service in bots.values()}) == 1
    for service in bots.values():
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert set(service["environment"]) <= SETTINGS
    assert "USER driftless" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
