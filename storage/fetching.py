"""Rows that will be asked for one by one are read together: session.get() then finds them at hand."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bulk import batches
from storage.tables import Action, ActionRecipient, Case, CaseEvent, Deadline, OutgoingMessage, Person

Row = TypeVar("Row", bound=SQLModel)
_NO_SHARES = ("action-asked", "action-answered")
"""Kinds about a line of an action's history."""


async def _by_ids(session: AsyncSession, table: type[Row], ids: Collection[int | None]) -> list[Row]:
    wanted = sorted({one for one in ids if one is not None})
    found: list[Row] = []
    key = table.__table__.c.id  # type: ignore[attr-defined]  # SQLModel's tables have it
    for some in batches(wanted):
        found += await session.exec(select(table).where(key.in_(some)))
    return found


async def at_hand(session: AsyncSession, rows: Sequence[OutgoingMessage]) -> list[SQLModel]:
    """What most messages are made from, in a few queries; at hand as long as the list is kept."""
    people = {row.person_id for row in rows}
    kept: list[SQLModel] = []
    share_ids = [
        row.subject_id for row in rows if row.kind.startswith("action-") and row.kind not in _NO_SHARES
    ]
    clock_ids = [row.subject_id for row in rows if row.kind == "clock"]
    cases: set[int | None] = set()
    if share_ids:
        shares = await _by_ids(session, ActionRecipient, share_ids)
        about = await _by_ids(session, Action, {share.action_id for share in shares})
        people |= {share.person_id for share in shares} | {action.manager_id for action in about}
        cases |= {action.case_id for action in about}
        kept += [*shares, *about]
    if clock_ids:
        clocks = await _by_ids(session, Deadline, clock_ids)
        kept += [*clocks, *await _by_ids(session, CaseEvent, {clock.start_event_id for clock in clocks})]
        cases |= {clock.case_id for clock in clocks}
    kept += await _by_ids(session, Case, cases)
    return [*kept, *await _by_ids(session, Person, people)]
