"""Calendar files for Outlook and Google: plain values in, iCalendar (RFC 5545) out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event

_PRODUCT = "-//Driftless//Case clocks//EN"
_SHOWN_FOR = timedelta(minutes=15)
"""How long a moment is shown as lasting: an event without length is invisible in some calendars."""


@dataclass(frozen=True)
class Entry:
    """One thing in the calendar, on a day or at an aware moment.

    uid: the same each time it is exported, so that a calendar replaces it instead of doubling it.
    """

    uid: str
    title: str
    description: str
    when: date | datetime


def calendar_of(name: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """The entries as one published calendar; they never make anybody look busy."""
    from icalendar import Calendar  # noqa: PLC0415 -- loaded by the first export, not at the start

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return bytes(calendar.to_ical())


def _event(entry: Entry, now: datetime) -> "Event":
    from icalendar import Event  # noqa: PLC0415 -- as above

    event = Event()
    event.add("uid", f"{entry.uid}@driftless")
    event.add("dtstamp", now)
    event.add("summary", entry.title)
    event.add("description", entry.description)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add("dtstart", entry.when)
    length = _SHOWN_FOR if isinstance(entry.when, datetime) else timedelta(days=1)
    event.add("dtend", entry.when + length)
    return event
