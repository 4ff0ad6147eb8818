"""How often something happened in a period: counts alone, by kind."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import case, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import (
    Action,
    ActionRecipient,
    Broadcast,
    Case,
    CaseEvent,
    Deadline,
    OutgoingMessage,
    Person,
    Question,
    Visit,
)

ON_TIME, LATE, STILL_OPEN, NOT_NEEDED = "on time", "late", "still open", "not needed, or ended"
OUTCOMES = (ON_TIME, LATE, STILL_OPEN, NOT_NEEDED)

_KINDS: Mapping[str, tuple[Any, Any]] = {
    "events": (CaseEvent.kind, CaseEvent.recorded_at),
    "actions": (Action.kind, Action.created_at),
    "announcements": (Broadcast.kind, Broadcast.send_at),
    "questions": (Question.status, Question.asked_at),
    "joined": (Person.role, Person.created_at),
    "messages": (OutgoingMessage.kind, OutgoingMessage.settled_at),
}
_MOMENTS: Mapping[str, Any] = {
    "cases opened": Case.created_at,
    "cases closed": Case.closed_at,
    "actions closed": ActionRecipient.closed_at,
}
_ONLY: Mapping[str, Any] = {
    "events": col(CaseEvent.voided_at).is_(None),
    "announcements": col(Broadcast.state) == "sent",
    "messages": col(OutgoingMessage.state) == "sent",
}


async def by_kind(session: AsyncSession, what: str, since: datetime, until: datetime) -> dict[str, int]:
    """How many of each kind. until: the first moment after the period."""
    kind, moment = _KINDS[what]
    wanted = select(kind, func.count()).where(moment >= since, moment < until)
    if what in _ONLY:
        wanted = wanted.where(_ONLY[what])
    return dict((await session.exec(wanted.group_by(kind))).all())


async def moments(session: AsyncSession, what: str, since: datetime, until: datetime) -> int:
    """How many such moments lie in the period."""
    moment = _MOMENTS[what]
    return (await session.exec(select(func.count()).where(moment >= since, moment < until))).one()


async def visits(session: AsyncSession, first: date, last: date) -> dict[str, int]:
    """Visits by whether the child was seen, on days of the period."""
    wanted = select(Visit.seen, func.count()).where(Visit.visited_on >= first, Visit.visited_on <= last)
    return dict((await session.exec(wanted.group_by(Visit.seen))).all())


async def clocks(session: AsyncSession, first: date, last: date) -> dict[str, dict[str, int]]:
    """Clocks whose lawful last day lies in the period: what became of them, by timescale."""
    outcome = case(
        (col(Deadline.state) == "open", STILL_OPEN),
        (col(Deadline.state).in_(("ended", "not-needed")), NOT_NEEDED),
        (col(Deadline.closed_on) <= func.coalesce(Deadline.extended_to, Deadline.due_on), ON_TIME),
        else_=LATE,
    )
    rows = await session.exec(
        select(Deadline.timescale_id, outcome, func.count())
        .where(Deadline.due_on >= first, Deadline.due_on <= last)
        .group_by(col(Deadline.timescale_id), outcome)
    )
    found: dict[str, dict[str, int]] = {}
    for timescale, became, count in rows:
        found.setdefault(timescale, dict.fromkeys(OUTCOMES, 0))[str(became)] = count
    return found
