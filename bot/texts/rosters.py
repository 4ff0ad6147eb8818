"""Who is in a team, for its manager to say whether that is still so."""

from collections.abc import Sequence

from bot.rules.access import ROLES
from bot.rules.dates import show_day
from bot.services.rosters import Roster
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Button, Rows

_MOST_SHOWN = 25


def roster(found: Roster) -> tuple[str, Rows]:
    """Everybody with access through the team, with a button each for right and for wrong."""
    shown = sorted(found.people, key=lambda one: -ROLES.index(one.role))[:_MOST_SHOWN]
    more = len(found.people) - len(shown)
    text = lines(
        bold(f"Team {found.team.name}: does everybody still belong here?"),
        *(f"• {esc(one.name)}, {_what(one.role)}" for one in shown),
        f"… and {more} more" if more > 0 else "",
        italic(_checked(found)),
    )
    yes = Button("All right", f"rosok:{found.team.id}:{found.mark}")
    return text, ((yes, Button("Somebody has left", "rosbye:0")),)


def _what(role: str) -> str:
    return role.replace("-", " ")


def _checked(found: Roster) -> str:
    checked = found.team.roster_checked_at
    return f"Last checked {show_day(checked.date())}." if checked is not None else "Not checked before."


def choose(found: Sequence[Roster]) -> tuple[str, Rows]:
    """Several teams, a button each, those never or longest unchecked first."""
    oldest = sorted(found, key=lambda one: (one.team.roster_checked_at or one.team.created_at, one.team.name))
    buttons = ((Button(f"{one.team.name} ({len(one.people)})", f"ros:{one.team.id}"),) for one in oldest)
    return bold("Whose roster?"), tuple(buttons)[:_MOST_SHOWN]


def confirmed(found: Roster) -> str:
    """After "All right"."""
    return f"✓ {bold(found.team.name)}: {len(found.people)} people, checked. Thank you."
