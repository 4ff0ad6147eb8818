"""Actions: set by a manager; acknowledged and done by each worker; lists of both sides; overdue ones."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require
from bot.rules.deadlines import due_date
from bot.rules.errors import NotFound, Refusal
from bot.rules.supervision import IMPROVEMENT_CLOCKS, ActionDraft, check_words, state_after
from bot.services.audience import audience, may_manage
from bot.services.office import Office
from bot.services.shares import ShareView, keep, share_view, tell
from storage import actions, cases, outbox, people
from storage.tables import Action, ActionRecipient, Case, Person

__all__ = ["ShareView", "share_view"]


@dataclass(frozen=True)
class Recipients:
    """Who an action goes to, and the case it is about, if any."""

    people: list[Person]
    case_id: int | None = None
    case_reference: str = ""


async def recipients(
    session: AsyncSession, office: Office, manager: Person, typed: str, about: str = ""
) -> Recipients:
    """Who `typed` means: people, a team, or the worker of a case; `about`: the case's reference, if any.

    Raises NotAllowed, NotFound or Refusal.
    """
    require(manager.role, "actions-given")
    reference = office.references.find(typed)
    if reference is not None:
        case = await _case(session, manager, reference)
        worker = await people.person_by_id(session, case.worker_id) if case.worker_id is not None else None
        if worker is None:
            raise Refusal(f"{reference} has no worker. Name the person instead.")
        return Recipients([worker], case.id, reference)
    found = Recipients(await audience(session, manager, typed))
    if not about:
        return found
    case = await _case(session, manager, office.references.parse(about))
    return replace(found, case_id=case.id, case_reference=case.reference)


async def _case(session: AsyncSession, manager: Person, reference: str) -> Case:
    case = await cases.case_by_reference(session, reference)
    worker = await people.person_by_id(session, case.worker_id) if case and case.worker_id else None
    reached = case is not None and (
        case.team_id == manager.team_id or (worker is not None and await may_manage(session, manager, worker))
    )
    if case is None or case.closed_at is not None or not reached:
        raise NotFound(f"{reference} isn't an open case of your team.")
    return case


def improvement_days(office: Office, letter_on: date) -> dict[str, date]:
    """By when the draft and the plan are due, counted from the letter: from the timescales of the book."""
    found = {}
    for name, timescale_id in IMPROVEMENT_CLOCKS.items():
        row = office.library.book.find(timescale_id)
        limit = office.library.local.get(timescale_id) or (row.limit if row is not None else None)
        if limit is not None:
            found[name] = due_date(limit, letter_on, office.calendar, office.zone).last_day
    return found


async def create_action(
    session: AsyncSession, office: Office, manager: Person, draft: ActionDraft, now: datetime
) -> tuple[Action, Recipients]:
    """Keeps the action and plans a message to each recipient at once."""
    to = await recipients(session, office, manager, draft.to, draft.case)
    assert manager.id is not None
    action = Action(
        manager_id=manager.id,
        case_id=to.case_id,
        kind=draft.kind,
        what=draft.what,
        why=draft.why,
        measure=draft.measure,
        due_on=draft.due_on,
        letter_on=draft.letter_on,
        created_at=now,
    )
    session.add(action)
    await session.flush()
    for person in to.people:
        share = await add_share(session, action, person)
        assert person.id is not None
        assert share.id is not None
        await tell(session, person.id, "action-new", share.id, now)
    await keep(session, manager, action, "set", now, after=draft.due_on.isoformat())
    return action, to


async def add_share(session: AsyncSession, action: Action, person: Person) -> ActionRecipient:
    """A new share, with its id."""
    assert action.id is not None
    assert person.id is not None
    share = ActionRecipient(action_id=action.id, person_id=person.id)
    session.add(share)
    await session.flush()
    return share


async def own_share(session: AsyncSession, person: Person, share_id: int) -> ShareView:
    """The person's own share, for a button; NotFound for anybody else's."""
    found = await actions.share_by_id(session, share_id)
    if found is None or found[0].person_id != person.id:
        raise NotFound("That action isn't yours.")
    return await share_view(session, *found)


async def acknowledge(session: AsyncSession, person: Person, share_id: int, now: datetime) -> ShareView:
    """The person has seen it; the manager is told. Acknowledged is not done."""
    view = await own_share(session, person, share_id)
    if view.share.state == "acknowledged":
        return view
    view.share.state = state_after(view.share.state, "acknowledge")
    view.share.acknowledged_at = now
    if view.action.broadcast_id is None:  # an announcement counts them in one message
        await tell(session, view.action.manager_id, "action-acknowledged", share_id, now)
    await keep(session, person, view.action, "acknowledged", now, share=view.share)
    return view


async def finish(
    session: AsyncSession, person: Person, share_id: int, words: str, now: datetime
) -> ShareView:
    """The person has done it, with a short note; the manager is told, and closes or returns it."""
    view = await own_share(session, person, share_id)
    view.share.state = state_after(view.share.state, "done")
    view.share.note = check_words(words)
    view.share.done_at = now
    view.share.acknowledged_at = view.share.acknowledged_at or now
    await outbox.cancel(session, "action-due", share_id, "done", now)
    await tell(session, view.action.manager_id, "action-done", share_id, now)
    await keep(session, person, view.action, "done", now, share=view.share, why=view.share.note)
    return view


async def shares_given(session: AsyncSession, manager: Person) -> list[ShareView]:
    """What a manager asked for: done and waiting for a yes, then open, then closed."""
    assert manager.id is not None
    rows = await actions.shares_of_manager(session, manager.id)
    return [await share_view(session, share, action) for share, action in rows]


async def shares_received(session: AsyncSession, person: Person) -> list[ShareView]:
    """What a person still has to do."""
    assert person.id is not None
    rows = await actions.open_shares_of_person(session, person.id)
    return [await share_view(session, share, action) for share, action in rows]
