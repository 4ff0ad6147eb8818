"""One person's share of an action, with the names it is shown with; and the history that is kept of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.auditing import note
from storage import actions, cases, outbox, people
from storage.tables import Action, ActionChange, ActionRecipient, Person


@dataclass(frozen=True)
class ShareView:
    """One person's share of an action, with the names that are shown."""

    share: ActionRecipient
    action: Action
    worker: Person
    manager: Person
    case_reference: str


async def share_view(session: AsyncSession, share: ActionRecipient, action: Action) -> ShareView:
    """A share with the names it is shown with."""
    worker = await people.person_by_id(session, share.person_id)
    manager = await people.person_by_id(session, action.manager_id)
    case = await cases.case_by_id(session, action.case_id) if action.case_id is not None else None
    assert worker is not None
    assert manager is not None
    return ShareView(share, action, worker, manager, case.reference if case else "")


async def shares_of_case(session: AsyncSession, case_id: int) -> list[ShareView]:
    """What is open about a case, also what waits for the manager's yes."""
    rows = await actions.open_shares_of_case(session, case_id)
    return [await share_view(session, share, action) for share, action in rows]


async def keep(
    session: AsyncSession,
    by: Person,
    action: Action,
    what: str,
    now: datetime,
    *,
    share: ActionRecipient | None = None,
    before: str = "",
    after: str = "",
    why: str = "",
) -> ActionChange:
    """Adds a line to the action's history, and one without words to the audit trail."""
    assert by.id is not None
    assert action.id is not None
    change = ActionChange(
        action_id=action.id,
        share_id=share.id if share is not None else None,
        person_id=by.id,
        at=now,
        what=what,
        before=before,
        after=after,
        why=why,
    )
    session.add(change)
    await session.flush()
    subject = f"share {share.id}" if share is not None else f"action {action.id}"
    await note(session, by.id, what, subject, now)
    return change


async def tell(session: AsyncSession, person_id: int, kind: str, subject_id: int, now: datetime) -> None:
    """Plans a message about a share (or a line of its history), now; each happening has its own."""
    await outbox.plan(
        session,
        person_id=person_id,
        kind=kind,
        subject_id=subject_id,
        key=f"{kind}:{subject_id}:{person_id}:{now.timestamp():.3f}",
        not_before=now,
    )
