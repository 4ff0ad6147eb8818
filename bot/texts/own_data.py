"""A person's own copy as files: JSON for a machine, and a page that opens on a phone."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.rules.dates import show_date
from bot.rules.preferences import DAYS
from bot.services.own_data import OwnData, Part, Period, Value
from bot.texts.html import esc

TITLES: Mapping[str, str] = {
    "person": "You, and your settings",
    "invite": "The invitation you joined with",
    "join_attempts": "Wrong codes tried",
    "inbox_update": "When you wrote or tapped, in the last days",
    "flood": "When you sent more than is taken in a minute",
    "admin_proof": "Your codes as administrator",
    "case_file": "Cases you hold",
    "allocation": "Cases you hold or have held, from when to when",
    "case_event": "What you recorded on cases",
    "deadline": "Clocks you agreed to extend",
    "visit": "Visits you recorded",
    "clock_request": "Requests about clocks, yours or decided by you",
    "action": "Actions set by you or for you",
    "action_recipient": "Your part in each action",
    "action_change": "What became of those actions",
    "broadcast": "Announcements from you or to you",
    "broadcast_version": "Each wording of your announcements",
    "broadcast_recipient": "What you acknowledged",
    "supervision_session": "Supervision sessions",
    "leave": "Leave and cover",
    "named_message": "Answers in your chat that name a case, until the reference leaves them",
    "outgoing_message": "Messages sent or planned to you, without their words",
    "dialogue": "A dialogue you are in",
    "tick": "List items you ticked",
    "shown_entry": "Guidance you opened",
    "entry_notice": "Changed guidance you are told of",
    "web_key": "Your web links and calendar addresses, without their secrets",
    "audit": "What you did and what was done about you",
}
"""A heading for each table of storage.mentions."""
_STYLE = (
    "body{font:16px/1.45 system-ui,sans-serif;margin:0 auto;max-width:44rem;padding:1rem;color:#1d1d1f;"
    "background:#fff}h1{font-size:1.4rem}h2,summary{font-size:1.05rem;font-weight:600}"
    "summary{padding:.5rem 0;cursor:pointer}"
    "dl{margin:0 0 .8rem;padding:.6rem;border:1px solid #c7c7cc;border-radius:.5rem}"
    "dt{color:#515154;font-size:.85rem}dd{margin:0 0 .35rem;overflow-wrap:anywhere}"
)


def as_json(found: OwnData) -> str:
    """Moments in UTC, days as ISO dates; the keys are the tables' names."""
    made = {
        "made_at": found.made_at.isoformat(),
        "person": found.person.id,
        "period": _period_values(found.period),
        "held": {part.table: [_plain(row) for row in part.rows] for part in found.parts},
        "not_in_this_file": found.not_held,
    }
    return json.dumps(made, ensure_ascii=False, indent=1)


def _period_values(period: Period | None) -> dict[str, str] | None:
    if period is None:
        return None
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}


def _plain(row: Mapping[str, Value]) -> dict[str, str | int | float | bool | None]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}


def as_page(found: OwnData, zone: ZoneInfo) -> str:
    """One page without scripts or anything from elsewhere; what is empty is only named."""
    full = [_section(part, zone) for part in found.parts if part.rows]
    empty = ", ".join(TITLES[part.table].lower() for part in found.parts if not part.rows)
    without = "".join(f"<li>{esc(_words(table))}: {esc(why)}</li>" for table, why in found.not_held.items())
    period = f", {_period(found.period)}" if found.period is not None else ""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>What Driftless holds</title><style>{_STYLE}</style></head><body>"
        f"<h1>What Driftless holds about {esc(found.person.name)}</h1>"
        f"<p>{_shown(found.made_at, zone)}{esc(period)}. “You” is {esc(found.person.name)}; others are "
        "“a colleague”. A case stands by its reference where it is within reach now.</p>"
        f"{''.join(full)}<h2>Nothing is held</h2><p>{esc(empty or '–')}</p>"
        f"<h2>Not in this file</h2><ul>{without}</ul></body></html>"
    )


def _section(part: Part, zone: ZoneInfo) -> str:
    rows = "".join(_row(row, zone) for row in part.rows)
    opened = " open" if part.table == "person" else ""
    return f"<details{opened}><summary>{esc(TITLES[part.table])} ({len(part.rows)})</summary>{rows}</details>"


def _row(row: Mapping[str, Value], zone: ZoneInfo) -> str:
    said = "".join(
        f"<dt>{esc(_words(key))}</dt><dd>{_of(key, value, zone)}</dd>"
        for key, value in row.items()
        if value is not None and value != ""
    )
    return f"<dl>{said}</dl>"


def _words(key: str) -> str:
    return key.replace("_", " ")


def _of(key: str, value: Value, zone: ZoneInfo) -> str:
    if key == "work_days" and isinstance(value, int):
        return " ".join(day for number, day in enumerate(DAYS) if value >> number & 1)
    if key in ("digest_minute", "quiet_from", "quiet_to") and isinstance(value, int):
        return f"{value // 60:02}:{value % 60:02}"
    return _shown(value, zone)


def _shown(value: Value, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return f"{show_date(local.date())}, {local:%H:%M}"
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return esc(str(value))


def _period(period: Period) -> str:
    return f"{show_date(period.first)} to {show_date(period.last)}"
