"""Settings and leave in words."""

from bot.rules.dates import show_date, show_day
from bot.rules.preferences import DAYS
from bot.services.preferences import LeaveView, Preferences
from bot.texts.html import bold, esc, italic, lines
from bot.texts.reply import Button, Rows, rows

NOT_AWAY = "You weren't away. Nothing has changed."
BACK = "Welcome back. Your reminders come to you again."


def clock_time(minute: int) -> str:
    """08:30."""
    return f"{minute // 60:02}:{minute % 60:02}"


def days(bits: int) -> str:
    """Mon Tue Wed."""
    return " ".join(day for number, day in enumerate(DAYS) if bits >> number & 1)


def settings(found: Preferences) -> str:
    """Everything that can be changed, a line each."""
    quiet = f"{clock_time(found.quiet_from)} to {clock_time(found.quiet_to)}"
    hidden = "on: no reference shows until you tap Show" if found.discreet else "off: references show at once"
    return lines(
        bold("Your settings"),
        f"Digest: on working days at {clock_time(found.digest)}",
        f"Quiet: {quiet if found.quiet_from != found.quiet_to else 'never'}",
        f"Working days: {days(found.work_days)}",
        f"Discreet: {hidden}",
        f"Leave: {_leave(found.leave)}",
        italic("Clocks counted in hours always come at once."),
    )


def _leave(view: LeaveView | None) -> str:
    if view is None:
        return "none"
    waits = ", not agreed yet" if view.leave.state == "asked" else ""
    return esc(f"{_span(view)}{waits}")


def _span(view: LeaveView) -> str:
    cover = f", {view.cover.name} covers" if view.cover is not None else ", nobody covers"
    return f"{show_day(view.leave.starts_on)} to {show_date(view.leave.until_on)}{cover}"


def settings_buttons(found: Preferences) -> Rows:
    """A button for each line."""
    leave = Button("I'm back", "set:back") if found.leave is not None else Button("Leave…", "set:leave")
    return (
        (Button("Digest time…", "set:digest"), Button("Quiet hours…", "set:quiet")),
        (Button("Working days…", "set:days"), leave),
        (
            Button(
                f"Discreet: turn {'off' if found.discreet else 'on'}",
                f"set:discreet:{int(not found.discreet)}",
            ),
        ),
    )


def day_buttons(bits: int) -> Rows:
    """A button for each weekday, to tap on or off."""
    taps = [
        Button(
            f"{'☑' if bits >> number & 1 else '☐'} {day}", f"set:day:{number}:{int(not bits >> number & 1)}"
        )
        for number, day in enumerate(DAYS)
    ]
    return (*rows(*taps, wide=4), (Button("Back", "set:show"),))


def which_days(bits: int) -> str:
    """On which days the person is reminded."""
    return lines(bold("Which days do you work?"), f"Now: {days(bits)}. Tap a day to change it.")


def asked(view: LeaveView) -> str:
    """To the person, after asking."""
    if view.leave.state == "agreed":
        return f"{bold('You are away')} {esc(_span(view))}."
    return f"{bold('Asked:')} {esc(_span(view))}. Your manager has to agree; until then reminders still come."


def ask(view: LeaveView) -> tuple[str, Rows]:
    """To the managers."""
    gets = f"{view.cover.name} gets what is due." if view.cover else "Nobody gets what is due meanwhile."
    text = lines(bold(f"{view.person.name} asks for leave"), esc(f"{_span(view)}. {gets}"))
    return text, ((Button("Agree", f"lv:{view.leave.id}:y"), Button("Decline", f"lv:{view.leave.id}:n")),)


def answer(view: LeaveView) -> str:
    """To the person, once it is decided."""
    said = "agreed" if view.leave.state in ("agreed", "ended") else "declined"
    return lines(bold(f"Leave {said}"), esc(_span(view)))


def cover(view: LeaveView) -> str:
    """To whoever covers."""
    return lines(
        bold(f"You cover for {view.person.name}"),
        f"{show_day(view.leave.starts_on)} to {show_date(view.leave.until_on)}. "
        "What is due on their cases comes to you, also in your digest.",
    )
