"""Cases, clocks, visits and reminders in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.rules.dates import show_date, show_day, show_moment
from bot.rules.events import ANSWERS, EVENTS
from bot.rules.plo import Tracker
from bot.rules.stages import Stage
from bot.rules.visits import WHY_NOT_ALONE
from bot.services.agenda import Agenda
from bot.services.casework import CasePage
from bot.services.clocks import Changes, ClockView
from bot.services.happenings import Recorded
from bot.services.visiting import SEEN, VisitRecorded
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Button, Rows, Timeline, rows
from bot.texts.supervision import share_line
from bot.texts.timescales import do_by_words, sum_words
from storage.tables import Visit

RECORD_ELSEWHERE = "Write it up in the case system."
_MOST_LINES = 12
_MOST_BUTTONS = 6


def clock_title(view: ClockView) -> str:
    """What must happen, without its case."""
    title = view.row.title if view.row is not None else view.deadline.timescale_id
    what = view.due.limit.what if view.due is not None else ""
    whose = f" ({view.row.actor}'s date)" if view.row is not None and not view.ours else ""
    return (f"{title}: {what}" if what else title) + whose


def due_words(view: ClockView, today: date, zone: ZoneInfo) -> str:
    """due today; due Fri 4 Dec; 2 days late; with the first date beside one that was agreed later."""
    deadline = view.deadline
    if deadline.due_at is not None:
        return f"by {show_moment(deadline.due_at.astimezone(zone))}"
    was = f" (extended; first due {show_day(deadline.due_on)})" if deadline.extended_to else ""
    day = view.effective
    if day < today:
        late = (today - day).days
        return f"{late} day{'' if late == 1 else 's'} late (was due {show_day(day)}){was}"
    if day == today:
        return f"due today{was}"
    if deadline.extended_to is None and deadline.do_by <= today:
        return f"do it today (last day {show_day(day)} isn't a working day)"
    return f"due {show_day(day)}{was}"


def clock_line(view: ClockView, today: date, zone: ZoneInfo) -> str:
    """• CP-1042: core group, due today."""
    return f"• {bold(view.case.reference)}: {esc(clock_title(view))}, {due_words(view, today, zone)}"


def sum_line(view: ClockView) -> str:
    """The sum behind a date, in italics; empty where the rule is gone."""
    return italic(sum_words(view.due)) if view.due is not None else ""


def opened_lines(changes: Changes, today: date, zone: ZoneInfo) -> list[str]:
    """What is done, what moved, what fell away, and what now runs with its sum."""
    gone = {view.deadline.timescale_id + view.deadline.part: view for view in changes.ended}
    said: list[str] = []
    for view in changes.met:
        late = (view.deadline.closed_on or today) > view.deadline.due_on
        said.append(f"✓ {esc(clock_title(view))}: done" + (" (late)" if late else ""))
    for view in changes.opened:
        before = gone.pop(view.deadline.timescale_id + view.deadline.part, None)
        moved = f" (was {show_day(before.deadline.due_on)})" if before is not None else ""
        said.append(f"➜ {bold(clock_title(view))}: {due_words(view, today, zone)}{moved}")
        said.append(sum_line(view))
        said.append(esc(do_by_words(view.due)) if view.due is not None else "")
    said += [f"– {esc(clock_title(view))}: no longer runs" for view in gone.values()]
    return [line for line in said if line]


def recorded(result: Recorded, today: date, zone: ZoneInfo, reminders: list[date]) -> str:
    """An event is on the case: what it did to the clocks."""
    kind = EVENTS[result.event.kind]
    head = f"{result.case.reference}: {kind.title}, {show_date(result.event.happened_on)}"
    if result.already:
        return lines(bold(head), "That was recorded already; nothing has changed.")
    remind = f"I'll remind you on {join_days(reminders)}." if reminders else ""
    changed = opened_lines(result.changes, today, zone) or ["No date changes."]
    return lines(bold(head), *changed, remind)


def join_days(days: list[date]) -> str:
    """Thu 3 Dec, Mon 7 Dec and Tue 8 Dec."""
    shown = [show_day(day) for day in sorted(set(days))]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def recorded_buttons(result: Recorded) -> Rows:
    """Follow-ups that change what the event meant, the rest of the family, case, take back."""
    event = result.event
    follow = [
        Button(answer.label, f"ans:{event.id}:{answer.detail}")
        for answer in ANSWERS
        if answer.kind == event.kind and event.detail != answer.detail and not result.already
    ]
    if result.siblings:
        others = ", ".join(sibling.reference for sibling in result.siblings[:3])
        follow.append(Button(f"Same for {others}"[:60], f"fam:{event.id}"))
    last = [Button("Case", f"case:{result.case.id}")]
    if not result.already:
        last.append(Button("Undo", f"undo:{event.id}"))
    return (*rows(*follow), tuple(last))


def event_card(result_case: str, title: str, day: date) -> str:
    """One past event, to correct or take back."""
    return f"{bold(result_case)}: {esc(title)}, {show_date(day)}"


def event_card_buttons(event_id: int) -> Rows:
    """Another day, or not at all."""
    return ((Button("Change the day", f"fix:{event_id}"), Button("Take it back", f"undo:{event_id}")),)


def visit_recorded(result: VisitRecorded, today: date, zone: ZoneInfo) -> str:
    """A visit is on the case; says plainly when it was not alone twice running."""
    visit, case = result.visit, result.recorded.case
    head = f"{case.reference}: visited {show_date(visit.visited_on)}, {SEEN[visit.seen]}."
    if result.recorded.already:
        head += " That was recorded already."
    streak = ""
    if result.not_alone_in_a_row >= 2:
        ordinal = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(result.not_alone_in_a_row, "next")
        streak = f"That's the {ordinal} in a row not seen alone, so it shows on your team's list."
    upcoming = ""
    if result.next_visit is not None:
        upcoming = f"Next visit {due_words(result.next_visit, today, zone)}."
    elif visit.seen == "not-seen":
        upcoming = "It doesn't count as a visit at which the child was seen, so the visit clock runs on."
    return lines(
        bold(head),
        streak,
        upcoming,
        sum_line(result.next_visit) if result.next_visit is not None else "",
        RECORD_ELSEWHERE,
    )


def visit_buttons(result: VisitRecorded) -> Rows:
    """Why not alone, purpose and voice (yes or no), plan the next, case, take back."""
    visit = result.visit
    last = [Button("Case", f"case:{result.recorded.case.id}")]
    if not result.recorded.already:
        last.append(Button("Undo", f"undo:{result.recorded.event.id}"))
    plan = Button("Plan the next visit", f"plan:{result.recorded.case.id}")
    if visit.seen == "alone":
        return (_quality_row(visit), (plan,), tuple(last))
    alone = (Button("Why not alone?", f"why:{visit.id}"), Button("What counts as alone?", "entry:cp-visits"))
    first = (alone,) if visit.seen == "seen" else ()
    quality = (_quality_row(visit),) if visit.seen == "seen" else ()
    return (*first, *quality, (plan,), tuple(last))


def _quality_row(visit: Visit) -> tuple[Button, ...]:
    return (
        Button("Purpose met", f"vq:{visit.id}:purpose:y"),
        Button("Not met", f"vq:{visit.id}:purpose:n"),
        Button("Voice captured", f"vq:{visit.id}:voice:y"),
        Button("Not captured", f"vq:{visit.id}:voice:n"),
    )


def why_buttons(visit_id: int) -> Rows:
    """The short list of reasons why a child was not seen alone."""
    return rows(*(Button(label, f"why:{visit_id}:{code}") for code, label in WHY_NOT_ALONE.items()), wide=2)


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
        bold("Clocks") if clocks else "No clock is running. Record what happened to start one.",
        *clocks,
        *([bold("Lately"), *events] if events else []),
    )


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
    return f"Week {tracker.weeks + 1} of pre-proceedings{half}{end}"


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
        (*steps, Button("Timeline", f"tl:{case_id}")),
        (Button("History", f"his:{case_id}"), Button("More…", f"more:{case_id}")),
    )


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


def agenda(found: Agenda, zone: ZoneInfo, title: str = "") -> str:
    """Overdue, today, this week, actions; a digest when there is a title."""
    today = found.today
    parts: list[str] = [bold(title)] if title else []
    for heading, views in (
        ("Overdue", found.overdue),
        ("Today", found.due_today),
        ("This week", found.this_week),
    ):
        if views:
            parts += [bold(heading), *(clock_line(view, today, zone) for view in views[:_MOST_LINES])]
            if len(views) > _MOST_LINES:
                parts.append(f"… and {len(views) - _MOST_LINES} more")
    if found.actions:
        parts += [bold("From your manager"), *(share_line(view, today) for view in found.actions[:6])]
    return lines(*parts)


def agenda_buttons(found: Agenda) -> Rows:
    """A button for each of the most pressing things."""
    views = [*found.overdue, *found.due_today][:_MOST_BUTTONS]
    clocks = [
        Button(f"{view.case.reference}: {clock_title(view)}"[:60], f"clk:{view.deadline.id}")
        for view in views
    ]
    shares = [
        Button(f"Done: {view.action.what}"[:50], f"adone:{view.share.id}") for view in found.actions[:3]
    ]
    return rows(*clocks, *shares)


def clock_card(view: ClockView, today: date, zone: ZoneInfo) -> str:
    """One clock with its sum and its source: what a tap on it shows."""
    return lines(
        f"{bold(view.case.reference)}: {bold(clock_title(view))}, {due_words(view, today, zone)}",
        sum_line(view),
        esc(do_by_words(view.due)) if view.due is not None else "",
        italic(_source(view)),
    )


def _source(view: ClockView) -> str:
    row = view.row
    if row is None:
        return ""
    own = view.due is not None and view.due.limit not in row.limits
    return "Your council's own rule" if own else f"{row.source} · {row.force.value}"


def clock_buttons(view: ClockView) -> Rows:
    """Done, snooze, open the case."""
    deadline_id = view.deadline.id
    return (
        (Button("Done", f"done:{deadline_id}"), Button("Snooze…", f"snz:{deadline_id}")),
        (Button("Extend…", f"ext:{deadline_id}"), Button("Not needed…", f"nn:{deadline_id}")),
        (Button("Open case", f"case:{view.case.id}"),),
    )


def snooze_buttons(deadline_id: int) -> Rows:
    """When to be reminded again; the date itself never moves."""
    return rows(
        Button("In an hour", f"snz:{deadline_id}:1h"),
        Button("Tomorrow", f"snz:{deadline_id}:1d"),
        Button("Next working day", f"snz:{deadline_id}:wd"),
        wide=2,
    )


def snoozed(until: datetime, zone: ZoneInfo, due: date) -> str:
    """When the reminder comes back; and that the date stands."""
    return (
        f"I'll remind you again on {show_moment(until.astimezone(zone))}. "
        f"The date itself stays {show_date(due)}."
    )
