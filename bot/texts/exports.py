"""Clocks in plain words for files: calendars and spreadsheets."""

from bot.rules.dates import show_date
from bot.rules.timescales import Force
from bot.services.clocks import ClockView
from bot.services.exporting import Wording
from bot.texts.clocks import clock_title
from bot.texts.timescales import do_by_words, sum_words

OWN_RULE = "Your council's own rule"
SEALED_ORDER = "The sealed order"
_OWN_FORCE = "council's own"


def _why(view: ClockView) -> str:
    """The sum; what to do where the last day is no working day; and an agreed later day with the first."""
    parts = [sum_words(view.due), do_by_words(view.due)] if view.due is not None else []
    if view.deadline.extended_to is not None:
        first = show_date(view.deadline.due_on)
        parts.append(f"Extended to {show_date(view.deadline.extended_to)}; first due {first}.")
    return " ".join(filter(None, parts))


def _source(view: ClockView) -> str:
    if view.row is None:
        return ""
    if view.due is not None and view.due.sealed:
        return SEALED_ORDER
    return OWN_RULE if view.local else view.row.source


def _force(view: ClockView) -> str:
    if view.row is None:
        return ""
    if view.due is not None and view.due.sealed:
        return Force.COURT_ORDER.value
    return _OWN_FORCE if view.local else view.row.force.value


WORDING = Wording(title=clock_title, why=_why, source=_source, force=_force)
