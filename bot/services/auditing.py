"""The audit trail: who did what to what, by ids alone; sealed line by line, so that no change goes unseen."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.sealing import FIRST, Broken, Line, first_fault, seal_of
from storage import audit
from storage.tables import Audit


@dataclass(frozen=True)
class Verdict:
    """lines: how many hold. head: the last seal that holds: noted elsewhere, it shows a tail cut off."""

    lines: int
    head: str
    fault: Broken | None
    waiting: int
    """Lines not sealed yet: the bot seals them at its next tick."""


async def note(session: AsyncSession, person_id: int | None, what: str, subject: str, now: datetime) -> None:
    """Adds a line in the same transaction as the thing it tells of."""
    session.add(Audit(at=now, person_id=person_id, what=what, subject=subject))


async def seal_new(session: AsyncSession) -> int:
    """Seals the lines that wait; returns how many. Only one process does it at a time: the leader."""
    last = await audit.last_sealed(session)
    number, before = ((last.number or 0), last.seal or FIRST) if last is not None else (0, FIRST)
    waiting = await audit.unsealed(session)
    for row in waiting:
        number += 1
        row.number, row.seal = number, seal_of(_line(row, number), before)
        before = row.seal
    return len(waiting)


async def verify(session: AsyncSession) -> Verdict:
    """Goes along the whole chain."""
    lines = [(_line(row, row.number or 0), row.seal or "") async for row in audit.sealed(session)]
    count, head, fault = first_fault(lines)
    return Verdict(count, head, fault, await audit.how_many_unsealed(session))


def _line(row: Audit, number: int) -> Line:
    return Line(number, row.id or 0, row.at, row.person_id, row.what, row.subject)
