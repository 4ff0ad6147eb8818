"""A case's page, its history and lists of cases."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.rules.dates import show_date, show_day
from bot.rules.events import EVENTS
from bot.rules.plo import Extension, Tracker
from bot.rules.stages import Stage
from bot.services.casework import CasePage
from bot.services.shares import ShareView
from bot.texts.clocks import clock_title, due_words, sum_line
from bot.texts.html import bold, esc, lines
from bot.texts.reply import Button, Rows, Timeline, rows
from bot.texts.supervision import state_words

_MOST_LINES = 12


def page(shown: CasePage, today: date, zone: ZoneInfo) -> str:
    """A case's page: where it stands, clocks in date order with their sums, last seen, last events."""
    clocks: list[str] = []
    for view in shown.open_clocks[:_MOST_LINES]:
        clocks += [f"• {esc(clock_title(view))}, {due_words(view, today, zone)}", "  " + sum_line(view)]
    events = [
        f"• {show_day(event.happened_on)}: {esc(EVENTS[event.kind].title)}" for event in shown.events[-5:]
    ]
    family = f" · family {esc(shown.case.family)}" if shown.case.family else ""
    return lines(
        bold(shown.case.reference)
        + (f" · {esc(shown.worker_name)}" if shown.worker_name else " · no worker")
        + family,
        *(stage_line(stage, today) for stage in shown.stages),
        _plo_line(shown.tracker, today),
        _seen_line(shown),
        _workers_line(shown),
        _lists_line(shown),
        bold("Clocks") if clocks else "No clock is running. Record what happened to start one.",
        *clocks,
        *action_lines(shown, today),
        *([bold("Lately"), *events] if events else []),
    )


def action_lines(shown: CasePage, today: date) -> list[str]:
    """The case's open actions, with a heading; nothing where there are none."""
    said = [action_line(view, today) for view in shown.actions[:6]]
    return [bold("Actions"), *said] if said else []


def action_line(view: ShareView, today: date) -> str:
    """• Worker A: two visits recorded: acknowledged, due Fri 4 Dec."""
    what = view.action.what if len(view.action.what) <= 90 else view.action.what[:89].rstrip() + "…"
    return f"• {esc(view.worker.name)}: {esc(what)}: {state_words(view, today)}"


def stage_line(stage: Stage, today: date) -> str:
    """On a child protection plan since Mon 1 Jun 2026 (178 days)."""
    days = (today - stage.since).days
    return f"{esc(stage.title)} since {show_date(stage.since)} ({days} day{'' if days == 1 else 's'})"


def _plo_line(tracker: Tracker | None, today: date) -> str:
    if tracker is None or tracker.started is None or tracker.ended is not None or tracker.issued is not None:
        return ""
    half = (
        f"; half-way {show_day(tracker.midpoint)}" if tracker.midpoint and tracker.midpoint >= today else ""
    )
    end = f"; expected to end by {show_day(tracker.expected_end)}" if tracker.expected_end else ""
    later = f"; {extension_words(tracker.extension)}" if tracker.extension is not None else ""
    return f"Week {tracker.weeks + 1} of pre-proceedings{half}{end}{later}"


def extension_words(agreed: Extension) -> str:
    """A later end of pre-proceedings, who agreed to it, and why."""
    return f"extended to {show_day(agreed.until)}, agreed by {esc(agreed.agreed_by)}: {esc(agreed.why)}"


def _lists_line(shown: CasePage) -> str:
    lists = len(shown.ticked)
    return f"{lists} checklist{'' if lists == 1 else 's'} under way (More…)" if lists else ""


def _workers_line(shown: CasePage) -> str:
    count = shown.workers_in_a_year
    return f"{count} social workers in 12 months" if count > 1 else ""


def _seen_line(shown: CasePage) -> str:
    planned = (
        f" Next visit planned for {show_day(shown.planned_visit.planned_on)}." if shown.planned_visit else ""
    )
    if shown.last_visit is None:
        return f"No visit recorded here yet.{planned}"
    seen = f"Last seen {show_day(shown.last_visit.visited_on)}"
    if shown.last_alone is None:
        return f"{seen}; not yet seen alone.{planned}"
    return f"{seen}; alone {show_day(shown.last_alone.visited_on)}.{planned}"


def page_buttons(shown: CasePage) -> Rows:
    """Record, each clock's own button, next steps, timeline, history, more."""
    case_id = shown.case.id
    clocks = [
        Button(f"{clock_title(view)}"[:60], f"clk:{view.deadline.id}") for view in shown.open_clocks[:4]
    ]
    steps = [Button("Next steps", f"entry:{shown.stages[-1].entry}")] if shown.stages else []
    return (
        (Button("Record an event", f"ev:{case_id}"), Button("Record a visit", f"vis:{case_id}")),
        *rows(*clocks),
        *rows(*action_buttons(shown)),
        (*steps, Button("Timeline", f"tl:{case_id}")),
        (Button("History", f"his:{case_id}"), Button("More…", f"more:{case_id}")),
    )


def action_buttons(shown: CasePage) -> list[Button]:
    """Each of the first open actions, to open."""
    return [Button(f"Action: {view.action.what}"[:50], f"act:{view.share.id}") for view in shown.actions[:3]]


def history(shown: CasePage) -> tuple[str, Rows]:
    """The latest events, each to correct or take back."""
    latest = shown.events[-10:][::-1]
    buttons = [
        Button(f"{show_day(event.happened_on)} {EVENTS[event.kind].title}"[:60], f"evt:{event.id}")
        for event in latest
    ]
    return f"{bold(shown.case.reference)}: which one is wrong?", rows(*buttons)


def timeline(shown: CasePage, today: date) -> Timeline:
    """The case's picture: what happened, and what is due."""
    happened = [
        (event.happened_on.isoformat(), EVENTS[event.kind].title, "happened") for event in shown.events[-16:]
    ]
    due = [
        (view.effective.isoformat(), clock_title(view), "late" if view.effective < today else "due")
        for view in shown.open_clocks[:10]
    ]
    return Timeline(shown.case.reference, (*happened, *due), today.isoformat())


def more(case_id: int, *, manager: bool) -> Rows:
    """What is needed less often."""
    buttons = [
        Button("Checklists", f"cls:{case_id}"),
        Button("Plan a visit", f"plan:{case_id}"),
        Button("How often to visit", f"freq:{case_id}"),
        Button("Brothers and sisters", f"famset:{case_id}"),
        Button("Disabled child: yes or no", f"dis:{case_id}"),
        Button("Close the case", f"close:{case_id}"),
    ]
    if manager:
        buttons.append(Button("Hand over", f"hand:{case_id}"))
    return rows(*buttons, wide=2)


def case_list(references: list[tuple[str, str]]) -> str:
    """(reference, what is next) a line each."""
    if not references:
        return "You have no open cases here. /newcase and the reference adds one, as in: /newcase CP-1042"
    return lines(
        bold("Open cases"),
        *(f"• {bold(reference)}: {esc(what)}" for reference, what in references[:40]),
        f"… and {len(references) - 40} more" if len(references) > 40 else "",
    )
