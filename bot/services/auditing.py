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
    cut: int = 0
    """How many lines at the beginning were cut off once their time was over."""


OUT_OF_REACH = "asked for what is out of reach"
SAW_CASE = "saw case"
CUT = "cut off the trail"
"""What the sealed line says that stands for a beginning that was cut off."""


async def note(session: AsyncSession, person_id: int | None, what: str, subject: str, now: datetime) -> None:
    """Adds a line in the same transaction as the thing it tells of."""
    session.add(Audit(at=now, person_id=person_id, what=what, subject=subject))


async def seal_new(session: AsyncSession) -> int:
    """Seals the lines that wait; returns how many. Only one transaction does it at a time."""
    await audit.one_at_a_time(session)
    last = await audit.last_sealed(session)
    number, before = ((last.number or 0), last.seal or FIRST) if last is not None else (0, FIRST)
    waiting = await audit.unsealed(session)
    for row in waiting:
        number += 1
        row.number, row.seal = number, seal_of(_line(row, number), before)
        before = row.seal
    return len(waiting)


async def verify(session: AsyncSession) -> Verdict:
    """Goes along the whole chain, from where it was cut off by its retention, if it was."""
    at = await audit.anchor(session)
    cut, seal = (at.number, at.seal) if at is not None else (0, FIRST)
    lines = [(_line(row, row.number or 0), row.seal or "") async for row in audit.sealed(session, after=cut)]
    last, head, fault = first_fault(lines, cut, seal)
    if fault is None and cut and await audit.first_saying(session, CUT, _cut_words(cut, seal), cut) is None:
        fault = Broken(cut, "was cut off, and no sealed line says so")
    return Verdict(last - cut, head, fault, await audit.how_many_unsealed(session), cut)


async def cut_off(session: AsyncSession, before: datetime, now: datetime) -> int:
    """Anchors the trail at its last line older than `before`; returns how many lines may be deleted.

    A sealed line says where it was cut and what the seal was. Nothing is cut where the part that would go
    does not hold: that must be looked at first.
    """
    await audit.one_at_a_time(session)
    at = await audit.anchor(session)
    after, seal = (at.number, at.seal) if at is not None else (0, FIRST)
    last = await audit.last_before(session, before)
    if last is None or last.number is None or last.number <= after:
        return 0
    lines = audit.sealed(session, after=after, up_to=last.number)
    found = [(_line(row, row.number or 0), row.seal or "") async for row in lines]
    number, seal, fault = first_fault(found, after, seal)
    if fault is not None or number != last.number:
        raise TrailBroken(fault or Broken(number + 1, "is missing"))
    await note(session, None, CUT, _cut_words(number, seal), now)
    await session.flush()
    while await seal_new(session):
        await session.flush()
    audit.add_anchor(session, number, seal, now)
    await session.flush()
    return number - after


class TrailBroken(Exception):
    """The part of the trail whose time is over does not hold: nothing of it is cut off."""

    def __init__(self, fault: Broken) -> None:
        super().__init__(f"line {fault.number} {fault.fault}")


def _cut_words(number: int, seal: str) -> str:
    return f"to line {number} {seal}"


def _line(row: Audit, number: int) -> Line:
    return Line(number, row.id or 0, row.at, row.person_id, row.what, row.subject)
