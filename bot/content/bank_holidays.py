"""England's bank holidays for the years that are settled, as a kept library has them.

They stand in bank_holidays.csv, which `python -m bot.content.bank_holidays` writes anew from the library: the
library itself is large, and a running bot needs nothing else of it.
"""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.rules.calendar import WorkCalendar

FIRST_YEAR = 2000
LAST_YEAR = 2028
"""The last year whose bank holidays the government has published; raise it with the library."""
FILE = Path(__file__).with_name("bank_holidays.csv")


def england(extra: Mapping[date, str] | None = None, last_year: int = LAST_YEAR) -> WorkCalendar:
    """The working calendar of England; `extra` adds one-off bank holidays from the settings."""
    known = kept() if last_year == LAST_YEAR else of_the_library(last_year)
    return WorkCalendar({**known, **(extra or {})}, FIRST_YEAR, last_year)


def kept() -> dict[date, str]:
    """Each bank holiday's day and name, from the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(day): name for day, name in csv.reader(file)}


def of_the_library(last_year: int = LAST_YEAR) -> dict[date, str]:
    """The same from the library itself."""
    import holidays  # noqa: PLC0415 -- it loads the holidays of every country

    found = holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, last_year + 1))
    return dict(sorted(found.items()))


def write() -> None:
    """Writes the file anew."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            (day.isoformat(), name) for day, name in of_the_library().items()
        )


if __name__ == "__main__":
    write()
