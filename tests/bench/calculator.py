"""How many due dates a second on one core, beside the tests' own oracle."""

import sys
from datetime import date, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from bot.content.bank_holidays import england
from bot.rules.deadlines import due_date
from bot.rules.timescales import Limit
from tests.rules import oracle

_COUNT = 50_000


def main() -> None:
    """Prints both rates and their ratio; the floor is 10,000 a second."""
    calendar, zone = england(), ZoneInfo("Europe/London")
    limit = Limit(amount=15, unit="working-days")
    starts = [date(2025, 1, 1) + timedelta(days=n % 900) for n in range(_COUNT)]
    began = perf_counter()
    ours = [due_date(limit, start, calendar, zone).due for start in starts]
    middle = perf_counter()
    theirs = [oracle.forward(start, 15, beginning=False) for start in starts]
    ended = perf_counter()
    assert ours == theirs
    rate, other = _COUNT / (middle - began), _COUNT / (ended - middle)
    sys.stdout.write(
        f"due dates a second: calculator {rate:,.0f} (with sum and do-by), oracle {other:,.0f} (date alone), "
        f"ratio {rate / other:.2f}; floor 10,000: {'kept' if rate >= 10_000 else 'NOT KEPT'}\n"
    )


if __name__ == "__main__":
    main()
