"""What becomes of an action: closed, returned, redated, reassigned, split, cancelled, asked about."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require
from bot.rules.errors import NotFound, Refusal, Stale
from bot.rules.supervision import check_words, state_after
from bot.services.audience import audience, may_manage
from bot.services.shares import ShareView, keep, share_view, tell
from bot.services.supervision import add_share, own_share
from storage import actions, broadcasts, outbox, people
from storage.tables import Action, ActionChange, ActionRecipient, Person

_FEWEST = 5


def _reason(typed: str) -> str:
    words = check_words(typed)
    if len(words) < _FEWEST:
        raise Refusal("Say why in a few words, please: it is kept with the action.")
    return words


async def managed_share(session: AsyncSession, manager: Person, share_id: int) -> ShareView:
    """A share that this manager set, or a worker of their teams has; NotFound for any other."""
    require(manager.role, "actions-given")
    found = await actions.share_by_id(session, share_id)
    view = await share_view(session, *found) if found is not None else None
    if view is None or not (
        view.action.manager_id == manager.id or await may_manage(session, manager, view.worker)
    ):
        raise NotFound("That action isn't one of your team's.")
    return view


async def seen_share(session: AsyncSession, person: Person, share_id: int) -> tuple[ShareView, bool]:
    """A share for its card, and whether it is the person's own; NotFound for whoever may not see it."""
    found = await actions.share_by_id(session, share_id)
    if found is not None and found[0].person_id == person.id:
        return await own_share(session, person, share_id), True
    return await managed_share(session, person, share_id), False


async def close(session: AsyncSession, manager: Person, share_id: int, now: datetime) -> ShareView:
    """The manager agrees that it is done; the worker is told."""
    view = await managed_share(session, manager, share_id)
    view.share.state = state_after(view.share.state, "close")
    view.share.closed_at = now
    await tell(session, view.share.person_id, "action-closed", share_id, now)
    await keep(session, manager, view.action, "closed", now, share=view.share)
    return view


async def return_(
    session: AsyncSession, manager: Person, share_id: int, why: str, now: datetime
) -> ShareView:
    """Not done yet, for a reason; the worker gets it back."""
    view = await managed_share(session, manager, share_id)
    state = state_after(view.share.state, "return")
    view.share.reason = _reason(why)
    view.share.state = state
    view.share.done_at = view.share.acknowledged_at = None
    await tell(session, view.share.person_id, "action-returned", share_id, now)
    await keep(session, manager, view.action, "returned", now, share=view.share, why=view.share.reason)
    return view


async def _open_shares(session: AsyncSession, action: Action) -> list[ActionRecipient]:
    assert action.id is not None
    shares = await actions.shares_of_action(session, action.id)
    return [share for share in shares if share.state in actions.OPEN]


async def redate(
    session: AsyncSession, manager: Person, share_id: int, day: date, why: str, now: datetime
) -> ShareView:
    """Another date for the whole action; the reason is kept, and everybody who still has it is told."""
    view = await managed_share(session, manager, share_id)
    reason = _reason(why)
    if day == view.action.due_on:
        raise Refusal("That is the date it has already.")
    open_shares = await _open_shares(session, view.action)
    if not open_shares:
        raise Stale("Nobody has it open any more.")
    before, view.action.due_on = view.action.due_on, day
    view.action.redated += 1
    await keep(
        session,
        manager,
        view.action,
        "redated",
        now,
        before=before.isoformat(),
        after=day.isoformat(),
        why=reason,
    )
    for share in open_shares:
        assert share.id is not None
        await outbox.cancel(session, "action-due", share.id, "redated", now)
        await _correct_card(session, view.action, share, now)
        await tell(session, share.person_id, "action-redated", share.id, now)
    return view


async def reassign(
    session: AsyncSession, manager: Person, share_id: int, to: str, now: datetime
) -> tuple[ShareView, Person]:
    """Somebody else does it; the first person is told. Returns the new share, and who had it."""
    view = await managed_share(session, manager, share_id)
    taker = await _one(session, manager, to)
    if view.share.state not in actions.OPEN:
        state_after(view.share.state, "done")  # raises with the reason
    assert view.action.id is not None
    shares = await actions.shares_of_action(session, view.action.id)
    if any(share.person_id == taker.id and share.state != "cancelled" for share in shares):
        raise Refusal(f"{taker.name} has it already.")
    await _end(session, view.action, view.share, f"Given to {taker.name}", now)
    earlier = next((share for share in shares if share.person_id == taker.id), None)
    share = earlier or await add_share(session, view.action, taker)
    share.state, share.reason, share.closed_at = "sent", "", None
    assert taker.id is not None
    assert share.id is not None
    await tell(session, taker.id, "action-new", share.id, now)
    await keep(
        session,
        manager,
        view.action,
        "reassigned",
        now,
        share=share,
        before=view.worker.name,
        after=taker.name,
    )
    return await share_view(session, share, view.action), view.worker


async def _one(session: AsyncSession, manager: Person, typed: str) -> Person:
    found = await audience(session, manager, typed)
    if len(found) != 1:
        raise Refusal("One person, please: an action has one name on it.")
    return found[0]


