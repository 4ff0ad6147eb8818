"""Supervision actions: set by a manager, acknowledged and done by each worker."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require
from bot.rules.errors import NotFound, Refusal, Stale
from bot.rules.supervision import ActionDraft, check_words
from bot.services.auditing import note
from bot.services.office import Office
from storage import actions, cases, outbox, people
from storage.tables import Action, ActionRecipient, Person

CHASE_AT = time(9)
_WHOLE_TEAM = frozenset({"team", "my team", "whole team", "the team", "everyone", "everybody", "all"})


@dataclass(frozen=True)
class ShareView:
    """One person's share of an action, with the names that are shown."""

    share: ActionRecipient
    action: Action
    worker: Person
    manager: Person
    case_reference: str


@dataclass(frozen=True)
class Recipients:
    """Who an action goes to, and the case it is about, if any."""

    people: list[Person]
    case_id: int | None = None
    case_reference: str = ""


async def recipients(session: AsyncSession, office: Office, manager: Person, typed: str) -> Recipients:
    """Who `typed` means: a worker's name, the manager's team, or the worker of a case; Refusal otherwise."""
    require(manager.role, "actions-given")
    words = " ".join(typed.split())
    team = await people.team_by_id(session, manager.team_id)
    workers = await people.people_of_team(session, manager.team_id, "worker")
    reference = office.references.find(words)
    if reference is not None:
        return await _worker_of_case(session, manager, reference)
    if words.casefold() in _WHOLE_TEAM | {team.name.casefold(), f"team {team.name.casefold()}"}:
        if not workers:
            raise Refusal("No worker of your team has joined yet. Invite them first.")
        return Recipients(workers)
    found = [worker for worker in workers if worker.name.casefold() == words.casefold()]
    if not found:
        names = ", ".join(worker.name for worker in workers) or "nobody has joined yet"
        raise Refusal(
            f"“{words[:40]}” isn't in your team. In it: {names}. Or use a case reference, or “team”."
        )
    return Recipients(found)


async def _worker_of_case(session: AsyncSession, manager: Person, reference: str) -> Recipients:
    case = await cases.case_by_reference(session, reference)
    if case is None or case.closed_at is not None or case.team_id != manager.team_id:
        raise NotFound(f"{reference} isn't an open case of your team.")
    worker = await people.person_by_id(session, case.worker_id) if case.worker_id is not None else None
    if worker is None:
        raise Refusal(f"{reference} has no worker. Name the person instead.")
    return Recipients([worker], case.id, reference)


async def create_action(
    session: AsyncSession, office: Office, manager: Person, draft: ActionDraft, now: datetime
) -> tuple[Action, Recipients]:
    """Keeps the action and plans a message to each recipient at once."""
    to = await recipients(session, office, manager, draft.to)
    assert manager.id is not None
    action = Action(
        manager_id=manager.id,
        case_id=to.case_id,
        what=draft.what,
        why=draft.why,
        measure=draft.measure,
        due_on=draft.due_on,
        created_at=now,
    )
    session.add(action)
    await session.flush()
    assert action.id is not None
    for person in to.people:
        assert person.id is not None
        share = ActionRecipient(action_id=action.id, person_id=person.id)
        session.add(share)
        await session.flush()
        assert share.id is not None
        await _tell(session, person.id, "action-new", share.id, now)
    await note(session, manager.id, "set action", f"action {action.id}", now)
    return action, to


async def _tell(session: AsyncSession, person_id: int, kind: str, share_id: int, when: datetime) -> None:
    await outbox.plan(
        session,
        person_id=person_id,
        kind=kind,
        subject_id=share_id,
        key=f"{kind}:{share_id}:{person_id}",
        not_before=when,
    )


async def share_view(session: AsyncSession, share: ActionRecipient, action: Action) -> ShareView:
    """A share with the names it is shown with."""
    worker = await people.person_by_id(session, share.person_id)
    manager = await people.person_by_id(session, action.manager_id)
    case = await cases.case_by_id(session, action.case_id) if action.case_id is not None else None
    assert worker is not None
    assert manager is not None
    return ShareView(share, action, worker, manager, case.reference if case else "")


async def own_share(session: AsyncSession, person: Person, share_id: int) -> ShareView:
    """The person's own share, for a button; NotFound for anybody else's."""
    found = await actions.share_by_id(session, share_id)
    if found is None or found[0].person_id != person.id:
        raise NotFound("That action isn't yours.")
    return await share_view(session, *found)


async def acknowledge(session: AsyncSession, person: Person, share_id: int, now: datetime) -> ShareView:
    """The person has seen it; the manager is told. Acknowledged is not done."""
    view = await own_share(session, person, share_id)
    if view.share.done_at is not None:
        raise Stale("That is done already.")
    if view.share.acknowledged_at is None:
        view.share.acknowledged_at, view.share.state = now, "acknowledged"
        await _tell(session, view.action.manager_id, "action-acknowledged", share_id, now)
        await note(session, person.id, "acknowledged", f"share {share_id}", now)
    return view


async def finish(
    session: AsyncSession, person: Person, share_id: int, words: str, now: datetime
) -> ShareView:
    """The person has done it, with a short note; the manager is told."""
    view = await own_share(session, person, share_id)
    if view.share.done_at is not None:
        raise Stale("That is done already.")
    view.share.note = check_words(words)
    view.share.done_at, view.share.state = now, "done"
    view.share.acknowledged_at = view.share.acknowledged_at or now
    await outbox.cancel(session, "action-overdue", share_id, "done", now)
    await _tell(session, view.action.manager_id, "action-done", share_id, now)
    await note(session, person.id, "done", f"share {share_id}", now)
    return view


async def shares_given(session: AsyncSession, manager: Person) -> list[ShareView]:
    """What a manager asked for and is not yet done, then the latest done."""
    assert manager.id is not None
    rows = await actions.shares_of_manager(session, manager.id)
    return [await share_view(session, share, action) for share, action in rows]


async def shares_received(session: AsyncSession, person: Person) -> list[ShareView]:
    """What a person still has to do."""
    assert person.id is not None
    rows = await actions.open_shares_of_person(session, person.id)
    return [await share_view(session, share, action) for share, action in rows]


async def plan_overdue(session: AsyncSession, office: Office, now: datetime) -> int:
    """Plans one message to worker and manager for each share whose date has passed; returns how many."""
    today = office.today(now)
    planned = 0
    for share, action in await actions.overdue_shares(session, today):
        assert share.id is not None
        first_day = office.calendar.forward(action.due_on, 1)
        for person_id in (share.person_id, action.manager_id):
            planned += await outbox.plan(
                session,
                person_id=person_id,
                kind="action-overdue",
                subject_id=share.id,
                key=f"action-overdue:{share.id}:{person_id}",
                not_before=office.at(first_day, CHASE_AT),
            )
    return planned
