"""For made-up people, things and deeds, what happens is what the table allows, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import COMMANDS as WIRED
from bot.rules.access import ROLES
from handlers.presses import VERBS
from storage.tables import Person
from tests.reach.deeds import BUTTON_DEEDS, COMMAND_DEEDS, Deed
from tests.reach.stage import Stage, Things
from tests.services.test_reach import TEAMS

DEEDS = (*COMMAND_DEEDS, *BUTTON_DEEDS)
TRIES = 100
RECORD = {"case_file", "case_event", "visit", "planned_visit", "deadline", "clock_request", "leave", "team"}
RECORD |= {"action", "action_recipient", "broadcast", "broadcast_recipient", "supervision_session", "web_key"}
"""The council's record: nothing of it changes without a line in the trail."""


def _check(stage: Stage, deed: Deed, person: Person, things: Things) -> bool:
    """Tries the deed and compares it with the table; returns what the table says."""
    allowed = deed.allowed(stage, person, things)
    outcome = stage.tried(person, deed.said.format(things, code="{code}"))
    tried = deed.said, person.name, things.case.reference, outcome
    assert outcome.trespass != allowed, tried
    if allowed:
        assert deed.seen(outcome, things), tried
        assert outcome.lines or not outcome.changed & RECORD, tried
    else:
        assert outcome.changed <= ({"dialogue"} if deed.typed else set()), tried
        assert not deed.seen(outcome, things) or deed.typed, tried
    return allowed


def test_every_command_and_button_is_tried() -> None:
    assert {deed.name for deed in COMMAND_DEEDS} == set(WIRED)
    assert {deed.name for deed in BUTTON_DEEDS} == set(VERBS)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.said.partition(":")[0])
def test_those_who_may_and_one_who_may_not(stage: Stage, deed: Deed) -> None:
    """The nearest and the farthest who may, and the nearest who may not: first the holder, then the team."""
    things = stage.things[0]
    near = sorted(stage.everybody, key=lambda one: (one.team_id != things.team.id, one.id != things.worker))
    may = [person for person in near if deed.allowed(stage, person, things)]
    may_not = [person for person in near if person not in may]
    assert may
    for person in {one.id: one for one in (may[0], may[-1], *may_not[:1])}.values():
        _check(stage, deed, person, things)


@settings(max_examples=TRIES, deadline=None)
@given(
    deed=st.sampled_from(DEEDS),
    case=st.integers(0, len(TEAMS) - 1),
    role=st.sampled_from(ROLES),
    team=st.none() | st.sampled_from(list(TEAMS)),
)
def test_what_happens_equals_the_table(
    stage: Stage, deed: Deed, case: int, role: str, team: str | None
) -> None:
    """team: of the person; None: the case's own, as most others would be strangers to it."""
    things = stage.things[case]
    name = f"{role} {team or things.team.name}"
    _check(stage, deed, next(one for one in stage.everybody if one.name == name), things)
