"""Supervision actions in words."""

from datetime import date

from bot.rules.dates import show_date, show_day
from bot.rules.supervision import ActionDraft, vague_words
from bot.services.supervision import Recipients, ShareView
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Button, Rows, rows


def state_words(view: ShareView, today: date) -> str:
    """done; acknowledged, due Fri 4 Dec; sent, 2 days late."""
    share, action = view.share, view.action
    if share.done_at is not None:
        return "done"
    state = "acknowledged" if share.acknowledged_at is not None else "sent"
    if action.due_on < today:
        late = (today - action.due_on).days
        return f"{state}, {late} day{'' if late == 1 else 's'} late"
    return f"{state}, due {'today' if action.due_on == today else show_day(action.due_on)}"


def share_line(view: ShareView, today: date) -> str:
    """• Two visits recorded (CP-1042): acknowledged, due Fri 4 Dec."""
    about = f" ({bold(view.case_reference)})" if view.case_reference else ""
    return f"• {esc(view.action.what)}{about}: {state_words(view, today)}"


def card(view: ShareView) -> str:
    """What the worker gets: what, why, how we shall know, by when."""
    about = f" · {esc(view.case_reference)}" if view.case_reference else ""
    return lines(
        bold(f"From your manager · by {show_date(view.action.due_on)}") + about,
        f"Do: {esc(view.action.what)}",
        f"Why: {esc(view.action.why)}",
        f"Done means: {esc(view.action.measure)}",
    )


def card_buttons(view: ShareView) -> Rows:
    """Acknowledge (once) and done."""
    if view.share.done_at is not None:
        return ()
    done = Button("Done", f"adone:{view.share.id}")
    if view.share.acknowledged_at is not None:
        return ((done,),)
    return ((Button("Acknowledge", f"ack:{view.share.id}"), done),)


def acknowledged(view: ShareView) -> str:
    """The card once it is acknowledged."""
    return lines(card(view), italic("Acknowledged. Tap Done when it's done."))


def finished(view: ShareView) -> str:
    """The worker's own confirmation."""
    return lines(bold("Done, and your manager has been told."), f"“{esc(view.share.note)}”")


def told_acknowledged(view: ShareView) -> str:
    """To the manager."""
    due = show_day(view.action.due_on)
    return f"{bold(view.worker.name)} has acknowledged: {esc(view.action.what)} (due {due})."


def told_done(view: ShareView, done_on: date, set_on: date) -> str:
    """To the manager: done, and on which day of how many."""
    day, of = (done_on - set_on).days, (view.action.due_on - set_on).days
    about = f" · {esc(view.case_reference)}" if view.case_reference else ""
    return lines(
        bold(f"{view.worker.name}: done (day {day} of {of})") + about,
        esc(view.action.what),
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
    return lines(
        bold(f"Preview · {names}{about} · by {show_date(draft.due_on)}"),
        f"Do: {esc(draft.what)}",
        f"Why: {esc(draft.why)}",
        f"Done means: {esc(draft.measure)}",
        coach(draft.measure) or coach(draft.what),
    )


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
    """A manager's list, grouped by what is still open."""
    if not views:
        return "You have set no actions yet. /action sets one."
    open_views = [view for view in views if view.share.done_at is None]
    done_views = [view for view in views if view.share.done_at is not None][-8:]
    return lines(
        bold("Open") if open_views else "Nothing is open.",
        *(f"• {bold(view.worker.name)}: {share_line(view, today)[2:]}" for view in open_views[:20]),
        *([bold("Done")] if done_views else []),
        *(
            f"• {esc(view.worker.name)}: {esc(view.action.what)}, “{esc(view.share.note)}”"
            for view in done_views
        ),
    )


def received(views: list[ShareView], today: date) -> str:
    """A worker's list."""
    if not views:
        return "Nothing from your manager is open."
    return lines(bold("From your manager"), *(share_line(view, today) for view in views[:20]))


def received_buttons(views: list[ShareView]) -> Rows:
    """Done for each of the first few."""
    return rows(*(Button(f"Done: {view.action.what}"[:50], f"adone:{view.share.id}") for view in views[:6]))
