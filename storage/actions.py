"""Supervision actions and each person's share of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Action, ActionChange, ActionRecipient, Person

OPEN = ("sent", "acknowledged", "returned")
"""The states in which the worker still has something to do."""


async def share_by_id(session: AsyncSession, share_id: int) -> tuple[ActionRecipient, Action] | None:
    """One person's share with its action, or None."""
    share = await session.get(ActionRecipient, share_id)
    action = await session.get(Action, share.action_id) if share is not None else None
    return (share, action) if share is not None and action is not None else None


async def open_shares_of_person(
    session: AsyncSession, person_id: int
) -> Sequence[tuple[ActionRecipient, Action]]:
    """What a person still has to do, soonest first."""
    found = await session.exec(
        select(ActionRecipient, Action)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(ActionRecipient.person_id == person_id, col(ActionRecipient.state).in_(OPEN))
        .order_by(col(Action.due_on), col(Action.id))
    )
    return found.all()


async def shares_of_manager(
    session: AsyncSession, manager_id: int, most: int = 60
) -> Sequence[tuple[ActionRecipient, Action]]:
    """What a manager has asked for: waiting for a yes first, then open, then closed; no cancelled ones."""
    found = await session.exec(
        select(ActionRecipient, Action)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(Action.manager_id == manager_id, ActionRecipient.state != "cancelled")
        .order_by(
            case(
                (col(ActionRecipient.state) == "done", 0),
                (col(ActionRecipient.state) == "closed", 2),
                else_=1,
            ),
            col(Action.due_on),
            col(Action.id),
        )
        .limit(most)
    )
    return found.all()


@dataclass(frozen=True)
class OpenShare:
    """What planning needs to know of a share that is still to do."""

    share_id: int
    person_id: int
    kind: str
    due_on: date


async def open_due(session: AsyncSession, first: date, last: date, set_before: datetime) -> list[OpenShare]:
    """The open shares due within these days, of actions that were set before then."""
    found = await session.exec(
        select(ActionRecipient, Action)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(
            col(ActionRecipient.state).in_(OPEN),
            col(Action.due_on).between(first, last),
            Action.created_at < set_before,
        )
    )
    return [OpenShare(share.id or 0, share.person_id, action.kind, action.due_on) for share, action in found]


async def overdue_of_manager(
    session: AsyncSession, manager_id: int, today: date
) -> Sequence[tuple[ActionRecipient, Action]]:
    """Every share not done whose date has passed, of what this manager set; the latest first."""
    found = await session.exec(
        select(ActionRecipient, Action)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(
            Action.manager_id == manager_id,
            col(ActionRecipient.state).in_(OPEN),
            Action.due_on < today,
        )
        .order_by(col(Action.due_on), col(ActionRecipient.id))
    )
    return found.all()


async def open_days(session: AsyncSession) -> list[date]:
    """The days by which something is still to be done, each once."""
    found = await session.exec(
        select(col(Action.due_on))
        .join(ActionRecipient, col(ActionRecipient.action_id) == Action.id)
        .where(col(ActionRecipient.state).in_(OPEN))
        .distinct()
    )
    return list(found.all())


async def open_shares_of_case(
    session: AsyncSession, case_id: int
) -> Sequence[tuple[ActionRecipient, Action]]:
    """What is still to do about a case, or waits for the manager's yes, soonest first."""
    found = await session.exec(
        select(ActionRecipient, Action)
        .join(Action, col(Action.id) == ActionRecipient.action_id)
        .where(Action.case_id == case_id, col(ActionRecipient.state).in_((*OPEN, "done")))
        .order_by(col(Action.due_on), col(Action.id))
    )
    return found.all()


async def next_actions_of_cases(
    session: AsyncSession, case_ids: Sequence[int]
) -> dict[int, tuple[Action, str]]:
    """By case: the open action that is due soonest, with the name of whoever has it."""
    found = await session.exec(
        select(Action, Person.name)
        .join(ActionRecipient, col(ActionRecipient.action_id) == Action.id)
        .join(Person, col(Person.id) == ActionRecipient.person_id)
        .where(col(Action.case_id).in_(case_ids), col(ActionRecipient.state).in_(OPEN))
        .order_by(col(Action.due_on).desc(), col(Action.id).desc())
    )
    return {action.case_id: (action, name) for action, name in found if action.case_id is not None}


async def shares_of_action(session: AsyncSession, action_id: int) -> Sequence[ActionRecipient]:
    """Everybody's share of an action, cancelled ones too."""
    found = await session.exec(
        select(ActionRecipient)
        .where(ActionRecipient.action_id == action_id)
        .order_by(col(ActionRecipient.id))
    )
    return found.all()


async def changes_of_action(session: AsyncSession, action_id: int) -> Sequence[ActionChange]:
    """An action's history, the oldest first."""
    found = await session.exec(
        select(ActionChange).where(ActionChange.action_id == action_id).order_by(col(ActionChange.id))
    )
    return found.all()


async def change_by_id(session: AsyncSession, change_id: int) -> ActionChange | None:
    """One line of an action's history, or None."""
    return await session.get(ActionChange, change_id)
