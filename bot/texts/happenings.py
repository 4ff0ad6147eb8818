"""What was recorded, and what it did to the clocks."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.rules.dates import show_date, show_day, show_moment
from bot.rules.deadlines import Moment
from bot.rules.events import ANSWERS, EVENTS
from bot.rules.prompts import Prompt
from bot.rules.visits import WHY_NOT_ALONE
from bot.services.clocks import Changes
from bot.services.happenings import Recorded
from bot.services.visiting import SEEN, VisitRecorded
from bot.texts.clocks import clock_title, due_words, sum_line
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Button, Rows, rows
from bot.texts.timescales import do_by_words
from storage.tables import Case, CaseEvent, PlannedVisit, Visit

RECORD_ELSEWHERE = "Write it up in the case system."


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


def recorded(
    result: Recorded, today: date, zone: ZoneInfo, reminders: list[date], asked: Sequence[Prompt] = ()
) -> str:
    """An event is on the case: what it did to the clocks, and what to think of now."""
    kind = EVENTS[result.event.kind]
    head = f"{result.case.reference}: {kind.title}, {show_date(result.event.happened_on)}"
    if result.already:
        return lines(bold(head), "That was recorded already; nothing has changed.")
    remind = f"I'll remind you on {join_days(reminders)}." if reminders else ""
    changed = opened_lines(result.changes, today, zone) or ["No date changes."]
    return lines(bold(head), *changed, remind, *(italic(prompt.words) for prompt in asked))


def end_set(result: Recorded, ends: Moment, today: date, zone: ZoneInfo) -> str:
    """An order's own end is on the case now, and what it did to the clocks."""
    title = EVENTS[result.event.kind].title
    changed = opened_lines(result.changes, today, zone) or ["No date changes."]
    return lines(bold(f"{result.case.reference}: {title}, ends {show_moment(ends)}"), *changed)


def join_days(days: list[date]) -> str:
    """Thu 3 Dec, Mon 7 Dec and Tue 8 Dec."""
    shown = [show_day(day) for day in sorted(set(days))]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def recorded_buttons(result: Recorded, asked: Sequence[Prompt] = ()) -> Rows:
    """Follow-ups that change what the event meant, the rest of the family, what to think of, case, undo."""
    event = result.event
    follow = [
        Button(answer.label, f"ans:{event.id}:{answer.detail}")
        for answer in ANSWERS
        if answer.kind == event.kind and event.detail != answer.detail and not result.already
    ]
    if result.siblings:
        others = ", ".join(sibling.reference for sibling in result.siblings[:3])
        follow.append(Button(f"Same for {others}"[:60], f"fam:{event.id}"))
    if EVENTS[event.kind].sealed_end and event.ends_on is None:
        follow.append(Button("The order's end", f"oend:{event.id}"))
    follow += [_prompt_button(prompt, result.case) for prompt in asked]
    last = [Button("Case", f"case:{result.case.id}")]
    if not result.already:
        last.append(Button("Undo", f"undo:{event.id}"))
    return (*rows(*follow), tuple(last))


def _prompt_button(prompt: Prompt, case: Case) -> Button:
    if prompt.only == "no-family":
        return Button("Brothers and sisters", f"famset:{case.id}")
    if prompt.checklist:
        return Button("Checklist: tick it off", f"clo:{prompt.checklist}:{case.id}")
    return Button("Read on", f"entry:{prompt.entry}")


def event_card(result_case: str, title: str, day: date) -> str:
    """One past event, to correct or take back."""
    return f"{bold(result_case)}: {esc(title)}, {show_date(day)}"


def event_card_buttons(event: CaseEvent) -> Rows:
    """Another day, or not at all; for an order, its end."""
    change = (Button("Change the day", f"fix:{event.id}"), Button("Take it back", f"undo:{event.id}"))
    return (
        (change, (Button("The order's end", f"oend:{event.id}"),))
        if EVENTS[event.kind].sealed_end
        else (change,)
    )


def visit_check(case: Case, planned: PlannedVisit) -> tuple[str, Rows]:
    """The day after a planned visit that isn't recorded."""
    text = f"{bold(case.reference)}: the visit planned for {show_date(planned.planned_on)} isn't recorded."
    return text, (
        (Button("Record it", f"vis:{case.id}"), Button("It was missed", f"miss:{planned.id}")),
        (Button("Plan another day", f"plan:{case.id}"),),
    )


def event_changed(case: Case, event: CaseEvent) -> tuple[str, Rows]:
    """To the worker: somebody else changed what happened on their case, and dates moved."""
    what = esc(EVENTS[event.kind].title)
    day = show_date(event.happened_on)
    said = f"was taken back ({day})" if event.voided_at is not None else f"is recorded on {day}"
    text = f"{bold(case.reference)}: {what} {said}, by your manager. Its dates have been worked out anew."
    return text, ((Button("Open case", f"case:{case.id}"),),)


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
