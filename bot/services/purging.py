"""The nightly purge: what has been kept long enough goes, and references leave old messages in chats."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.retention import KINDS, KindName, Retention
from bot.services import auditing
from bot.services.office import Office
from storage import audit, purging
from storage.database import Database

log = logging.getLogger(__name__)
AT_A_TIME = 1000
"""Rows in one transaction: others are never kept waiting long."""
_MOST_BATCHES = 50
_CASES_AT_A_TIME = 100


@dataclass(frozen=True)
class Purged:
    """counts: rows deleted (references: messages to be changed) by kind. finished: nothing is left over."""

    counts: Mapping[KindName, int] = field(default_factory=dict)
    finished: bool = True


async def overdue(session: AsyncSession, retention: Retention, now: datetime) -> dict[KindName, int]:
    """How many rows of each kind a purge at this moment would take; nothing is changed."""
    found: dict[KindName, int] = {}
    for name in KINDS:
        before = retention.cut_off(name, now)
        if before is None:
            found[name] = 0
        elif name == "audit":
            found[name] = await _lines_to_cut(session, before)
        else:
            found[name] = await purging.count(session, name, before)
    return found


async def _lines_to_cut(session: AsyncSession, before: datetime) -> int:
    at, last = await audit.anchor(session), await audit.last_before(session, before)
    return max(0, ((last.number or 0) if last is not None else 0) - (at.number if at is not None else 0))


async def purge(
    database: Database, office: Office, now: datetime, *, most_batches: int = _MOST_BATCHES
) -> Purged:
    """Purges every kind, a batch a transaction; safe to repeat, and to break off at any point.

    After a long time off a kind may need more than `most_batches`: then the next call goes on.
    One line of the audit trail and one of the log say how many of each kind.
    """
    counts: dict[KindName, int] = {}
    finished = True
    for name in KINDS:
        before = office.notice.retention.cut_off(name, now)
        if before is None:
            continue
        done, at_end = await _purge_kind(database, name, before, now, most_batches)
        finished = finished and at_end
        if done:
            counts[name] = done
    if counts:
        said = ", ".join(f"{name} {count}" for name, count in counts.items())
        async with database.transaction() as session:
            await auditing.note(session, None, "purged", said, now)
        log.info("purged: %s", said)
    return Purged(counts, finished)


async def _purge_kind(
    database: Database, name: KindName, before: datetime, now: datetime, most_batches: int
) -> tuple[int, bool]:
    """How many, and whether none is left."""
    if name == "audit":
        await _anchor(database, before, now)
    size = _CASES_AT_A_TIME if name == "closed_cases" else AT_A_TIME
    total = 0
    for _ in range(most_batches):
        async with database.transaction() as session:
            if name == "audit":
                done = await audit.delete_cut(session, size)
            elif name == "references":
                done = await purging.plan_forgetting(session, before, now, size)
            else:
                done = await purging.delete_some(session, name, before, size)
        total += done
        if done < size:
            return total, True
    return total, False


async def _anchor(database: Database, before: datetime, now: datetime) -> None:
    """Marks where the trail is cut; a part that doesn't hold stays, and is said loudly."""
    try:
        async with database.transaction() as session:
            await auditing.cut_off(session, before, now)
    except auditing.TrailBroken as broken:
        log.error("the audit trail is not cut: %s. Run driftless audit verify", broken)
