"""Ending somebody's access, in words."""

from bot.services.leaving import Left
from bot.texts.html import bold, esc, lines
from storage.tables import Case, Person

_MOST_SHOWN = 20


def sure(leaver: Person) -> str:
    """Before it is done: what it means."""
    return lines(
        bold(f"End {leaver.name}'s access now?"),
        "The Telegram account is unlinked, old buttons stop working, and nothing more is sent there. "
        "What was recorded stays. To come back, a new code is needed.",
    )


def left(done: Left) -> str:
    """What became of it."""
    name = esc(done.person.name)
    said = [bold(f"{done.person.name}'s access has ended")]
    if done.taker is not None and done.moved:
        said.append(f"{_listed(done.moved)}: now {esc(done.taker.name)}'s, with a handover card for each.")
    if done.unheld:
        said.append(f"Nobody holds {_listed(done.unheld)} now. /handover gives each to somebody.")
    if done.actions:
        count = f"{done.actions} open action{'' if done.actions == 1 else 's'}"
        said.append(f"{count} still name{'s' if done.actions == 1 else ''} {name}. /actions reassigns.")
    return lines(*said)


def _listed(cases: list[Case]) -> str:
    shown = ", ".join(bold(case.reference) for case in cases[:_MOST_SHOWN])
    return shown if len(cases) <= _MOST_SHOWN else f"{shown} and {len(cases) - _MOST_SHOWN} more"
