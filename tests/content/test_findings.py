"""docs/findings.md: every finding has its answer, and whatever is named there exists."""

import re
from pathlib import Path

from bot.app import COMMANDS
from bot.content.loading import load_library

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (F\d+) \|.*\|.*\|(.*)\|$", TEXT, re.MULTILINE)


def test_every_finding_has_a_row_with_a_test() -> None:
    assert [finding for finding, _ in ROWS] == [f"F{number}" for number in range(1, 27)]
    assert all(re.search(r"`test_\w+`", tests) for _, tests in ROWS)


def test_every_test_that_is_named_is_there() -> None:
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert set(re.findall(r"`(test_\w+)`", TEXT)) - there == set()


def test_every_command_and_link_leads_somewhere() -> None:
    assert set(re.findall(r"`/(\w+)`", TEXT)) <= COMMANDS.keys()
    for link in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (ROOT / "docs" / link).resolve().is_file(), link


def test_every_prompt_answers_a_finding_that_is_listed() -> None:
    findings = {finding for finding, _ in ROWS}
    assert {prompt.finding for prompt in load_library().prompts.values()} <= findings
