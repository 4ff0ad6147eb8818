"""England's bank holidays, from a kept library, for the years that are settled."""

from collections.abc import Mapping
from datetime import date

import holidays

from bot.rules.calendar import WorkCalendar

FIRST_YEAR = 2000
LAST_YEAR = 2028
"""The last year whose bank holidays the government has published; raise it with the library."""


def england(extra: Mapping[date, str] | None = None, last_year: int = LAST_YEAR) -> WorkCalendar:
    """The working calendar of England; `extra` adds one-off bank holidays from the settings."""
    library = holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, last_year + 1))
    return WorkCalendar({**dict(library.items()), **(extra or {})}, FIRST_YEAR, last_year)
