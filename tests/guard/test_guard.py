"""The name guard, measured: on a labelled set, and on everything that people ask."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import COMMANDS
from bot.cli.guarding import guard
from bot.rules.guard import cut_up, personal

RECALL = 0.95
LINES = [
    json.loads(line) for line in Path(__file__).with_name("labelled.jsonl").read_text("utf-8").splitlines()
]
HARD = [json.loads(line) for line in Path(__file__).with_name("hard.jsonl").read_text("utf-8").splitlines()]
"""Names that are words and words that are names, in the hands of somebody who set out to make it hard."""
FRESH = {
    name: [json.loads(line) for line in Path(__file__).with_name(name).read_text("utf-8").splitlines()]
    for name in ("fresh.jsonl", "fresh-second.jsonl")
}
"""Two hands that wrote none of the lines to learn from; judged, never tuned on."""
JUDGED = [line for line in LINES if line["split"] == "judge"]


def test_the_labelled_set_is_large_enough() -> None:
    assert sum(line["personal"] for line in LINES) >= 300
    assert sum(not line["personal"] for line in HARD) >= 300
    assert len({line["text"] for line in JUDGED}) > 200


def test_most_personal_details_are_found_in_lines_never_tuned_on() -> None:
    wanted = [line for line in JUDGED if line["personal"]]
    found = sum(bool(personal(line["text"])) for line in wanted)
    assert found / len(wanted) >= RECALL


def test_the_hard_half_never_tuned_on_gets_no_worse() -> None:
    judged = [line for line in HARD if line["split"] == "judge"]
    found = [bool(personal(line["text"])) for line in judged if line["personal"]]
    alarms = [bool(personal(line["text"])) for line in judged if not line["personal"]]
    assert sum(found) / len(found) >= 0.95
    assert sum(alarms) / len(alarms) <= 0.03


@pytest.mark.parametrize(
    ("name", "least", "most"), [("fresh.jsonl", 0.945, 0.065), ("fresh-second.jsonl", 0.97, 0.05)]
)
def test_the_fresh_sets_get_no_worse(name: str, least: float, most: float) -> None:
    found = [bool(personal(line["text"])) for line in FRESH[name] if line["personal"]]
    alarms = [bool(personal(line["text"])) for line in FRESH[name] if not line["personal"]]
    assert sum(found) / len(found) >= least
    assert sum(alarms) / len(alarms) <= most


def test_every_shape_is_found_and_called_by_its_kind() -> None:
    missed = [line["text"] for line in LINES if "kind" in line and line["kind"] not in personal(line["text"])]
    assert missed == []


def test_few_questions_are_refused() -> None:
    asked = [
        json.loads(line)["question"]
        for line in files("bot.finding").joinpath("data/evaluation/dev.jsonl").read_text("utf-8").splitlines()
    ]
    refused = [question for question in asked if personal(question)]
    assert len(refused) / len(asked) <= 0.02


@pytest.mark.parametrize(
    "text",
    [
        "what is claire's law", "sarah's law request", "gillick or fraser", "when do ofsted visit",
        "cafcass guardian not allocated", "will the review be in may", "mark it done", "grace period",
        "strategy meeting 17/11/2026, icpc by when", "plan started 12/03/2019", "CP-1042 not seen alone",
        "s47 2nd strategy", "s31ZA what is it", "childline is 0800 1111", "15 working days", "call 999",
        "2 sessions 30/11 and 3/12, on file", "team North", "Worker A", "moved from leeds on a plan",
    ],
)  # fmt: skip
def test_what_the_trade_says_passes(text: str) -> None:
    assert personal(text) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("tyler b not seen alone again", "name"),
        ("t y l e r not seen", "name"),
        ("spoke to Mrs Kowalczyk", "name"),
        ("zainab's mum", "name"),
        ("943 476 5919", "nhs-number"),
        ("9434765919", "nhs-number"),
        ("nhs9434765919", "nhs-number"),
        ("943/476/5919", "nhs-number"),
        ("nine four three four seven six five nine one nine", "nhs-number"),
        ("943-476-5919", "nhs-number"),
        ("QQ123456C", "national-insurance-number"),
        ("qq 12 34 56 c", "national-insurance-number"),
        ("qq 123 456 c", "national-insurance-number"),
        ("tn 03 11 89 m", "national-insurance-number"),
        ("dob 3/4/15", "date-of-birth"),
        ("d o b 6 7 98", "date-of-birth"),
        ("dob: 07jun14", "date-of-birth"),
        ("born on the ninth of may two thousand and twelve", "date-of-birth"),
        ("born on 12 may 2014", "date-of-birth"),
        ("mum 04/11/1991", "date-of-birth"),
        ("07700 900123", "phone"),
        ("oh seven seven double oh nine hundred one two three", "phone"),
        ("+44 (0)20 7946 0018", "phone"),
        ("sw1a 1aa", "postcode"),
        ("s w 1 a 1 a a", "postcode"),
        ("14 acacia avenue", "address"),
        ("no 117 on acacia crescent", "address"),
        ("parent at example dot com", "email"),
        ("a.parent@example.com", "email"),
        ("a.parent (at) example.com", "email"),
        ("a.parent @ example . com", "email"),
    ],
)
def test_what_is_personal_is_found(text: str, kind: str) -> None:
    assert kind in personal(text)


def test_a_number_with_a_wrong_check_digit_is_no_nhs_number() -> None:
    assert "nhs-number" not in personal("943 476 5918")


@pytest.mark.parametrize("text", ["tyler", "Kowalczyk", "/tyler", "/kowalczyk@driftless_bot", "jordan tyler"])
def test_a_name_said_alone_is_found(text: str) -> None:
    assert "name" in personal(text)


@pytest.mark.parametrize("text", ["haringey", "Gillick", "munby", "oi", "consent", "stratagy", "core grp"])
def test_a_word_said_alone_that_is_no_name_passes(text: str) -> None:
    assert personal(text) == ()


def test_every_command_passes_bare() -> None:
    assert [name for name in COMMANDS if personal(f"/{name}")] == []


def test_a_colleague_may_be_allowed() -> None:
    assert personal("tyler", allowed={"tyler"}) == ()


def test_the_batch_never_repeats_a_text(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(
        '{"id": "1", "text": "tyler b not seen"}\n{"id": 2, "text": "when is the icpc"}\n', "utf-8"
    )
    printed = CliRunner().invoke(guard, ["--batch", str(file), "--json"]).output
    assert [json.loads(line) for line in printed.splitlines()] == [
        {"id": "1", "personal": True, "kinds": ["name"]},
        {"id": 2, "personal": False, "kinds": []},
    ]
    assert "tyler" not in printed


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([" ", "\n", "-"]), max_size=900))
def test_the_pieces_of_a_text_overlap_and_leave_nothing_out(gaps: list[str]) -> None:
    text, at = "".join(f"word{number:04}{gap}" for number, gap in enumerate(gaps)), 0
    for piece in cut_up(text):
        found = text.find(piece)
        assert 0 <= found <= at
        assert len(piece) <= 4096
        at = found + len(piece)
    assert at == len(text)


@pytest.mark.parametrize("before", [1, 700, 4080, 4096, 9000])
def test_nothing_hides_behind_a_long_text(before: int) -> None:
    filler = ("the visit is due next week and nobody rang back " * 200)[:before]
    assert "email" in personal(f"{filler} worker.a@council.example")
    assert "name" in personal(f"{filler} Aleksandra Kowalczyk told me so")
