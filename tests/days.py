"""Dates in tests carry their weekday, so that a wrong one is seen."""

from datetime import date


def day(text: str) -> date:
    """The date of "Tue 2026-11-03"; asserts that the weekday is true."""
    weekday, _, iso = text.partition(" ")
    found = date.fromisoformat(iso)
    assert f"{found:%a}" == weekday, f"{iso} is a {found:%a}"
    return found
