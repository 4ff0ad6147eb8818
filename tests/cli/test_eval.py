"""A council's own questions, measured."""

import json

import pytest

from tests.cli.test_commands import Shell, shell  # noqa: F401  (the fixture)

QUESTIONS = [
    {"question": "how many working days until the initial child protection conference", "entry": "icpc"},
    {"question": "when is the first core group after the conference", "entries": ["rcpc"]},
    {"question": "what is the capital of peru"},
    {"question": "the baby has stopped breathing", "entry": "immediate-protection", "kind": "urgent"},
]


def test_own_questions_are_measured_and_confusions_named(shell: Shell) -> None:  # noqa: F811
    done = shell("eval", "--own", shell.file("own.jsonl", "\n".join(map(json.dumps, QUESTIONS))))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("4 questions")
    assert " 0.667  right entry ranked first" in done.stdout
    assert " 1.000  danger told as danger" in done.stdout
    assert "1  rcpc taken for core-group" in done.stdout


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "holds no question"),
        ("nonsense", "line 1: no JSON"),
        ('{"entry": "icpc"}', "missing question"),
        ('{"question": "when", "entry": "no-such-entry"}', "There is no entry no-such-entry"),
        ('{"question": "when", "entries": "icpc"}', "entries must be a list"),
    ],
)
def test_what_cannot_be_measured_is_said_in_one_line(
    shell: Shell,  # noqa: F811
    text: str,
    complaint: str,
) -> None:
    done = shell("eval", "--own", shell.file("own.jsonl", text))
    assert done.returncode == 1
    assert complaint in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
