"""Actions in words: cards, lists, what each side is told."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from bot.rules.dates import show_date, show_day
from bot.rules.supervision import FLAGGED_FROM, IMPROVEMENT_CLOCKS, KINDS, ActionDraft, vague_words
from bot.rules.timescales import TimescaleBook
from bot.services.shares import ShareView
from bot.services.supervision import Recipients
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Button, Rows, rows
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
    about = f" ({bold(view.case_reference)})" if view.case_reference else ""
    return f"• {esc(_short(view.action.what))}{about}: {state_words(view, today)}"


def _short(text: str, most: int = 140) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _about(view: ShareView) -> str:
    return f" · {esc(view.case_reference)}" if view.case_reference else ""


def card(view: ShareView) -> str:
    """What the worker gets: what, why, how we shall know, by when; why it came back; that it is cancelled."""
    share, action = view.share, view.action
    if share.state == "cancelled":
        return lines(bold("Cancelled by your manager") + _about(view), f"Was: {esc(_short(action.what))}")
    kind = "" if action.kind == "supervision" else f" · {esc(KINDS[action.kind])}"
    back = share.state == "returned"
    return lines(
        bold(f"{'Returned' if back else 'From your manager'} · by {show_date(action.due_on)}")
        + _about(view)
        + kind,
        f"Not done yet: {esc(share.reason)}" if back else "",
        f"Do: {esc(action.what)}",
        f"Why: {esc(action.why)}",
        f"Done means: {esc(action.measure)}",
        flag_words(view),
    )


def card_buttons(view: ShareView) -> Rows:
    """Acknowledge (once), done, and a question."""
    share = view.share
    if share.state not in ("sent", "acknowledged", "returned"):
        return ()
    done, ask = Button("Done", f"adone:{share.id}"), Button("Ask about it", f"aask:{share.id}")
    if share.state == "acknowledged":
        return ((done, ask),)
    return ((Button("Acknowledge", f"ack:{share.id}"), done), (ask,))


def manager_card(view: ShareView, today: date) -> str:
    """An action as its manager sees it."""
    share, action = view.share, view.action
    return lines(
        bold(f"{view.worker.name} · by {show_date(action.due_on)}") + _about(view),
        f"{esc(KINDS[action.kind])}: {state_words(view, today)}",
        f"Do: {esc(action.what)}",
        f"Why: {esc(action.why)}",
        f"Done means: {esc(action.measure)}",
        f"“{esc(share.note)}”" if share.note and share.state in ("done", "closed") else "",
        f"Returned: {esc(share.reason)}" if share.state == "returned" else "",
    )


def manager_buttons(view: ShareView, sharers: int) -> Rows:
    """Close or return what is done; else change it. sharers: how many people have the action open."""
    share_id, state = view.share.id, view.share.state
    history = Button("History", f"ahis:{share_id}")
    if state in ("closed", "cancelled"):
        return ((history,),)
    if state == "done":
        return (*done_buttons(view), (history,))
    buttons = [
        Button("Change the date", f"adate:{share_id}"),
        Button("Give to another", f"areas:{share_id}"),
        Button("Cancel it", f"acan:{share_id}"),
        *([Button("Split", f"asplit:{share_id}")] if sharers > 1 else []),
        history,
    ]
    return rows(*buttons, wide=2)


def done_buttons(view: ShareView) -> Rows:
    """What a manager answers to done."""
    share_id = view.share.id
    return ((Button("Close", f"aclose:{share_id}"), Button("Return with a reason", f"aret:{share_id}")),)


def acknowledged(view: ShareView) -> str:
    """The card once it is acknowledged."""
    return lines(card(view), italic("Acknowledged. Tap Done when it's done."))


def finished(view: ShareView) -> str:
    """The worker's own confirmation."""
    return lines(
        bold("Done, and your manager has been told."),
        f"“{esc(view.share.note)}”",
        italic("They close it, or send it back and say why."),
    )


def told_acknowledged(view: ShareView) -> str:
    """To the manager."""
    due = show_day(view.action.due_on)
    return f"{bold(view.worker.name)} has acknowledged: {esc(_short(view.action.what))} (due {due})."


def told_done(view: ShareView, done_on: date, set_on: date) -> str:
    """To the manager: done, and on which day of how many."""
    day, of = (done_on - set_on).days, (view.action.due_on - set_on).days
    return lines(
        bold(f"{view.worker.name}: done (day {day} of {of})") + _about(view),
        esc(_short(view.action.what)),
        f"Done means: {esc(_short(view.action.measure))}",
        f"“{esc(view.share.note)}”",
    )


def overdue_for_worker(view: ShareView, today: date) -> str:
    """To the worker, once, when the date has passed."""
    return lines(bold("This was due and isn't marked done"), share_line(view, today))


