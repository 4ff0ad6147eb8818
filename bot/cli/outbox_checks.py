"""What driftless doctor says about the outbox, the leader, reminders in step, and the nightly purge."""

from datetime import datetime, timedelta

from bot.app import build_office
from bot.rules.retention import KINDS
from bot.services.purging import overdue
from bot.services.reconciling import Reconciled, reconcile
from bot.settings import Settings
from storage.database import Database
from storage.reconciling import OutboxCounts, counts
from storage.replicas import leader_is_there

LATE = timedelta(minutes=10)
PURGED_WITHIN = timedelta(days=2)
"""What is overdue for longer than this shows that no purge has run."""
Said = tuple[str, bool, str]
"""What was looked at, whether it is well, and what was found."""


async def outbox_checks(database: Database, settings: Settings, now: datetime) -> list[Said]:
    """Looks without mending; raises SQLAlchemyError and BrokenContent."""
    async with database.transaction() as session:
        found = await counts(session, now - LATE)
        led = await leader_is_there(session) if database.is_postgresql else None
    reminders = await reconcile(database, build_office(settings), now, mend=False)
    return [_outbox(found), *_leader(led), _reminders(reminders)]


async def retention_check(database: Database, settings: Settings, now: datetime) -> Said:
    """How long each kind is kept, and whether the nightly purge has kept up."""
    async with database.transaction() as session:
        late = await overdue(session, settings.retention, now - PURGED_WITHIN)
    behind = ", ".join(f"{name} {count}" for name, count in late.items() if count)
    if behind:
        return "retention", False, f"kept too long: {behind}: is the bot running? Or run driftless purge"
    lasts = ", ".join(f"{name.replace('_', ' ')} {settings.retention.lasts(name)}" for name in KINDS)
    return "retention", True, lasts


def _outbox(found: OutboxCounts) -> Said:
    states = ", ".join(f"{count} {state}" for state, count in sorted(found.by_state.items())) or "empty"
    if found.late:
        return "outbox", False, f"{found.late} messages are late: is the bot running? ({states})"
    return "outbox", True, f"nothing is late ({states})"


def _leader(led: bool | None) -> list[Said]:
    if led is None:
        return [("leader", True, "SQLite: the one process that runs leads")]
    return [("leader", led, "a process polls and plans" if led else "no process leads: is the bot running?")]


def _reminders(found: Reconciled) -> Said:
    if found.in_step:
        return "reminders", True, f"each of {found.open_clocks} open clocks has its own, no closed one any"
    differ = f"{found.missing} are missing, {found.stray} are stray, {found.mistimed} are at a wrong time"
    return "reminders", False, f"{differ}: the bot mends that when it starts, and every night"
