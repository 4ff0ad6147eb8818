"""Proves that each open clock has its reminders and no closed one has any, and mends what differs.

The proof is the database's: here each ladder is reckoned once for all clocks that share it.
"""

import logging
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services import clocks, hours
from bot.services.office import Office
from storage import ladders, leaves, reconciling
from storage.database import Database
from storage.ladders import Shape, Span, Step
from storage.tables import Leave

log = logging.getLogger(__name__)
_AT_A_TIME = 50_000


@dataclass(frozen=True)
class Reconciled:
    """How many open clocks were looked at; what was missing, stray or at a wrong time among their reminders.

    Stray: about a closed clock, for somebody who doesn't hold the case, or no step of the ladder.
    """

    open_clocks: int = 0
    missing: int = 0
    stray: int = 0
    mistimed: int = 0

    @property
    def in_step(self) -> bool:
        """True where nothing differed."""
        return not (self.missing or self.stray or self.mistimed)

    def __add__(self, other: "Reconciled") -> "Reconciled":
        return Reconciled(*map(sum, zip(astuple(self), astuple(other), strict=True)))


async def reconcile(database: Database, office: Office, now: datetime, *, mend: bool = True) -> Reconciled:
    """Compares, and mends unless told only to look; safe to repeat at any time."""
    async with database.transaction() as session:
        found = Reconciled(open_clocks=await ladders.count_open(session, _ours(office)))
    after = 0
    while True:
        async with database.snapshot() as session:
            span = await ladders.next_span(session, after, _AT_A_TIME)
            found += await _of_span(session, office, span, now, mend=mend)
        if span.until is None:
            break
        after = span.until
    log.log(
        logging.INFO if found.in_step else logging.WARNING,
        "reminders of %s open clocks: %s were missing, %s were stray, %s were at a wrong time%s",
        *astuple(found),
        "" if found.in_step or not mend else "; mended",
    )
    return found


async def _of_span(
    session: AsyncSession, office: Office, span: Span, now: datetime, *, mend: bool
) -> Reconciled:
    """Some of the clocks, in one transaction."""
    await _lay(session, office, span, now)
    differing = await ladders.differing(session, span)
    missing, mistimed = differing.missing, differing.mistimed
    if mend:
        stray = await reconciling.cancel_stray(session, span, now)
        stray += await ladders.cancel_beyond(session, span, now)
        missing = missing and await ladders.plan_missing(session, span)
        mistimed = mistimed and await ladders.retime(session, span)
    else:
        stray = await reconciling.count_stray(session, span) + await ladders.count_beyond(session, span)
    await ladders.clear(session)
    return Reconciled(missing=missing, stray=stray, mistimed=mistimed)


def _ours(office: Office) -> list[str]:
    """The rules that bind the council, under every name."""
    book = office.library.book
    rows = ((name, book.find(name)) for name in book.ids())
    return [name for name, row in rows if row is not None and row.actor == "council"]


async def _lay(session: AsyncSession, office: Office, span: Span, now: datetime) -> None:
    """Reckons the ladder of each shape that occurs, for the database to compare."""
    found = await ladders.gather(session, span, office.today(now))
    away: dict[int | None, list[Leave]] = {}
    for leave in await leaves.agreed(session, [one.away_id for one in found.values() if one.away_id]):
        away.setdefault(leave.person_id, []).append(leave)
    steps = {number: _steps(office, one, away.get(one.away_id, ()), now) for number, one in found.items()}
    await ladders.lay(session, steps)


def _steps(office: Office, shape: Shape, away: Iterable[Leave], now: datetime) -> list[Step]:
    """Each step of a ladder once, with its moment where that is still ahead; none for others' clocks."""
    row = office.library.book.find(shape.timescale_id)
    if row is None or row.actor != "council":
        return []
    ahead = {
        rung.stage: rung
        for rung in clocks.rungs(office, shape, hours.times(office, shape, away))
        if rung.moment > now
    }
    return [
        Step(
            tail=clocks.key_tail(shape, stage),
            moment=ahead[stage].moment if stage in ahead else None,
            urgency=ahead[stage].urgency if stage in ahead else "normal",
        )
        for stage in dict.fromkeys(clocks.stages(office, shape))
    ]
