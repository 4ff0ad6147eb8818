"""Actions in words: their state in a line, each side's list, and what became of one."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.rules.dates import show_day
from bot.rules.supervision import FLAGGED_FROM
from bot.services.shares import ShareView
from bot.texts.html import bold, esc, lines
from bot.texts.reply import MOST_BUTTONS, Button, Rows, rows
from storage.tables import ActionChange


def state_words(view: ShareView, today: date) -> str:
    """closed; done, waits for a yes; acknowledged, due Fri 4 Dec; sent, 2 days late; date changed 3 times."""
    share, action = view.share, view.action
    if share.state == "done":
        return "done, waits for the manager's yes"
    if share.state in ("closed", "cancelled"):
        return share.state
    flag = f"; {flag_words(view)}" if flag_words(view) else ""
    if action.due_on < today:
        late = (today - action.due_on).days
        return f"{share.state}, {late} day{'' if late == 1 else 's'} late{flag}"
    return f"{share.state}, due {'today' if action.due_on == today else show_day(action.due_on)}{flag}"


def flag_words(view: ShareView) -> str:
    """⚠ date changed 3 times; empty before the third."""
    times = view.action.redated
    return f"⚠ date changed {times} times" if times >= FLAGGED_FROM else ""


def share_line(view: ShareView, today: date) -> str:
    """• Two visits recorded (CP-1042): acknowledged, due Fri 4 Dec."""
    case = f" ({bold(view.case_reference)})" if view.case_reference else ""
    return f"• {esc(short(view.action.what))}{case}: {state_words(view, today)}"


def short(text: str, most: int = 140) -> str:
    """The text in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def about(view: ShareView) -> str:
    """· CP-1042, where it is about a case; else nothing."""
    return f" · {esc(view.case_reference)}" if view.case_reference else ""


def given_line(view: ShareView, today: date) -> str:
    """In the digest of the manager who set it."""
    return f"• {bold(view.worker.name)}: {share_line(view, today).removeprefix('• ')}"


def given(views: list[ShareView], today: date) -> str:
    """A manager's list: what waits for a yes, what is open, the latest closed."""
    if not views:
        return "You have set no actions yet. /action sets one."
    waiting = [view for view in views if view.share.state == "done"]
    open_views = [view for view in views if view.share.state in ("sent", "acknowledged", "returned")]
    closed = [view for view in views if view.share.state == "closed"][-5:]
    return lines(
        *([bold("Done: close or return")] if waiting else []),
        *(
            f"• {bold(view.worker.name)}: {esc(short(view.action.what))}, “{esc(short(view.share.note))}”"
            for view in waiting[:10]
        ),
        bold("Open") if open_views else "Nothing is open.",
        *(f"• {bold(view.worker.name)}: {share_line(view, today)[2:]}" for view in open_views[:20]),
        *([bold("Closed")] if closed else []),
        *(
            f"• {esc(view.worker.name)}: {esc(short(view.action.what))}, “{esc(short(view.share.note))}”"
            for view in closed
        ),
    )


def given_buttons(views: list[ShareView]) -> Rows:
    """Each of the first few, to open."""
    shown = [view for view in views if view.share.state not in ("closed", "cancelled")][:MOST_BUTTONS]
    return rows(
        *(Button(f"{view.worker.name}: {view.action.what}"[:50], f"act:{view.share.id}") for view in shown)
    )


def received(views: list[ShareView], today: date) -> str:
    """A worker's list."""
    if not views:
        return "Nothing from your manager is open."
    return lines(bold("From your manager"), *(share_line(view, today) for view in views[:20]))


def received_buttons(views: list[ShareView]) -> Rows:
    """Done for each of the first few."""
    return rows(*(Button(f"Done: {view.action.what}"[:50], f"adone:{view.share.id}") for view in views[:6]))


_HAPPENED = {
    "set": "set",
    "acknowledged": "acknowledged",
    "done": "done",
    "closed": "closed",
    "returned": "returned",
    "redated": "date changed",
    "reassigned": "given to another",
    "split": "split",
    "cancelled": "cancelled",
    "asked": "asked",
    "answered": "answered",
    "moved": "moved with the case",
}


def history(view: ShareView, changes: list[tuple[ActionChange, str]], zone: ZoneInfo) -> str:
    """Line by line: when, what, who, and why."""
    return lines(
        bold("What became of it") + about(view),
        esc(short(view.action.what)),
        *(_history_line(change, name, zone) for change, name in changes[-15:]),
    )


def _history_line(change: ActionChange, name: str, zone: ZoneInfo) -> str:
    day = show_day(change.at.astimezone(zone).date())
    moved = {
        "redated": f" {change.before} → {change.after}",
        "reassigned": f": {change.before} → {change.after}",
    }
    why = f", “{short(change.why)}”" if change.why else ""
    what = _HAPPENED.get(change.what, change.what) + moved.get(change.what, "")
    return esc(f"• {day}: {what} ({name}){why}")
