"""The practice lead's commands, and what the bot does with guidance that fails its check."""

import json
import shutil

import pytest

from bot.content.overlay import EXAMPLE
from tests.cli.test_commands import Shell, shell

__all__ = ["shell"]

ADDED = "---\nsources: []\n---\n## Steps\n10. Ring the unit first. {unverified}\n"


@pytest.fixture
def council(shell: Shell) -> Shell:
    """The command line of a council with its own copy of the example overlay."""
    shutil.copytree(EXAMPLE, shell.folder / "council")
    shell.environment["GUIDANCE_OVERLAY"] = str(shell.folder / "council")
    return shell


def test_signing_off_losing_it_by_a_change_and_the_difference(council: Shell) -> None:
    assert "icpc · " not in council("guidance", "diff", "icpc").stdout
    signed = council("guidance", "sign-off", "icpc", "--role", "Principal social worker")
    assert (signed.returncode, "Principal social worker" in signed.stdout) == (0, True)
    assert signed.stdout.endswith(": icpc.\n")
    assert "Nothing has changed" in council("guidance", "diff", "icpc").stdout
    council.file("council/guidance/icpc.add.md", ADDED)
    changed = council("guidance", "diff", "icpc")
    assert "+10. Ring the unit first. {unverified}" in changed.stdout
    listed = next(
        line for line in council("guidance", "list").stdout.splitlines() if line.startswith("icpc:")
    )
    assert listed.endswith("not signed off")


def test_the_export_has_every_entry_with_its_numbers(council: Shell) -> None:
    found = json.loads(council("guidance", "export", "--format", "json").stdout)
    assert len(found) == 137
    assert council("guidance", "export", "--out", "all.md").returncode == 0
    text = (council.folder / "all.md").read_text(encoding="utf-8")
    assert text.count("\n## Short answer") == 137
    assert "15 working days" in text
    assert "{clock:" not in text


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("guidance/icpc.md", "junk", "icpc.md:1: front matter missing: begin with a line ---"),
        ("guidance/icpc.add.md", ADDED.replace("{unverified}", "[X]"), "icpc.add.md:5: cites [X]"),
        ("guidance/icpc.add.md", ADDED.replace("{unverified}", ""), "icpc.add.md:5: says something without"),
        ("guidance/icpc.add.md", ADDED.replace("first", "{entry:icpcc}"), "{entry:icpcc} names no entry"),
        ("council.toml", "\n[timescales.icpcc]\namount = 1\nunit = 'days'", "council.toml:2: icpcc is no"),
        (
            "council.toml",
            "[timescales.icpc]\namount = 16\nunit = 'working-days'",
            "council.toml:1: timescale",
        ),
        ("council.toml", "contacts = 1", "council.toml:1: contacts is to be a table"),
    ],
)
def test_the_bot_does_not_start_on_guidance_that_fails_the_check(
    council: Shell, file: str, content: str, said: str
) -> None:
    council.file(f"council/{file}", content)
    council.environment["BOT_TOKEN"] = "123456:a-token"
    for words in (("guidance", "check"), ("run",)):
        refused = council(*words)
        assert refused.returncode == 1
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr
