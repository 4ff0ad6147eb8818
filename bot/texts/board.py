"""The team's board in words, and what its picture shows."""

from datetime import date

from bot.rules.dates import show_date, show_day
from bot.rules.figures import TRENDING, Change, Figures, Week, changes
from bot.services.board import Board, DriftLine
from bot.services.weekly import Summary
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Button, Chart, Rows, Say

MOST_DRIFTING = 10
COLUMNS: tuple[tuple[str, str], ...] = (
    ("overdue", "Overdue"),
    ("due_soon", "Due in\n7 days"),
    ("visits_late", "Visits\nlate"),
    ("not_alone", "Not seen\nalone"),
    ("unacknowledged", "Actions not\nackn’d"),
)
_LATE_COLUMNS = (0, 2, 3, 4)
LATE_FIGURES = tuple(COLUMNS[number][0] for number in _LATE_COLUMNS)
"""Those that need somebody, where they are more than nothing."""
SIGNS_NOT_VERDICTS = "Signs, not verdicts: look at the case with its worker."


def picture(board: Board) -> Chart:
    """A line each, a total, and the counts of long plans and the like below."""
    rows = [[row.name, *_numbers(row.figures)] for row in board.rows]
    if len(board.rows) > 1:
        rows.append(["All", *_numbers(board.total)])
    return Chart(
        "board",
        {
            "title": f"{board.title} · {show_date(board.today)}",
            "headings": [heading for _, heading in COLUMNS],
            "rows": rows,
            "late": list(_LATE_COLUMNS),
            "notes": long_lines(board.total),
        },
    )


def _numbers(figures: Figures) -> list[int]:
    counts = figures.as_json()
    return [counts[name] for name, _ in COLUMNS]


def long_lines(figures: Figures) -> list[str]:
    """Plain lines: plans by their months, pre-proceedings by their weeks, social workers, conferences."""
    return [
        f"Plans over 9 months: {figures.plans_9}   12: {figures.plans_12}   15: {figures.plans_15}   "
        f"18: {figures.plans_18}   24: {figures.plans_24}",
        f"Pre-proceedings over 12 weeks: {figures.pre_12}   16: {figures.pre_16}",
        f"More than two social workers in a year: {figures.many_workers}",
        f"Conference clocks lost: {figures.conferences_lost}   Actions past their date: "
        f"{figures.actions_late}",
    ]


def caption(board: Board) -> str:
    """Under the picture: the sum in one sentence, also for who can't see it."""
    total = board.total
    return lines(
        bold(f"{board.title}: {total.overdue} overdue, of these {_many(total.visits_late, 'visit')}"),
        f"{_many(total.cases, 'open case')}; {total.due_soon} due in 7 days; {total.not_alone} not seen "
        f"alone twice running; {_many(total.unacknowledged, 'action')} not acknowledged.",
    )


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def drift_list(board: Board) -> str:
    """The ten cases that drift most, each with its strongest signs and its worker."""
    if not board.drifting:
        return "No case shows a sign of drift."
    shown = board.drifting[:MOST_DRIFTING]
    head = "What drifts most" if len(shown) < MOST_DRIFTING else "Ten that drift most"
    return lines(
        bold(head),
        *(drift_line(number, line) for number, line in enumerate(shown, 1)),
        italic(SIGNS_NOT_VERDICTS),
    )


def drift_line(number: int, line: DriftLine) -> str:
    """1. CP-0977 (Worker A): on a plan over 18 months; 3 social workers in a year."""
    signs = "; ".join(sign.words for sign in line.drifting.signs[:3])
    who = f" ({esc(line.worker or 'no worker')})"
    return f"{number}. {bold(line.drifting.case.reference)}{who}: {esc(signs)}"


def drift_buttons(board: Board) -> Rows:
    """Each case, and an action about it, a tap away; then the weeks behind, and the figures as a file."""
    cases = tuple(
        (
            Button(f"{number} · {line.drifting.case.reference}", f"case:{line.drifting.case.id}"),
            Button(f"{number} · Set an action", f"actc:{line.drifting.case.id}"),
        )
        for number, line in enumerate(board.drifting[:MOST_DRIFTING], 1)
    )
    return (*cases, (Button("Twelve weeks", "trend:0"), Button("Spreadsheet", "figures:0")))


