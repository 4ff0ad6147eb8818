"""Deleting one's own account, in words."""

from bot.rules.access import ROLE_NAMES, ROLES
from bot.services.deleting import Standing, ToAllocate
from bot.services.office import Notice
from bot.texts.html import bold, esc, lines
from bot.texts.reply import Button, Rows, rows

DELETE, KEEP = "Delete my account", "Keep it"
GOES = (
    "the link to your Telegram account, your name, settings, leave, snoozes and half-finished dialogues, "
    "which guidance you opened, what was sent to you, web links"
)
STAYS = (
    "what you recorded on cases, actions and supervision, and who did what: by number, without your name; "
    "words that others typed stay as typed"
)
KEPT = "Nothing was deleted."
NOT_READ = "Tap one of the two buttons, or send /cancel to leave everything as it is."
_MOST_SHOWN = 20
_BUTTONS = 8


def sure(found: Standing, notice: Notice) -> str:
    """What goes, what stays and why, and what becomes of the work."""
    return lines(
        bold("Delete your account here?"),
        f"{bold('Goes at once:')} {esc(GOES)}.",
        f"{bold('Is kept:')} {esc(STAYS)}. That is {esc(notice.run_by)}'s record; its retention "
        "schedule says for how long.",
        esc(_cases(found)),
        esc(_actions(found)),
        "It can't be undone. The button is good for ten minutes.",
    )


def _cases(found: Standing) -> str:
    told = (
        "Your manager is told." if found.told else "Nobody has joined who could be told: tell your manager."
    )
    if not found.cases:
        return told
    count = "Your case goes" if found.cases == 1 else f"Your {found.cases} cases go"
    return f"{count} back to be allocated. {told}"


def _actions(found: Standing) -> str:
    if not found.actions:
        return ""
    return f"{found.actions} open action{'' if found.actions == 1 else 's'} of yours wait for somebody else."


def gone(found: Standing, notice: Notice) -> str:
    """The last message."""
    return lines(
        bold("Your account here is deleted."),
        esc(_cases(found)),
        f"{bold('Kept:')} {esc(STAYS)}. Ask {esc(notice.contact)}.",
        f"{bold('Now delete this chat too:')} what I wrote is in Telegram, where I can't reach it any more.",
        "To come back, you need a new code.",
    )


def told(found: ToAllocate, *, allocates: bool) -> tuple[str, Rows]:
    """To the manager, by role, because the name is gone; references only for who allocates cases."""
    role = next((ROLE_NAMES[role] for role in ROLES if role == found.person.role), "somebody")
    text = lines(
        bold(f"{role[0].upper()}{role[1:]} of team {found.team} has deleted their account here"),
        f"Their name is gone with it; the audit trail has them as person {found.person.id}.",
        _to_allocate(found) if allocates else f"Cases without a worker now: {len(found.cases)}.",
        f"Open actions that were theirs: {found.actions}. /actions reassigns." if found.actions else "",
    )
    buttons = [
        Button(f"Allocate {case.reference}", f"hand:{case.id}")
        for case in found.cases[:_BUTTONS]
        if allocates
    ]
    return text, rows(*buttons, wide=2)


def _to_allocate(found: ToAllocate) -> str:
    if not found.cases:
        return "No case waits to be allocated."
    shown = ", ".join(bold(case.reference) for case in found.cases[:_MOST_SHOWN])
    more = f" and {len(found.cases) - _MOST_SHOWN} more" if len(found.cases) > _MOST_SHOWN else ""
    return f"To be allocated: {shown}{more}. Nobody is reminded of them until then."
