"""Whose turn it is: one account's updates, one at a time and in order, whichever process holds them."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import inbox
from storage.replicas import Replica
from storage.tables import InboxUpdate

_ALONE = text("SELECT pg_try_advisory_xact_lock(:account)")


@dataclass(frozen=True)
class Turn:
    """What may be done with an update now: work it, an earlier one first, wait, or (all empty) nothing."""

    row: InboxUpdate | None = None
    """The update's own row, locked: it is this process's turn until the transaction ends."""
    before: InboxUpdate | None = None
    """An earlier update of the same account that nobody works on."""
    wait: bool = False
    """Another process is at one of this account's updates."""
    unknown: bool = False
    """It is not in the inbox."""


async def take_turn(
    session: AsyncSession,
    update_id: int,
    account: int | None,
    replica: Replica,
    *,
    passing_over: frozenset[int] = frozenset(),
) -> Turn:
    """Asks for an update's turn.

    passing_over: earlier updates that were tried and can't be finished now. On PostgreSQL the account is
    locked until the transaction ends; a process that dies gives its lock up, and with its number its hold
    on replies. On SQLite there is one process, and one transaction at a time.
    """
    if account is not None and replica.among_several:
        got = await (await session.connection()).execute(_ALONE, {"account": account})
        if not got.scalar():
            return Turn(wait=True)
    row = await inbox.locked(session, update_id)
    if row is None or row.replied_at is not None:
        return Turn(unknown=row is None)
    earlier = await inbox.owed_before(session, account, update_id) if account is not None else ()
    busy = await _held_elsewhere(session, [row, *earlier], replica)
    if row.update_id in busy:
        return Turn()
    for one in earlier:
        if one.update_id in busy:
            return Turn(wait=True)
        if one.update_id not in passing_over:
            return Turn(before=one)
    return Turn(row=row)


async def _held_elsewhere(session: AsyncSession, rows: list[InboxUpdate], replica: Replica) -> set[int]:
    """Those whose replies another live process is sending."""
    held = {row.update_id: row.held_by for row in rows if row.held_by not in (None, replica.number)}
    alive = await replica.alive(session) if held else ()
    return {update_id for update_id, holder in held.items() if holder in alive}
