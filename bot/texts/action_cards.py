"""An action's card as its worker and its manager see it, and as it is shown before it is sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.rules.dates import show_date, show_day
from bot.rules.library import Library
from bot.rules.supervision import IMPROVEMENT_CLOCKS, KINDS, ActionDraft, vague_words
from bot.services.shares import ShareView
from bot.services.supervision import Recipients
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import MOST_BUTTONS, Button, Rows, rows
from bot.texts.supervision import about, flag_words, share_line, short, state_words
from storage.tables import Action

ACKNOWLEDGED = "Acknowledged. Tap Done when it's done."


def card(view: ShareView) -> str:
    """What the worker gets: what, why, how we shall know, by when; why it came back; that it is cancelled."""
    share, action = view.share, view.action
    if share.state == "cancelled":
        return lines(bold("Cancelled by your manager") + about(view), f"Was: {esc(short(action.what))}")
    if share.state == "returned":
        back = f"Not done yet: {esc(share.reason)}"
        return card_of(action, view.case_reference, "Returned", back, flag_words(view))
    return card_of(action, view.case_reference, flag=flag_words(view))


def card_of(
    action: Action | ActionDraft,
    case_reference: str,
    head: str = "From your manager",
    back: str = "",
    flag: str = "",
) -> str:
    """The card of an action that is set, or of one that is only a draft: the preview is what is sent."""
    case = f" · {esc(case_reference)}" if case_reference else ""
    kind = "" if action.kind == "supervision" else f" · {esc(KINDS[action.kind])}"
    return lines(
        bold(f"{head} · by {show_date(action.due_on)}") + case + kind,
        back,
        f"Do: {esc(action.what)}",
        f"Why: {esc(action.why)}",
        f"Done means: {esc(action.measure)}",
        flag,
    )


def card_buttons(view: ShareView) -> Rows:
    """Acknowledge (once), done, and a question."""
    return share_buttons(view.share.id or 0, view.share.state)


def share_buttons(share_id: int, state: str) -> Rows:
    """What a worker can do with a share in this state, under a card or an announcement."""
    if state not in ("sent", "acknowledged", "returned"):
        return ()
    done, ask = Button("Done", f"adone:{share_id}"), Button("Ask about it", f"aask:{share_id}")
    if state == "acknowledged":
        return ((done, ask),)
    return ((Button("Acknowledge", f"ack:{share_id}"), done), (ask,))


def as_preview(buttons: Rows) -> Rows:
    """The buttons as people will see them; here they only say that it is the preview."""
    return tuple(tuple(Button(button.label, "bpre:1") for button in row) for row in buttons)


def manager_card(view: ShareView, today: date) -> str:
    """An action as its manager sees it."""
    share, action = view.share, view.action
    return lines(
        bold(f"{view.worker.name} · by {show_date(action.due_on)}") + about(view),
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


def due(views: Sequence[ShareView], today: date) -> str:
    """To the worker, the day before and on the day: the card, or a line for each of several."""
    if len(views) == 1:
        return lines(bold(f"Due {_when_due(views[0], today)}"), card(views[0]))
    return due_lines(views, today)


def due_lines(views: Sequence[ShareView], today: date) -> str:
    """A line for each below how many there are."""
    return lines(due_headline(views, today), *(share_line(view, today) for view in views))


def due_headline(views: Sequence[ShareView], today: date) -> str:
    """One action is due tomorrow. 3 actions: 2 due today, 1 due tomorrow."""
    whens = Counter(_when_due(view, today) for view in views)
    if len(views) == 1:
        return bold(f"One action is due {next(iter(whens))}.")
    return bold(f"{len(views)} actions: {', '.join(f'{count} due {when}' for when, count in whens.items())}.")


def _when_due(view: ShareView, today: date) -> str:
    near = {today: "today", today + timedelta(days=1): "tomorrow"}
    return near.get(view.action.due_on, show_day(view.action.due_on))


def due_buttons(views: Sequence[ShareView]) -> Rows:
    """The card's, or Done for each of several."""
    if len(views) == 1:
        return card_buttons(views[0])
    return rows(*done_each(views)[:MOST_BUTTONS])


def done_each(views: Sequence[ShareView]) -> list[Button]:
    """Done for each of several."""
    return [Button(f"Done: {view.action.what}"[:50], f"adone:{view.share.id}") for view in views]


def done_buttons(view: ShareView) -> Rows:
    """What a manager answers to done."""
    share_id = view.share.id
    return ((Button("Close", f"aclose:{share_id}"), Button("Return with a reason", f"aret:{share_id}")),)


def acknowledged(view: ShareView) -> str:
    """The card once it is acknowledged."""
    return lines(card(view), italic(ACKNOWLEDGED))


def finished(view: ShareView) -> str:
    """The worker's own confirmation."""
    return lines(
        bold("Done, and your manager has been told."),
        f"“{esc(view.share.note)}”",
        italic("They close it, or send it back and say why."),
    )


def preview(draft: ActionDraft, to: Recipients) -> str:
    """Below the card as it will be sent: to whom, with a hint where a word can't be checked."""
    names = ", ".join(person.name for person in to.people)
    case = f" · {to.case_reference}" if to.case_reference else ""
    return lines(
        bold(f"Preview · {names}{case} · by {show_date(draft.due_on)}"),
        coach(draft.measure) or coach(draft.what),
    )


def improvement_clocks(letter: date, days: Mapping[str, date], library: Library) -> str:
    """The focused visit's own clocks from its letter, each with its source; or the council's own."""
    said = [f"Letter of {show_date(letter)}:"]
    for name, day in days.items():
        row = library.book.find(IMPROVEMENT_CLOCKS[name])
        own = library.local.get(IMPROVEMENT_CLOCKS[name])
        limit = own or (row.limit if row is not None else None)
        if row is not None and limit is not None:
            whose = ", your council's own" if own is not None else ""
            said.append(
                f"• {row.title}: {show_date(day)} ({limit.amount} {limit.unit.replace('-', ' ')}{whose})"
            )
            said.append(f"  {row.source}")
    return lines(*(esc(line) for line in said))


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
