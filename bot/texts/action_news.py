"""What each side is told of an action, unasked or in answer to what they did."""

from datetime import date

from bot.rules.dates import show_date, show_day
from bot.rules.supervision import FLAGGED_FROM
from bot.services.shares import ShareView
from bot.texts.html import bold, esc, italic, lines
from bot.texts.supervision import about, flag_words, short


def told_acknowledged(view: ShareView) -> str:
    """To the manager."""
    due = show_day(view.action.due_on)
    return f"{bold(view.worker.name)} has acknowledged: {esc(short(view.action.what))} (due {due})."


def told_done(view: ShareView, done_on: date, set_on: date) -> str:
    """To the manager: done, and on which day of how many."""
    day, of = (done_on - set_on).days, (view.action.due_on - set_on).days
    return lines(
        bold(f"{view.worker.name}: done (day {day} of {of})") + about(view),
        esc(short(view.action.what)),
        f"Done means: {esc(short(view.action.measure))}",
        f"“{esc(view.share.note)}”",
    )


def told_returned(view: ShareView) -> str:
    """To the manager who returned it."""
    return f"Returned to {bold(view.worker.name)}, with your reason. I'll tell you when it's done again."


def told_closed(view: ShareView) -> str:
    """To both once the manager has agreed."""
    return f"{bold('Closed')}: {esc(short(view.action.what))}{about(view)}"


def told_redated(view: ShareView, why: str) -> str:
    """To the worker: another date, and why."""
    return lines(
        bold(f"New date: {show_date(view.action.due_on)}") + about(view),
        esc(short(view.action.what)),
        f"Why: {esc(why)}" if why else "",
        flag_words(view),
    )


def redated(view: ShareView) -> str:
    """To the manager who changed the date."""
    times = view.action.redated
    return lines(
        f"{bold('New date: ' + show_date(view.action.due_on))}. Whoever has it is told, with the reason.",
        f"⚠ Changed {times} times: shown so to both of you. Is it still the right action?"
        if times >= FLAGGED_FROM
        else "",
    )


def told_cancelled(view: ShareView) -> str:
    """To the worker: taken back, and why."""
    return lines(
        bold("No longer yours to do") + about(view),
        esc(short(view.action.what)),
        f"Why: {esc(view.share.reason)}",
    )


def told_asked(view: ShareView, question: str) -> str:
    """To the manager: what the worker asks about an action."""
    return lines(
        bold(f"{view.worker.name} asks") + about(view),
        f"“{esc(question)}”",
        f"About: {esc(short(view.action.what))}",
    )


def told_answered(view: ShareView, question: str, answer: str) -> str:
    """To the worker: the manager's answer."""
    return lines(
        bold("Your manager answers") + about(view),
        f"“{esc(answer)}”",
        italic(f"You asked: {short(question)}"),
    )


def told_moved(view: ShareView, case_reference: str) -> str:
    """To the manager who set it: it went with its case to another worker."""
    return lines(
        bold(f"{view.worker.name} has this action now"),
        f"It moved with {esc(case_reference)}: {esc(short(view.action.what))}, "
        f"due {show_date(view.action.due_on)}.",
    )
