"""What to think of when something has been recorded: a question and where to read on, no instruction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.rules.deadlines import add_months
from bot.rules.drift import PLAN_MONTHS
from bot.rules.stages import Stage, stage_named

MOST_SHOWN = 2


@dataclass(frozen=True)
class Prompt:
    """One question. stages: any of them must hold, where there are some. finding: which one it answers.

    only: no-family (the case shares no family reference), long-plan (the plan has passed the first of the
    marks at which drift is looked for).
    """

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 -- read by pydantic, not a field

    events: tuple[str, ...]
    words: str
    entry: str
    finding: str
    stages: tuple[str, ...] = ()
    only: Literal["", "no-family", "long-plan"] = ""
    checklist: str = ""


Prompts = Mapping[str, Prompt]


def prompts_after(
    prompts: Iterable[Prompt], event: str, stages: list[Stage], *, has_family: bool, today: date
) -> list[Prompt]:
    """Those that fit, at most MOST_SHOWN, in the file's order."""
    plan = stage_named(stages, "plan")
    first_mark = add_months(plan.since, min(PLAN_MONTHS), beginning=False) if plan else date.max
    holds = {"": True, "no-family": not has_family, "long-plan": today >= first_mark}
    now_in = {stage.id for stage in stages}
    fitting = (
        prompt
        for prompt in prompts
        if event in prompt.events and holds[prompt.only] and (not prompt.stages or now_in & {*prompt.stages})
    )
    return list(fitting)[:MOST_SHOWN]
