"""Welcome, how to join, help and other short first words."""

from bot.rules.access import ROLE_NAMES, Role, reach
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Button, Rows, rows

EXAMPLES: dict[str, tuple[str, ...]] = {
    "worker": (
        "How long till the ICPC?",
        "Who has to be at a strategy discussion?",
        "What goes in a letter before proceedings?",
    ),
    "manager": (
        "What should a supervision record show?",
        "When should we consider pre-proceedings?",
        "Who calls a strategy discussion?",
    ),
}
EXAMPLES["head-of-service"] = EXAMPLES["manager"]
COMMANDS: dict[str, tuple[tuple[str, str], ...]] = {
    "worker": (
        ("today", "What is due today"),
        ("week", "What is due this week"),
        ("overdue", "What is overdue"),
        ("cases", "My cases"),
        ("case", "One case: clocks, visits, history"),
        ("event", "Record what happened on a case"),
        ("visit", "Record a visit"),
        ("newcase", "Add a case"),
        ("plo", "My cases in pre-proceedings"),
        ("calendar", "My dates for Outlook or Google"),
        ("actions", "Actions from my manager"),
        ("whatmymanagersees", "What my manager sees of me"),
        ("pack", "The page for my supervision"),
        ("topics", "Browse the guidance"),
        ("checklist", "Tick off a checklist"),
        ("glossary", "What an abbreviation means"),
        ("settings", "Digest time, quiet hours, days, discreet"),
        ("away", "Leave, and who covers"),
        ("privacy", "What is held about me, and who sees it"),
        ("export", "A copy of my data"),
        ("deleteme", "Delete my account here"),
        ("cancel", "Stop what I was doing"),
        ("help", "What I can do"),
    ),
    "manager": (
        ("team", "My team at a glance, and what drifts most"),
        ("action", "Set a supervision action"),
        ("actions", "Actions I have set"),
        ("announce", "Tell a team, now or later"),
        ("announcements", "How my announcements fare"),
        ("overdue", "What is overdue in my team"),
        ("today", "What is due today in my team"),
        ("week", "What is due this week"),
        ("cases", "My team's cases"),
        ("case", "One case: clocks, visits, history"),
        ("event", "Record what happened on a case"),
        ("visit", "Record a visit"),
        ("newcase", "Add a case"),
        ("drift", "Which cases drift most, and why"),
        ("plo", "Cases in pre-proceedings"),
        ("spreadsheet", "Clocks and tracker as a spreadsheet"),
        ("pack", "The page for a supervision session"),
        ("board", "The board as a web page, for a meeting"),
        ("figures", "Figures for the improvement board"),
        ("handover", "Move a case or a caseload"),
        ("leaver", "End somebody's access"),
        ("roster", "Who is in my team, once a month"),
        ("topics", "Browse the guidance"),
        ("checklist", "Tick off a checklist"),
        ("glossary", "What an abbreviation means"),
        ("settings", "Digest time, quiet hours, days, discreet"),
        ("away", "Leave, and who covers"),
        ("privacy", "What is held about me, and who sees it"),
        ("export", "A copy of my data"),
        ("deleteme", "Delete my account here"),
        ("cancel", "Stop what I was doing"),
        ("help", "What I can do"),
    ),
    "practice-lead": (
        ("questions", "What was asked and not found; what is due for checking"),
        ("topics", "Browse the guidance"),
        ("checklist", "Tick off a checklist"),
        ("glossary", "What an abbreviation means"),
        ("actions", "Actions set for me"),
        ("settings", "Digest time, quiet hours, days, discreet"),
        ("away", "Leave, and who covers"),
        ("privacy", "What is held about me, and who sees it"),
        ("export", "A copy of my data"),
        ("deleteme", "Delete my account here"),
        ("cancel", "Stop what I was doing"),
        ("help", "What I can do"),
    ),
}
COMMANDS["head-of-service"] = COMMANDS["manager"]
COMMANDS["admin"] = (
    ("leaver", "End somebody's access"),
    ("roster", "Who is in which team"),
    ("code", "Show a code from the server: opens the two above"),
    *COMMANDS["practice-lead"][1:],
)
STRANGERS: tuple[tuple[str, str], ...] = (("start", "Join with a code"), ("help", "What this is"))

HOW_TO_JOIN = (
    "This is a work tool for a children's social care team. To join, ask your manager for a code, "
    "then send /start and the code."
)
NEVER_A_NAME = (
    "Never type a name, date of birth or address here: use the case reference. "
    "I'm a help, not the record: write it up in the case system."
)


def welcome(role: Role, team: str, digest: str) -> str:
    """The first words after joining."""
    if reach(role, "cases") == "none":
        what = "I answer procedure questions, each with its source."
    else:
        what = "I answer procedure questions with their source, and remind you of visits and deadlines."
    return lines(
        f"{bold(f'Hello. You are in team {team} as {ROLE_NAMES[role]}.')} {esc(what)}",
        esc(NEVER_A_NAME),
        *([f"Digest: working days at {esc(digest)}."] if reach(role, "cases") != "none" else []),
        "Just type a question. For instance:",
    )


def welcome_buttons(role: Role) -> Rows:
    """Three questions to try, then what the role uses most."""
    examples = EXAMPLES.get(role, EXAMPLES["worker"])
    asks = rows(*(Button(text, f"try:{number}") for number, text in enumerate(examples)))
    more = {"worker": "My cases", "manager": "My team's cases", "head-of-service": "My teams' cases"}.get(
        role
    )
    last = (Button(more, "cases"),) if more else (Button("Browse topics", "topics"),)
    return (*asks, last)


_MOST_USED = 7


def help_text(role: Role, *, whole: bool = False) -> tuple[str, Rows]:
    """What this person uses most, a line each, and a button to the `whole` list."""
    known = COMMANDS[role]
    shown = known if whole else known[:_MOST_USED]
    text = lines(
        bold("Type a question in your own words, or tap:"),
        *(f"/{name} – {esc(what)}" for name, what in shown),
        "",
        italic(NEVER_A_NAME),
    )
    return text, rows() if whole else rows(Button("Everything I can do", "help:all"))


UNKNOWN_COMMAND = "I don't know that command. /help lists what I can do; or just type your question."
NO_PICTURES = (
    "I can't take pictures, voice notes, files or locations, and please don't send any of families. "
    "Type a question, or a case reference."
)
NO_EDITS = "I don't read edited messages. Send it again as a new one."
PRIVATE_ONLY = "I only talk in private, so that nothing about a case is seen here. Message me directly."
SOMETHING_WENT_WRONG = (
    "Something went wrong on my side. It has been logged; nothing you sent before is lost. Try again."
)
NOTHING_TO_CANCEL = "There is nothing to cancel."
CANCELLED = "Stopped. Nothing was recorded."
EXPIRED = "That was left for too long, so I've put it away. Nothing was recorded. Start again when you like."
