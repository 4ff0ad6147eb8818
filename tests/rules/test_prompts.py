"""Which questions come up after which event."""

import pytest

from bot.content.loading import load_library
from bot.content.word_lists import load_prompts
from bot.rules.prompts import prompts_after
from bot.rules.stages import Stage
from tests.days import day

TODAY = day("Tue 2026-11-24")
PLAN_OF_ONE_YEAR = Stage("plan", "On a plan", day("Mon 2025-11-24"), "core-group")
PLAN_OF_A_MONTH = Stage("plan", "On a plan", day("Mon 2026-10-26"), "core-group")
ENQUIRY = Stage("enquiry", "Section 47 enquiry", day("Mon 2026-11-16"), "s47-enquiry")


@pytest.mark.parametrize(
    ("event", "stages", "has_family", "findings"),
    [
        ("missing-began", [PLAN_OF_A_MONTH], True, ["F2"]),
        ("missing-began", [], True, []),
        ("strategy-discussion-held", [ENQUIRY], True, ["F3"]),
        ("strategy-discussion-held", [ENQUIRY], False, ["F3", "F19"]),
        ("rcpc-held", [PLAN_OF_A_MONTH], True, []),
        ("rcpc-held", [PLAN_OF_ONE_YEAR], True, ["F5"]),
        ("core-group-held", [PLAN_OF_ONE_YEAR], True, ["F12", "F5"]),
        ("pre-proceedings-decided", [], True, ["F24", "F7"]),
        ("supervision-held", [PLAN_OF_ONE_YEAR], False, []),
    ],
)
def test_what_comes_up(event: str, stages: list[Stage], has_family: bool, findings: list[str]) -> None:
    prompts = load_library().prompts.values()
    found = prompts_after(prompts, event, stages, has_family=has_family, today=TODAY)
    assert [prompt.finding for prompt in found] == findings


def test_the_mark_of_a_long_plan_is_the_first_at_which_drift_is_looked_for() -> None:
    prompts = load_library().prompts.values()
    nine_months = Stage("plan", "On a plan", day("Tue 2026-02-24"), "core-group")
    for today, expected in ((day("Mon 2026-11-23"), []), (TODAY, ["F5"])):
        found = prompts_after(prompts, "rcpc-held", [nine_months], has_family=True, today=today)
        assert [prompt.finding for prompt in found] == expected


def test_every_prompt_points_at_what_is_there() -> None:
    library = load_library()
    slugs = frozenset(entry.id for entry in library.guidance.entries)
    assert load_prompts(slugs, library.checklists.keys()) == library.prompts
    assert all(len(prompt.words) <= 90 for prompt in library.prompts.values())
