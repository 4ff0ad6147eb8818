"""Supervision sessions, planned and held, and the actions that came of them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Action, ActionRecipient, Person, SupervisionSession


async def session_by_id(session: AsyncSession, session_id: int) -> SupervisionSession | None:
    """The supervision session with this id, or None."""
    return await session.get(SupervisionSession, session_id)


async def planned_of(session: AsyncSession, worker_id: int) -> SupervisionSession | None:
    """The worker's next session that is planned, or None."""
    found = await session.exec(
        select(SupervisionSession)
        .where(SupervisionSession.worker_id == worker_id, SupervisionSession.state == "planned")
        .order_by(col(SupervisionSession.planned_on), col(SupervisionSession.id))
    )
    return found.first()


async def last_held(session: AsyncSession, worker_id: int) -> SupervisionSession | None:
    """The worker's last session that was held, or None."""
    found = await session.exec(
        select(SupervisionSession)
        .where(SupervisionSession.worker_id == worker_id, SupervisionSession.state == "held")
        .order_by(col(SupervisionSession.held_on).desc(), col(SupervisionSession.id).desc())
    )
    return found.first()


async def held_on(session: AsyncSession, worker_id: int, day: date) -> SupervisionSession | None:
    """The session that was held on this day, or None."""
    found = await session.exec(
        select(SupervisionSession).where(
            SupervisionSession.worker_id == worker_id, SupervisionSession.held_on == day
        )
    )
    return found.first()


async def passed(
    session: AsyncSession, first: date, before: date
) -> Sequence[tuple[SupervisionSession, Person, Person]]:
    """Sessions planned for days from `first` until before `before`, not held nor moved: worker, manager."""
    worker, manager = aliased(Person), aliased(Person)
    found = await session.exec(
        select(SupervisionSession, worker, manager)
        .join(worker, col(worker.id) == SupervisionSession.worker_id)
        .join(manager, col(manager.id) == SupervisionSession.manager_id)
        .where(
            SupervisionSession.state == "planned",
            SupervisionSession.planned_on >= first,
            SupervisionSession.planned_on < before,
            col(worker.active).is_(True),
        )
    )
    return found.all()


async def shares_set_between(
    session: AsyncSession, worker_id: int, manager_id: int, first: datetime, end: datetime
) -> Sequence[tuple[ActionRecipient, Action]]:
    """The worker's shares of what this manager set from `first` until before `end`, whatever their state."""
    found = await session.exec(
        select(ActionRecipient, Action)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(
            ActionRecipient.person_id == worker_id,
            Action.manager_id == manager_id,
            Action.created_at >= first,
            Action.created_at < end,
        )
        .order_by(col(Action.due_on), col(Action.id))
    )
    return found.all()
