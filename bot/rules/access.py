"""Who may do what, and to whose things: one table, used by every command, button and page."""

from collections.abc import Mapping
from typing import Literal

from bot.rules.errors import NotAllowed

Role = Literal["worker", "manager", "head-of-service", "practice-lead", "admin"]
Reach = Literal["none", "own", "team", "service", "all"]
"""team: one's own team. service: every team of the service that one's own team belongs to."""
Thing = Literal[
    "guidance",
    "cases",
    "allocation",
    "decisions",
    "board",
    "actions-received",
    "actions-given",
    "questions",
    "people",
    "own-data",
    "proof",
]

ROLES: tuple[Role, ...] = ("worker", "manager", "head-of-service", "practice-lead", "admin")
ROLE_NAMES: Mapping[Role, str] = {
    "worker": "a worker",
    "manager": "a manager",
    "head-of-service": "a head of service",
    "practice-lead": "a practice lead",
    "admin": "an administrator",
}

_COLUMNS: tuple[Role, ...] = ROLES
_TABLE: Mapping[Thing, tuple[Reach, ...]] = {
    # thing             worker  manager  head       lead    admin
    "guidance":         ("all",  "all",   "all",     "all",  "all"),
    "cases":            ("own",  "team",  "service", "none", "none"),
    "allocation":       ("none", "team",  "service", "none", "none"),
    "decisions":        ("none", "team",  "service", "none", "none"),
    "board":            ("own",  "team",  "service", "none", "none"),
    "actions-received": ("own",  "own",   "own",     "own",  "own"),
    "actions-given":    ("none", "team",  "service", "none", "none"),
    "questions":        ("none", "none",  "none",    "all",  "none"),
    "people":           ("none", "team",  "service", "none", "all"),
    "own-data":         ("own",  "own",   "own",     "own",  "own"),
    "proof":            ("none", "none",  "none",    "none", "own"),
}  # fmt: skip
"""allocation: who holds which case, imports. decisions: agreeing to a later date. people: rosters.
proof: the one-time code that opens one's own commands.
"""

_REFUSALS: Mapping[Thing, str] = {
    "guidance": "That isn't open to you.",
    "cases": "Cases belong to workers and their managers, so that isn't open to your role.",
    "allocation": "Only a manager moves cases. Ask yours.",
    "decisions": "Only a manager can agree to that.",
    "board": "The team's board is for managers. /whatmymanagersees shows what yours sees of you.",
    "actions-received": "That isn't open to you.",
    "actions-given": "Only a manager sets actions. To ask for one, speak to your manager.",
    "questions": "Only the practice lead sees what people asked.",
    "people": "Only a manager or an administrator changes who is in a team.",
    "own-data": "That isn't open to you.",
    "proof": "Only administrators need a code.",
}


def _all_about(thing: Thing, names: str) -> dict[str, Thing]:
    return dict.fromkeys(names.split(), thing)


COMMANDS: Mapping[str, Thing] = {
    **_all_about("guidance", "start help cancel topics checklist glossary today week overdue actions"),
    **_all_about("guidance", "whatmymanagersees settings away"),
    **_all_about("cases", "cases case newcase event visit close family plo drift calendar spreadsheet"),
    **_all_about("board", "team figures board pack"),
    "handover": "allocation",
    **_all_about("actions-given", "action announce announcements"),
    "questions": "questions",
    **_all_about("own-data", "privacy export deleteme"),
    **_all_about("people", "leaver roster"),
    "code": "proof",
}
"""What each command is about: a role without any reach for it is refused before the command is looked at.

Commands under guidance are open to all, and show each person what is theirs.
"""

BUTTONS: Mapping[str, Thing] = {
    **_all_about(
        "guidance", "entry sec src rel notright none try topics grp help clo tks tk tkp ts tsp rest nxt gwhy"
    ),
    **_all_about(
        "cases", "cases case ev vis ans undo fam his tl evt fix oend more why vq dis plan freq famset"
    ),
    **_all_about("cases", "gvisit miss close cls start clk done snz ext nn"),
    **_all_about("actions-received", "act ack adone aask ahis bread bpre"),
    **_all_about("actions-given", "aclose aret aans adate areas asplit acan bshow bnudge bedit bdraw"),
    **_all_about("cases", "calnew caloff"),
    **_all_about("guidance", "show set"),
    "prv": "own-data",
    "req": "decisions",
    "lv": "decisions",
    "hand": "allocation",
    **_all_about("people", "ros rosok rosbye"),
    **_all_about("actions-given", "actc actw"),
    **_all_about("board", "team trend figures bdoff pack seshld sesok sespln"),
}
"""What each button's verb is about. Whose thing it is, the service behind it checks."""

OF_OTHERS = frozenset(["team", "figures", "board", "trend", "seshld", "sesok", "sespln"])
"""Commands and buttons about other people's things: reaching one's own is not enough."""


def reach(role: str, thing: Thing) -> Reach:
    """How far this role reaches for this kind of thing; none for a role that isn't known."""
    return next((far for known, far in zip(_COLUMNS, _TABLE[thing], strict=True) if known == role), "none")


def require(role: str, thing: Thing) -> Reach:
    """The reach, or NotAllowed where there is none."""
    found = reach(role, thing)
    if found == "none":
        raise NotAllowed(_REFUSALS[thing])
    return found


def manages(role: str, thing: Thing = "cases") -> bool:
    """Whether the role reaches other people's things of this kind."""
    return reach(role, thing) in ("team", "service", "all")


def require_manager(role: str, thing: Thing) -> Reach:
    """The reach, or NotAllowed where it ends at one's own things."""
    if not manages(role, thing):
        raise NotAllowed(_REFUSALS[thing])
    return reach(role, thing)


def require_ending(role: str, whose: str) -> None:
    """NotAllowed where `role` would end the access of somebody whose role, `whose`, stands above it."""
    above = {"manager": ("head-of-service", "admin"), "head-of-service": ("admin",)}
    if whose in above.get(role, ()):
        raise NotAllowed("Only an administrator ends the access of a head of service or an administrator.")


def may(role: str, thing: Thing, *, own: bool, same_team: bool, same_service: bool) -> bool:
    """Whether the role covers a thing of this kind that is one's own, the team's or the service's."""
    return {
        "none": False,
        "own": own,
        "team": same_team,
        "service": same_team or same_service,
        "all": True,
    }[reach(role, thing)]


def require_for_command(role: str, name: str) -> None:
    """Raises NotAllowed where the role has no reach for what the command is about."""
    _require_for(role, name, COMMANDS)


def require_for_button(role: str, verb: str) -> None:
    """Raises NotAllowed where the role has no reach for what the button is about."""
    _require_for(role, verb, BUTTONS)


def _require_for(role: str, name: str, about: Mapping[str, Thing]) -> None:
    if name in about:
        (require_manager if name in OF_OTHERS else require)(role, about[name])
