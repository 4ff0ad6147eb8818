"""The table of roles, word for word as it is decided, and every command and button in it."""

import pytest

from bot.app import COMMANDS as WIRED
from bot.rules import access
from bot.rules.access import ROLES, Reach, Role, Thing, may, reach, require_for_command
from bot.rules.errors import NotAllowed
from handlers.presses import VERBS

DECIDED: tuple[tuple[Thing, Role, Reach], ...] = (
    ("cases", "worker", "own"),
    ("cases", "manager", "team"),
    ("cases", "head-of-service", "service"),
    ("cases", "practice-lead", "none"),
    ("cases", "admin", "none"),
    ("allocation", "worker", "none"),
    ("allocation", "manager", "team"),
    ("decisions", "worker", "none"),
    ("board", "worker", "own"),
    ("board", "head-of-service", "service"),
    ("actions-given", "worker", "none"),
    ("questions", "practice-lead", "all"),
    ("questions", "manager", "none"),
    ("people", "admin", "all"),
    ("people", "worker", "none"),
)


@pytest.mark.parametrize(("thing", "role", "far"), DECIDED)
def test_the_table_says_what_was_decided(thing: Thing, role: Role, far: Reach) -> None:
    assert reach(role, thing) == far


def test_a_role_that_is_not_known_reaches_nothing() -> None:
    assert {reach("intern", thing) for thing in access._TABLE} == {"none"}


def test_every_command_and_button_stands_in_the_table() -> None:
    assert set(WIRED) - set(access.COMMANDS) == set()
    assert set(VERBS) - set(access.BUTTONS) == set()


@pytest.mark.parametrize("role", ROLES)
def test_only_managers_move_cases_and_only_the_practice_lead_reads_questions(role: Role) -> None:
    for command, allowed in (("handover", ("manager", "head-of-service")), ("questions", ("practice-lead",))):
        if role in allowed:
            require_for_command(role, command)
        else:
            with pytest.raises(NotAllowed):
                require_for_command(role, command)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("thing", list(access._TABLE))
def test_a_wider_circle_never_reaches_less(role: Role, thing: Thing) -> None:
    circles = [(True, True, True), (False, True, True), (False, False, True), (False, False, False)]
    answers = [may(role, thing, own=o, same_team=t, same_service=s) for o, t, s in circles]
    assert answers == sorted(answers, reverse=True)
