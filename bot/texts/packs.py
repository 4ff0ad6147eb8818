"""The supervision page in words: the same lines in the chat and on paper."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.rules.dates import show_date, show_day
from bot.services.packs import LastVisits, Pack
from bot.services.shares import ShareView
from bot.services.supervision_sessions import EVERY
from bot.texts.board import SIGNS_NOT_VERDICTS
from bot.texts.clocks import clock_title, due_words
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Button, Rows, rows
from bot.texts.supervision import state_words
from storage.tables import Person, SupervisionSession

_SHOWN = 5
_SEEN = {"alone": "seen alone", "seen": "seen, not alone", "not-seen": "not seen"}
Section = tuple[str, list[str]]


def sections(found: Pack, today: date, zone: ZoneInfo) -> list[Section]:
    """Headings, each with its plain lines; an empty part says so."""
    figures = found.board.total
    return [
        (
            "In figures",
            [
                f"{figures.cases} open cases · overdue {figures.overdue} · due in 7 days {figures.due_soon} "
                f"· visits late {figures.visits_late} · not seen alone {figures.not_alone}"
            ],
        ),
        _last_session(found, today),
        ("Open actions", [_action(view, today) for view in found.actions] or ["None."]),
        (
            "Late, and due in ten working days",
            [
                f"{view.case.reference}: {clock_title(view)}, {due_words(view, today, zone)}"
                for view in found.clocks
            ]
            or ["None."],
        ),
        (
            "Drift signs",
            [
                f"{line.drifting.case.reference}: {'; '.join(sign.words for sign in line.drifting.signs)}"
                for line in found.board.drifting
            ]
            or ["None."],
        ),
        ("Visits", [_visit(visits) for visits in found.visits] or ["No open cases."]),
        ("Next session", [_next(found.planned, today)]),
    ]


def _last_session(found: Pack, today: date) -> Section:
    if found.last is None or found.last.held_on is None:
        return "Last session", ["None is recorded here yet."]
    said = [_action(view, today) for view in found.last_actions] or ["No action was set."]
    return f"Last session, {show_date(found.last.held_on)}: what became of its actions", said


def _action(view: ShareView, today: date) -> str:
    age = (today - view.action.created_at.date()).days
    about = f" ({view.case_reference})" if view.case_reference else ""
    note = f" “{view.share.note}”" if view.share.note else ""
    return f"{view.action.what}{about}: {state_words(view, today)}, set {_days(age)} ago.{note}"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def _visit(found: LastVisits) -> str:
    if found.last is None:
        return f"{found.case.reference}: no visit recorded"
    alone = f"last alone {show_day(found.alone.visited_on)}" if found.alone else "never seen alone here"
    last = f"{show_day(found.last.visited_on)} {_SEEN.get(found.last.seen, found.last.seen)}"
    return f"{found.case.reference}: {last}; {alone}"


def _next(planned: SupervisionSession | None, today: date | None = None) -> str:
    if planned is None:
        return "None is planned."
    passed = today is not None and planned.planned_on < today
    return f"{show_date(planned.planned_on)}, {EVERY[planned.every]}{': not recorded' if passed else ''}."


def title(found: Pack, today: date) -> str:
    """Supervision: Worker A, Tue 24 Nov 2026."""
    return f"Supervision: {found.worker.name}, {show_date(today)}"


def pack_text(found: Pack, today: date, zone: ZoneInfo) -> str:
    """For the chat: the first few lines of each part; the paper has them all."""
    parts = [bold(title(found, today))]
    for heading, said in sections(found, today, zone):
        parts.append(bold(heading))
        parts += [f"• {esc(line)}" for line in said[:_SHOWN]]
        if len(said) > _SHOWN:
            parts.append(f"… and {len(said) - _SHOWN} more on the page")
    return lines(*parts, italic(SIGNS_NOT_VERDICTS))


def pack_buttons(worker: Person, *, manager: bool) -> Rows:
    """What a manager does with it; a worker only reads."""
    if not manager:
        return ()
    return (
        (Button("Session held", f"seshld:{worker.id}"), Button("Plan the next", f"sespln:{worker.id}")),
        (Button("Set an action", f"actw:{worker.id}"),),
    )


def choose(workers: list[Person]) -> tuple[str, Rows]:
    """Whose page?"""
    if not workers:
        return "No worker of yours has joined yet. Invite them first.", ()
    return bold("Whose supervision?"), rows(*(Button(one.name, f"pack:{one.id}") for one in workers), wide=2)


def held(
    session: SupervisionSession, worker: Person, actions: list[ShareView], planned: SupervisionSession | None
) -> tuple[str, Rows]:
    """What was recorded, and what comes next."""
    count = f"{len(actions)} action{'' if len(actions) == 1 else 's'}"
    day = show_date(session.held_on) if session.held_on is not None else ""
    text = lines(
        bold(f"Supervision with {worker.name} on {day} is recorded, with {count}."),
        "What you set by the end of the next working day belongs to it too.",
        f"Next: {_next(planned)}",
    )
    return text, (
        (Button("Set an action", f"actw:{worker.id}"), Button("Plan the next", f"sespln:{worker.id}")),
    )


def planned(session: SupervisionSession, worker: Person) -> str:
    """When the next one is."""
    told = "You'll both be reminded the working day before."
    return f"Next supervision with {bold(worker.name)}: {_next(session)} {told}"


def reminder(session: SupervisionSession, other: Person, *, to_manager: bool) -> tuple[str, Rows]:
    """The working day before."""
    text = f"{bold('Supervision')} with {bold(other.name)}: {show_date(session.planned_on)}."
    label = "The page for it" if to_manager else "What is on the page"
    return text, ((Button(label, f"pack:{session.worker_id}"),),)


def unrecorded(session: SupervisionSession, worker: Person) -> tuple[str, Rows]:
    """To the manager once the day has passed: was it held?"""
    text = lines(
        f"{bold('Supervision')} with {bold(worker.name)} was planned for {show_date(session.planned_on)}.",
        "Nothing is recorded. Was it held?",
    )
    return text, (
        (Button(f"Held on {show_day(session.planned_on)}", f"sesok:{session.id}"),),
        (Button("Held on another day", f"seshld:{worker.id}"), Button("Plan it anew", f"sespln:{worker.id}")),
    )


def what_became(session: SupervisionSession) -> str:
    """What an earlier message about a session says once it is held or moved."""
    if session.held_on is not None:
        return f"✓ Supervision held on {show_date(session.held_on)}"
    return f"Supervision on {show_date(session.planned_on)} was moved."
