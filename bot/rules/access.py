"""Who may do what, and to whose things: one table."""

from collections.abc import Mapping
from typing import Literal

from bot.rules.errors import NotAllowed

Role = Literal["worker", "manager", "practice-lead", "admin"]
Reach = Literal["none", "own", "team", "all"]
Thing = Literal["guidance", "cases", "actions-received", "actions-given", "questions"]

ROLES: tuple[Role, ...] = ("worker", "manager", "practice-lead", "admin")
ROLE_NAMES: Mapping[Role, str] = {
    "worker": "a worker",
    "manager": "a manager",
    "practice-lead": "a practice lead",
    "admin": "an administrator",
}

_TABLE: Mapping[Role, Mapping[Thing, Reach]] = {
    "worker": {
        "guidance": "all",
        "cases": "own",
        "actions-received": "own",
        "actions-given": "none",
        "questions": "none",
    },
    "manager": {
        "guidance": "all",
        "cases": "team",
        "actions-received": "own",
        "actions-given": "team",
        "questions": "none",
    },
    "practice-lead": {
        "guidance": "all",
        "cases": "none",
        "actions-received": "own",
        "actions-given": "none",
        "questions": "all",
    },
    "admin": {
        "guidance": "all",
        "cases": "none",
        "actions-received": "own",
        "actions-given": "none",
        "questions": "none",
    },
}

_REFUSALS: Mapping[Thing, str] = {
    "guidance": "That isn't open to you.",
    "cases": "Cases belong to workers and their managers, so that isn't open to your role.",
    "actions-received": "That isn't open to you.",
    "actions-given": "Only a manager sets actions. To ask for one, speak to your manager.",
    "questions": "Only the practice lead sees what people asked.",
}


def reach(role: str, thing: Thing) -> Reach:
    """How far this role reaches for this kind of thing; none for a role that isn't known."""
    return next((things[thing] for known, things in _TABLE.items() if known == role), "none")


def require(role: str, thing: Thing) -> Reach:
    """The reach, or NotAllowed where there is none."""
    found = reach(role, thing)
    if found == "none":
        raise NotAllowed(_REFUSALS[thing])
    return found