def overdue_for_manager(view: ShareView, today: date) -> str:
    """To the manager, once, when the date has passed."""
    return lines(bold(f"{view.worker.name}: overdue action"), share_line(view, today))


def preview(draft: ActionDraft, to: Recipients) -> str:
    """The action as it will be sent, with a hint where a word can't be checked."""
    names = ", ".join(person.name for person in to.people)
    about = f" · {to.case_reference}" if to.case_reference else ""
    kind = "" if draft.kind == "supervision" else f" · {KINDS[draft.kind]}"
    return lines(
        bold(f"Preview · {names}{about} · by {show_date(draft.due_on)}") + esc(kind),
        f"Do: {esc(draft.what)}",
        f"Why: {esc(draft.why)}",
        f"Done means: {esc(draft.measure)}",
        coach(draft.measure) or coach(draft.what),
    )


def improvement_clocks(letter: date, days: Mapping[str, date], book: TimescaleBook) -> str:
    """The focused visit's own clocks from its letter, each with its source."""
    said = [f"Letter of {show_date(letter)}:"]
    for name, day in days.items():
        row = book.find(IMPROVEMENT_CLOCKS[name])
        if row is not None and row.limit is not None:
            said.append(f"• {row.title}: {show_date(day)} ({row.limit.amount} working days)")
            said.append(f"  {row.source}")
    return lines(esc(said[0]), *(esc(line) for line in said[1:]))


def coach(text: str) -> str:
    """A hint where the wording can't be checked; empty otherwise."""
    found = vague_words(text)
    if found is None:
        return ""
    return italic(f"“{found[0]}” can't be checked. Something like: {found[1]}.")


def sent(to: Recipients, draft: ActionDraft) -> str:
    """To the manager once it is on its way."""
    names = ", ".join(person.name for person in to.people)
    when = show_date(draft.due_on)
    return f"{bold('Sent')} to {esc(names)}, by {when}. I'll tell you when it's acknowledged and done."


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
            f"• {bold(view.worker.name)}: {esc(_short(view.action.what))}, “{esc(_short(view.share.note))}”"
            for view in waiting[:10]
        ),
        bold("Open") if open_views else "Nothing is open.",
        *(f"• {bold(view.worker.name)}: {share_line(view, today)[2:]}" for view in open_views[:20]),
        *([bold("Closed")] if closed else []),
        *(
            f"• {esc(view.worker.name)}: {esc(_short(view.action.what))}, “{esc(_short(view.share.note))}”"
            for view in closed
        ),
    )


def given_buttons(views: list[ShareView]) -> Rows:
    """Each of the first few, to open."""
    shown = [view for view in views if view.share.state not in ("closed", "cancelled")][:8]
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


def told_returned(view: ShareView) -> str:
    """To the manager who returned it."""
    return f"Returned to {bold(view.worker.name)}, with your reason. I'll tell you when it's done again."


def told_closed(view: ShareView) -> str:
    """To both once the manager has agreed."""
    return f"{bold('Closed')}: {esc(_short(view.action.what))}{_about(view)}"


def told_redated(view: ShareView, why: str) -> str:
    """To the worker: another date, and why."""
    return lines(
        bold(f"New date: {show_date(view.action.due_on)}") + _about(view),
        esc(_short(view.action.what)),
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
        bold("No longer yours to do") + _about(view),
        esc(_short(view.action.what)),
        f"Why: {esc(view.share.reason)}",
    )


def told_asked(view: ShareView, question: str) -> str:
    """To the manager: what the worker asks about an action."""
    return lines(
        bold(f"{view.worker.name} asks") + _about(view),
        f"“{esc(question)}”",
        f"About: {esc(_short(view.action.what))}",
    )


def told_answered(view: ShareView, question: str, answer: str) -> str:
    """To the worker: the manager's answer."""
    return lines(
        bold("Your manager answers") + _about(view),
        f"“{esc(answer)}”",
        italic(f"You asked: {_short(question)}"),
    )


def told_moved(view: ShareView, case_reference: str) -> str:
    """To the manager who set it: it went with its case to another worker."""
    return lines(
        bold(f"{view.worker.name} has this action now"),
        f"It moved with {esc(case_reference)}: {esc(_short(view.action.what))}, "
        f"due {show_date(view.action.due_on)}.",
    )


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
        bold("What became of it") + _about(view),
        esc(_short(view.action.what)),
        *(_history_line(change, name, zone) for change, name in changes[-15:]),
    )


def _history_line(change: ActionChange, name: str, zone: ZoneInfo) -> str:
    day = show_day(change.at.astimezone(zone).date())
    moved = {
        "redated": f" {change.before} → {change.after}",
        "reassigned": f": {change.before} → {change.after}",
    }
    why = f", “{_short(change.why)}”" if change.why else ""
    what = _HAPPENED.get(change.what, change.what) + moved.get(change.what, "")
    return esc(f"• {day}: {what} ({name}){why}")
