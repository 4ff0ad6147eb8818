"""The practice lead's month in words."""

from bot.rules.dates import show_day
from bot.services.practice import PracticeView
from bot.texts.html import bold, esc, lines
from bot.texts.reply import Button, Rows, rows


def practice(view: PracticeView) -> str:
    """Entries due for checking, questions without an answer, "not right" votes."""
    return lines(
        bold("Guidance this month"),
        f"{view.asked} questions asked; {len(view.due)} entries due for checking; "
        f"{view.unsigned} not signed off.",
        *_listed("Asked and not found (names left out)", view.unanswered),
        *_listed("Voted “not what I asked”", view.not_right),
        *(
            [
                bold("Due for checking"),
                *(f"• {esc(e.title)}, {show_day(e.header.next_check)}" for e in view.due[:10]),
            ]
            if view.due
            else []
        ),
    )


def _listed(heading: str, counted: list[tuple[str, int]]) -> list[str]:
    if not counted:
        return []
    return [bold(heading), *(f"• {esc(words)}" + (f" ({n})" if n > 1 else "") for words, n in counted)]


def practice_buttons(view: PracticeView) -> Rows:
    """The entries to check, a tap away."""
    return rows(*(Button(entry.title, f"entry:{entry.id}") for entry in view.due[:5]))
