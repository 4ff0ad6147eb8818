"""Proves that each open clock has its reminders and no closed one has any, and mends what differs."""

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.services import clocks
from bot.services.hours import times_of
from bot.services.office import Office
from storage import outbox, reconciling
from storage.database import Database

log = logging.getLogger(__name__)
_AT_A_TIME = 1000


@dataclass(frozen=True)
class Reconciled:
    """How many open clocks were looked at, and what was missing or stray among their reminders."""

    open_clocks: int
    missing: int
    stray: int

    @property
    def in_step(self) -> bool:
        """True where nothing differed."""
        return not (self.missing or self.stray)


async def reconcile(database: Database, office: Office, now: datetime, *, mend: bool = True) -> Reconciled:
    """Compares, and mends unless told only to look; safe to repeat at any time."""
    async with database.transaction() as session:
        stray = await (reconciling.cancel_stray(session, now) if mend else reconciling.count_stray(session))
    ours = [row.id for row in office.library.book.rows if row.actor == "council"]
    seen, missing, last_id = 0, 0, 0
    while True:
        async with database.transaction() as session:
            batch = await reconciling.open_clocks(session, ours, last_id, _AT_A_TIME)
            ids = [deadline.id or 0 for deadline, _case in batch]
            known = await reconciling.known_keys(session, ids)
            times = await times_of(session, office, (case.worker_id for _deadline, case in batch))
            absent = [
                message
                for deadline, case in batch
                for message in clocks.reminders_ahead(office, deadline, case, times, now)
                if message.key not in known
            ]
            if mend and absent:
                await outbox.plan_all(session, absent)
        seen, missing = seen + len(batch), missing + len(absent)
        if len(batch) < _AT_A_TIME:
            break
        last_id = ids[-1]
    found = Reconciled(seen, missing, stray)
    log.log(
        logging.INFO if found.in_step else logging.WARNING,
        "reminders of %s open clocks: %s were missing, %s were stray%s",
        seen,
        missing,
        stray,
        "" if found.in_step or not mend else "; mended",
    )
    return found
