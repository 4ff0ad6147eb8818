"""Timescales in words: amounts, sums and sources. The only place that turns a limit into text."""

from datetime import datetime

from bot.rules.dates import show_day, show_moment
from bot.rules.deadlines import DueDate
from bot.rules.pathway import LocalLimits
from bot.rules.placeholders import fill
from bot.rules.timescales import Limit, Timescale

UNVERIFIED = "unverified: check before you rely on it"
NOT_IN_FORCE = "enacted; not shown to be in force"
EDITION_UNCHECKED = "Checked against the 2023 edition; the 2026 edition is not checked yet."
_SINGULAR = {
    "hours": "hour",
    "working-days": "working day",
    "days": "day",
    "weeks": "week",
    "months": "month",
    "years": "year",
    "school-days": "school day",
}
VERIFIED_WORDS = {
    "primary": "read in the source itself",
    "secondary": "read in a source that relays it",
    "local": "one area's rule",
    "memory": UNVERIFIED,
}


def amount_words(limit: Limit) -> str:
    """15 working days; day 12 to day 18; less than 1 month; 4pm, 2 working days."""
    if limit.earliest is not None:
        return f"day {limit.earliest} to day {limit.amount} ({_SINGULAR[limit.unit]}s)"
    unit = _SINGULAR[limit.unit]
    if limit.amount == 1 and limit.counting == "beginning" and limit.unit in ("days", "working-days"):
        return "the same day" if limit.unit == "days" else "the same working day"
    words = f"{limit.amount} {unit}" + ("" if limit.amount == 1 else "s")
    if limit.less_than or limit.least:
        words = f"{'less than' if limit.less_than else 'at least'} {words}"
    return f"{_clock(limit)}, {words}" if limit.at is not None else words


def _clock(limit: Limit) -> str:
    at = limit.at
    if at is None:
        return ""
    if at.minute == 0:
        return "12 noon" if at.hour == 12 else f"{at.hour % 12 or 12}{'am' if at.hour < 12 else 'pm'}"
    return f"{at:%H:%M}"


def link_word(limit: Limit) -> str:
    """before, beginning with, or from."""
    if limit.direction == "before":
        return "before"
    return "beginning with" if limit.counting == "beginning" else "from"


def limit_phrase(limit: Limit, starts: str) -> str:
    """15 working days from the strategy discussion that began section 47."""
    if limit.earliest is not None and limit.counting == "beginning":
        return f"{amount_words(limit)}, counting {limit.starts or starts} as day 1"
    return f"{amount_words(limit)} {link_word(limit)} {limit.starts or starts}"


def clock_phrase(row: Timescale, local: LocalLimits, part: str = "") -> str:
    """What {clock:…} renders: the rule in words with its amount in **bold**, and its warnings."""
    own = local.get(row.id)
    if own is not None and not part:
        return f"**{amount_words(own)}** {link_word(own)} {row.starts} (your council's rule)"
    limit = next((limit for limit in row.limits if limit.key == part), row.limit)
    if limit is None or (row.by_when and not part):
        return _in_words(row)
    words = limit_phrase(limit, row.starts).replace(amount_words(limit), f"**{amount_words(limit)}**", 1)
    return words + _warning(row)


def rule_words(row: Timescale) -> str:
    """The row's by_when with its amounts filled in, **bold**; raises KeyError for a part it lacks."""
    amounts = {limit.key: amount_words(limit) for limit in row.limits}
    whole = amount_words(row.limits[0]) if row.limits else ""
    return fill(row.by_when, lambda mark: f"**{amounts[mark.part] if mark.part else whole}**")


def _in_words(row: Timescale) -> str:
    examples = "; ".join(f"{example.place} {amount_words(example.limit)}" for example in row.examples[:2])
    return rule_words(row) + (f" (for example {examples})" if examples else "") + _warning(row)


def _warning(row: Timescale) -> str:
    if row.status == "enacted, not in force":
        return f" ({NOT_IN_FORCE})"
    return f" ({UNVERIFIED})" if row.verified == "memory" else ""


def sum_words(due: DueDate) -> str:
    """15 working days from Tue 3 Nov 2026 = Tue 24 Nov 2026, with bank holidays named."""
    if due.sealed:
        return f"as the sealed order says: {show_moment(due.due)}"
    limit, start = due.limit, show_moment(due.start)
    if due.earliest is not None:
        how = f", counting {start} as day 1" if limit.counting == "beginning" else f" from {start}"
        words = amount_words(limit) + how
        return f"{words} = {show_moment(due.earliest)} to {show_moment(due.due)}{_left_out(due)}"
    clear = " (clear days: both ends left out)" if limit.counting == "clear" else ""
    words = f"{amount_words(limit)} {link_word(limit)} {start}{clear}"
    return f"{words} = {show_moment(due.due)}{_left_out(due)}"


def _left_out(due: DueDate) -> str:
    if not due.holidays:
        return ""
    named = ", ".join(
        f"{name.replace('(observed)', '(substitute)')} {show_day(day)}" for day, name in due.holidays
    )
    return f" (not counted: {named})"


def do_by_words(due: DueDate) -> str:
    """The line that stands beside a last day which is no working day; empty otherwise."""
    if due.limit.least:
        return "That is the earliest day, not a deadline."
    if due.do_by is None:
        return "That year's bank holidays aren't known yet, so check that it is a working day."
    if due.do_by == due.due or isinstance(due.due, datetime):
        return ""
    return f"That is not a working day: do it by {show_moment(due.do_by)}."


def source_words(row: Timescale) -> str:
    """Document and place · force · how sure."""
    return f"{row.source} · {row.force.value} · {VERIFIED_WORDS[row.verified]}"
