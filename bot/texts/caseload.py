"""Handover, requests, families and the pre-proceedings tracker in words."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from bot.rules.dates import show_date, show_day
from bot.rules.plo import Tracker
from bot.services.caseload import Handover
from bot.services.casework import CasePage
from bot.services.clocks import ClockView
from bot.services.closing import Changed
from bot.services.drift import Drifting, Next
from bot.texts.cases import action_buttons, action_lines, extension_words, stage_line
from bot.texts.clocks import clock_title, due_words
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Button, Rows, rows
from storage.tables import Case, ClockRequest, Person

MOST_DRIFTING = 10
_ACTION_SHOWN = 60


def handed_over(moved: Handover) -> str:
    """To the manager: what moved, in one step."""
    references = ", ".join(case.reference for case in moved.cases)
    source = f" from {esc(moved.giver.name)}" if moved.giver is not None else ""
    return lines(
        bold(f"Moved to {moved.taker.name}") + source + f": {esc(references)}.",
        "Clocks, visits, actions and reminders moved with "
        f"{'it' if len(moved.cases) == 1 else 'them'}; {esc(moved.taker.name)} has a handover card for each.",
    )


def handover_card(
    shown: CasePage, today: date, zone: ZoneInfo, soon: list[ClockView], drift: list[str]
) -> str:
    """To the new worker: where we are, what is due in ten working days, what has drifted."""
    return lines(
        bold(f"{shown.case.reference} is yours now"),
        *(stage_line(stage, today) for stage in shown.stages),
        bold("Due in ten working days") if soon else "Nothing is due in the next ten working days.",
        *(f"• {esc(clock_title(view))}, {due_words(view, today, zone)}" for view in soon[:8]),
        *action_lines(shown, today),
        *([bold("Has drifted"), *(f"• {esc(sign)}" for sign in drift)] if drift else []),
        italic("So that the family need not start again: read the plan and the last visit before you call."),
    )


def handover_buttons(case: Case, shown: CasePage | None = None) -> Rows:
    """Open the case, and each of its open actions where its page is known."""
    actions = rows(*action_buttons(shown)) if shown is not None else ()
    return (*actions, (Button("Open case", f"case:{case.id}"),))


def changed(result: Changed, kind: str, until: date | None) -> str:
    """What came of asking to extend a clock, or to do without it."""
    title = f"{bold(result.view.case.reference)}: {esc(clock_title(result.view))}"
    first = f"The first date, {show_date(result.view.deadline.due_on)}, stays on the case."
    if result.waits:
        return lines(f"{title}: I've asked your manager. Until there is a yes, the date stands.", first)
    if kind == "extend" and until is not None:
        return lines(f"{title} is extended to {show_date(until)}.", first)
    return lines(f"{title} is marked not needed.", first)


def request(asked: ClockRequest, view: ClockView, worker: Person) -> str:
    """To the manager: what is asked, why, and against which rule."""
    what = f"extend to {show_date(asked.until)}" if asked.until else "mark not needed"
    source = f"{view.row.source} · {view.row.force.value}" if view.row is not None else ""
    return lines(
        bold(f"{worker.name} asks: {what}"),
        f"{bold(view.case.reference)}: {esc(clock_title(view))}, due {show_date(view.deadline.due_on)}",
        f"Why: {esc(asked.reason)}",
        italic(source),
    )


def request_buttons(request_id: int) -> Rows:
    """Agree or decline."""
    return ((Button("Agree", f"req:{request_id}:y"), Button("Decline", f"req:{request_id}:n")),)


def decision(asked: ClockRequest, view: ClockView) -> str:
    """To the worker: what the manager decided."""
    title = f"{bold(view.case.reference)}: {esc(clock_title(view))}"
    if asked.state == "declined":
        return f"Your manager declined. {title} stays due {show_date(view.deadline.due_on)}."
    what = f"is extended to {show_date(asked.until)}" if asked.until else "is marked not needed"
    return f"Your manager agreed. {title} {what}."


def tracker(
    rows_of: list[tuple[Case, str, Tracker]], coming: Mapping[int, Next], today: date, zone: ZoneInfo
) -> str:
    """Every case in pre-proceedings, the longest first, with what comes next, whose it is and by when."""
    if not rows_of:
        return "No case is in pre-proceedings."
    said = [bold("In pre-proceedings, longest first")]
    for case, worker, found in rows_of[:20]:
        mark = " ⚠" if found.over(today) else ""
        said.append(f"• {bold(case.reference)} ({esc(worker or 'no worker')}): week {found.weeks + 1}{mark}")
        said += ["  " + _dates(found, today), "  " + next_line(coming.get(case.id or 0), today, zone)]
    said.append(italic("16 weeks is good practice, not law. ⚠: past the expected end."))
    return lines(*said)


def next_line(coming: Next | None, today: date, zone: ZoneInfo) -> str:
    """➜ what comes next, whose it is and by when; or that nothing is set."""
    said = []
    if coming is not None and coming.clock is not None:
        said.append(f"{esc(clock_title(coming.clock))}, {due_words(coming.clock, today, zone)}")
    if coming is not None and coming.action is not None:
        words = f"{coming.action.what[:_ACTION_SHOWN]}, {coming.owner}, by {show_day(coming.action.due_on)}"
        said.append(esc(words))
    return f"➜ {'; '.join(said)}" if said else "⚠ No next action is set, and no clock is running."


def _dates(found: Tracker, today: date) -> str:
    steps = (
        ("decided", found.decided),
        ("letter", found.letter),
        ("first meeting", found.first_meeting),
        ("last review", found.last_review),
    )
    had = [f"{name} {show_day(day)}" for name, day in steps if day is not None]
    missing = [name for name, day in steps[1:] if day is None][:1]
    due = []
    if found.midpoint is not None and found.midpoint >= today:
        due.append(f"half-way {show_day(found.midpoint)}")
    if found.expected_end is not None:
        due.append(f"end by {show_day(found.expected_end)}")
    if found.extension is not None:
        due.append(extension_words(found.extension))
    return "; ".join([*had, *(f"no {name} yet" for name in missing), *due])


def family(case: Case, others: list[Case]) -> str:
    """A case's family reference and who shares it."""
    names = ", ".join(bold(other.reference) for other in others)
    shared = f" with {names}" if others else "; no other case has it yet"
    return f"{bold(case.reference)} is in family {bold(case.family or '')}{shared}."


def drift(found: list[Drifting]) -> str:
    """The ten cases that drift most, each with its signs."""
    if not found:
        return "No case shows a sign of drift."
    return lines(
        bold("What drifts most"),
        *(
            f"{number}. {bold(one.case.reference)}: {esc('; '.join(sign.words for sign in one.signs[:4]))}"
            for number, one in enumerate(found[:MOST_DRIFTING], 1)
        ),
        italic("Signs, not verdicts: look at the case with its worker."),
    )


def drift_buttons(found: list[Drifting]) -> Rows:
    """Each case a tap away."""
    return rows(*(Button(one.case.reference, f"case:{one.case.id}") for one in found[:MOST_DRIFTING]), wide=3)