MOST_IN_SUMMARY = 3
_ARROWS = {"better": "▼ better", "worse": "▲ worse", "the same": "the same"}
FIGURE_NAMES = {
    "cases": "Open cases",
    "overdue": "Overdue",
    "due_soon": "Due in 7 days",
    "visits_late": "Visits late",
    "not_alone": "Not seen alone twice running",
    "unacknowledged": "Actions not acknowledged",
    "actions_late": "Actions past their date",
    "plans_9": "Plans over 9 months",
    "plans_12": "Plans over 12 months",
    "plans_15": "Plans over 15 months",
    "plans_18": "Plans over 18 months",
    "plans_24": "Plans over 24 months",
    "pre_12": "Pre-proceedings over 12 weeks",
    "pre_16": "Pre-proceedings over 16 weeks",
    "many_workers": "More than two social workers in a year",
    "conferences_lost": "Conference clocks lost",
}
"""A heading for each figure."""


def weekly(found: Summary) -> Say:
    """Monday's summary: the figures, which way they move, and what drifts most."""
    most = [drift_line(number, line) for number, line in enumerate(found.board.drifting[:MOST_IN_SUMMARY], 1)]
    text = lines(caption(found.board), trend_sentence(found.weeks), *most)
    buttons = ((Button("The whole board", "team:0"), Button("Spreadsheet", "figures:0")),)
    return Say(text, buttons, picture=trend_picture(found) or picture(found.board))


def trend(found: Summary) -> Say:
    """The twelve weeks as a picture and a sentence; or from when on there will be one."""
    drawn = trend_picture(found)
    if drawn is None:
        return Say("There is no trend yet: figures are kept on Mondays, and two weeks make the first.")
    return Say(trend_sentence(found.weeks), picture=drawn)


def trend_sentence(weeks: list[Week]) -> str:
    """Since Mon 7 Sep: overdue 14 → 9 (▼ better); visits late 3 → 3 (the same); …"""
    found = changes(weeks)
    if not found:
        return ""
    moved = "; ".join(_moved(change) for change in found)
    cases = f" Open cases {weeks[0].figures.cases} → {weeks[-1].figures.cases}."
    return f"Since {show_day(weeks[0].monday)}: {moved}.{cases}"


def _moved(change: Change) -> str:
    return f"{change.what} {change.before} → {change.now} ({_ARROWS[change.verdict]})"


def trend_picture(found: Summary) -> Chart | None:
    """A line for each trending figure; None until there are two weeks."""
    if len(found.weeks) < 2:
        return None
    counts = [week.figures.as_json() for week in found.weeks]
    return Chart(
        "trend",
        {
            "title": f"{found.board.title}: {len(found.weeks)} weeks",
            "weeks": [f"{week.monday.day} {week.monday:%b}" for week in found.weeks],
            "lines": [
                {"name": words, "values": [count[name] for count in counts]}
                for name, words in TRENDING.items()
            ],
        },
    )


NEVER_SEEN = (
    "Never shown to anybody: when or whether you read a message, when you're here, and what you ask. "
    "The practice lead sees questions that found no answer, without your name."
)


def what_my_manager_sees(board: Board, today: date) -> str:
    """The worker's own line of the team's board, word for word, and what is never on it."""
    figures = board.total
    drifting = [drift_line(number, line) for number, line in enumerate(board.drifting[:MOST_DRIFTING], 1)]
    return lines(
        bold(f"Your line on your manager's board · {show_date(today)}"),
        f"Overdue {figures.overdue} · due in 7 days {figures.due_soon} · visits late {figures.visits_late} · "
        f"not seen alone {figures.not_alone} · actions not acknowledged {figures.unacknowledged}",
        *([bold("Your cases on the drift list"), *drifting] if drifting else ["None of your cases drifts."]),
        "Your manager also sees your cases' pages, and your actions with their state and your note.",
        italic(NEVER_SEEN),
    )