async def split(
    session: AsyncSession,
    manager: Person,
    share_id: int,
    parts: Sequence[tuple[ActionRecipient, str, date]],
    now: datetime,
) -> list[ShareView]:
    """Each person's share becomes an action of its own, with its own text and date; each is told.

    parts: share, what this person does, by when. Raises Refusal where only one person has it.
    """
    view = await managed_share(session, manager, share_id)
    if len(parts) < 2:
        raise Refusal("Only one person has it, so there is nothing to split.")
    views: list[ShareView] = []
    for share, what, day in parts:
        source = view.action
        own = Action(
            manager_id=source.manager_id,
            case_id=source.case_id,
            kind=source.kind,
            what=check_words(what),
            why=source.why,
            measure=source.measure,
            due_on=day,
            letter_on=source.letter_on,
            redated=source.redated,
            split_from=source.id,
            broadcast_id=source.broadcast_id,
            created_at=source.created_at,
        )
        session.add(own)
        await session.flush()
        assert own.id is not None
        assert share.id is not None
        share.action_id = own.id
        share.state, share.acknowledged_at = "sent", None
        await _correct_card(session, own, share, now)
        await tell(session, share.person_id, "action-changed", share.id, now)
        await keep(session, manager, own, "split", now, share=share, after=day.isoformat())
        views.append(await share_view(session, share, own))
    return views


async def splittable(session: AsyncSession, manager: Person, share_id: int) -> list[ShareView]:
    """The open shares of the action that this share is of."""
    view = await managed_share(session, manager, share_id)
    return [
        await share_view(session, share, view.action) for share in await _open_shares(session, view.action)
    ]


async def cancel(
    session: AsyncSession, manager: Person, share_id: int, why: str, now: datetime, *, everybody: bool = False
) -> list[ShareView]:
    """Takes the action back from one person, or from everybody who has it; each is told why."""
    view = await managed_share(session, manager, share_id)
    reason = _reason(why)
    going = await _open_shares(session, view.action) if everybody else [view.share]
    ended = []
    for share in going:
        await _end(session, view.action, share, reason, now)
        await keep(session, manager, view.action, "cancelled", now, share=share, why=reason)
        ended.append(await share_view(session, share, view.action))
    return ended


async def _end(
    session: AsyncSession, action: Action, share: ActionRecipient, why: str, now: datetime
) -> None:
    assert share.id is not None
    share.state = state_after(share.state, "cancel")
    share.reason, share.closed_at = why, now
    unsent = await outbox.cancel(session, "action-new", share.id, "cancelled", now)
    await outbox.cancel(session, "action-due", share.id, "cancelled", now)
    if not unsent:
        await _correct_card(session, action, share, now)
        await tell(session, share.person_id, "action-cancelled", share.id, now)


async def _correct_card(session: AsyncSession, action: Action, share: ActionRecipient, now: datetime) -> None:
    """Changes the card that was sent, by a row of the outbox."""
    assert share.id is not None
    if action.broadcast_id is None:
        await tell(session, share.person_id, "action-card", share.id, now)
        return
    recipient = await broadcasts.recipient_of(session, action.broadcast_id, share.person_id)
    if recipient is not None and recipient.id is not None:
        await tell(session, share.person_id, "announce-edit", recipient.id, now)


async def ask(
    session: AsyncSession, person: Person, share_id: int, question: str, now: datetime
) -> ShareView:
    """The worker's question about an action goes to the manager who set it."""
    view = await own_share(session, person, share_id)
    change = await keep(
        session, person, view.action, "asked", now, share=view.share, why=check_words(question)
    )
    assert change.id is not None
    await tell(session, view.action.manager_id, "action-asked", change.id, now)
    return view


async def asked(
    session: AsyncSession, change_id: int, what: str = "asked"
) -> tuple[ActionChange, ShareView] | None:
    """A question (or an answer) and the share that it is about, or None."""
    change = await actions.change_by_id(session, change_id)
    if change is None or change.what != what or change.share_id is None:
        return None
    found = await actions.share_by_id(session, change.share_id)
    return (change, await share_view(session, *found)) if found is not None else None


async def answer(
    session: AsyncSession, manager: Person, change_id: int, words: str, now: datetime
) -> ShareView:
    """The manager's answer goes to the worker who asked."""
    found = await asked(session, change_id)
    if found is None:
        raise NotFound("That question isn't there any more.")
    question, view = found
    await managed_share(session, manager, view.share.id or 0)
    change = await keep(
        session,
        manager,
        view.action,
        "answered",
        now,
        share=view.share,
        before=question.why,
        why=check_words(words),
    )
    assert change.id is not None
    await tell(session, question.person_id, "action-answered", change.id, now)
    return view


async def history(
    session: AsyncSession, person: Person, share_id: int
) -> tuple[ShareView, list[tuple[ActionChange, str]]]:
    """What became of the action, with who did it, for the worker or a manager."""
    view, own = await seen_share(session, person, share_id)
    assert view.action.id is not None
    found = []
    for change in await actions.changes_of_action(session, view.action.id):
        if own and change.share_id not in (None, view.share.id):
            continue
        by = await people.person_by_id(session, change.person_id)
        found.append((change, by.name if by is not None else ""))
    return view, found
