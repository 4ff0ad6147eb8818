"""Announcements: to many at once, now or later; changed, taken back, acknowledged, nudged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require
from bot.rules.broadcasts import ACTS_A_WEEK, WEEK, Attachment
from bot.rules.errors import NotFound, Refusal, Stale
from bot.services.audience import audience
from bot.services.auditing import note
from bot.services.office import Office
from bot.services.shares import keep
from bot.services.supervision import add_share
from storage import broadcasts, outbox, people
from storage.actions import OPEN
from storage.outbox import Unasked
from storage.tables import Action, Broadcast, BroadcastRecipient, BroadcastVersion, Person


@dataclass(frozen=True)
class Announcement:
    """A complete announcement before it is sent. to is still the words that were typed; at: None is now."""

    to: str
    kind: str
    text: str
    why: str = ""
    measure: str = ""
    due_on: date | None = None
    at: datetime | None = None
    file: Attachment | None = None


async def crowded_teams(
    session: AsyncSession, to: Sequence[Person], moment: datetime
) -> list[tuple[str, int]]:
    """Teams that have had as many acts as a week bears, with how many: one more would be too many."""
    ids = sorted({person.team_id for person in to})
    counts = await broadcasts.acts_by_team(session, ids, moment - WEEK)
    full = [(team_id, count) for team_id, count in counts.items() if count >= ACTS_A_WEEK]
    return [((await people.team_by_id(session, team_id)).name, count) for team_id, count in full]


async def announce(
    session: AsyncSession, manager: Person, planned: Announcement, now: datetime
) -> tuple[Broadcast, list[Person]]:
    """Keeps the announcement with whom it goes to; what is due now goes out at once."""
    require(manager.role, "actions-given")
    to = await audience(session, manager, planned.to)
    assert manager.id is not None
    broadcast = Broadcast(
        sender_id=manager.id,
        to_words=planned.to,
        kind=planned.kind,
        text=planned.text,
        send_at=planned.at or now,
        created_at=now,
        why=planned.why,
        measure=planned.measure,
        due_on=planned.due_on,
        file_id=planned.file.file_id if planned.file else "",
        file_kind=planned.file.kind if planned.file else "",
        file_name=planned.file.name if planned.file else "",
    )
    session.add(broadcast)
    await session.flush()
    assert broadcast.id is not None
    session.add(BroadcastVersion(broadcast_id=broadcast.id, version=1, text=planned.text, at=now))
    for person in to:
        assert person.id is not None
        session.add(BroadcastRecipient(broadcast_id=broadcast.id, person_id=person.id))
    await session.flush()
    await note(session, manager.id, f"announced to {len(to)}", f"broadcast {broadcast.id}", now)
    if broadcast.send_at <= now:
        await _launch(session, broadcast, now)
    return broadcast, to


async def launch_due(session: AsyncSession, now: datetime) -> int:
    """Sends on their way what was planned for later and is due; returns how many announcements."""
    found = await broadcasts.due(session, now)
    for broadcast in found:
        await _launch(session, broadcast, now)
    return len(found)


async def _launch(session: AsyncSession, broadcast: Broadcast, now: datetime) -> None:
    assert broadcast.id is not None
    broadcast.state = "sent"
    members = await broadcasts.recipients_of(session, broadcast.id)
    if broadcast.kind == "act":
        await _ask_each(session, broadcast, [person for _, person in members], now)
    await outbox.plan_all(session, [_copy(broadcast, recipient, now) for recipient, _ in members])


async def _ask_each(session: AsyncSession, broadcast: Broadcast, to: list[Person], now: datetime) -> None:
    sender = await people.person_by_id(session, broadcast.sender_id)
    assert sender is not None
    assert broadcast.due_on is not None
    action = Action(
        manager_id=broadcast.sender_id,
        kind="oversight",
        what=broadcast.text,
        why=broadcast.why,
        measure=broadcast.measure,
        due_on=broadcast.due_on,
        broadcast_id=broadcast.id,
        created_at=now,
    )
    session.add(action)
    await session.flush()
    for person in to:
        await add_share(session, action, person)
    await keep(session, sender, action, "set", now, after=broadcast.due_on.isoformat())


def _copy(broadcast: Broadcast, recipient: BroadcastRecipient, now: datetime) -> Unasked:
    key = f"broadcast:{recipient.id}:{broadcast.version}"
    return Unasked(recipient.person_id, broadcasts.COPY, recipient.id or 0, key, now, "bulk")


async def own_broadcast(session: AsyncSession, manager: Person, broadcast_id: int) -> Broadcast:
    """The manager's own announcement, for a button; NotFound for anybody else's."""
    require(manager.role, "actions-given")
    found = await broadcasts.broadcast_by_id(session, broadcast_id)
    if found is None or found.sender_id != manager.id:
        raise NotFound("That announcement isn't yours.")
    return found


def require_standing(broadcast: Broadcast) -> None:
    """Raises Stale for one that was taken back."""
    if broadcast.state == "withdrawn":
        raise Stale("That announcement was withdrawn.")


async def change(
    session: AsyncSession, manager: Person, broadcast_id: int, text: str, now: datetime, *, anew: bool
) -> Broadcast:
    """Another wording. Sent copies are changed by rows of the outbox.

    anew: it says something else, so that it is sent again and must be acknowledged again; the version that
    each person had acknowledged stays on their row.
    """
    broadcast = await own_broadcast(session, manager, broadcast_id)
    require_standing(broadcast)
    if text == broadcast.text:
        raise Refusal("That is what it says already.")
    assert broadcast.id is not None
    broadcast.text, broadcast.version = text, broadcast.version + 1
    session.add(BroadcastVersion(broadcast_id=broadcast.id, version=broadcast.version, text=text, at=now))
    await note(session, manager.id, "changed anew" if anew else "corrected", f"broadcast {broadcast.id}", now)
    if broadcast.state == "planned":
        return broadcast
    for share, action in await broadcasts.shares_of(session, broadcast.id):
        action.what = text
        if anew and share.state in OPEN:
            share.state, share.acknowledged_at = "sent", None
    members = await broadcasts.recipients_of(session, broadcast.id)
    kind = "announce-old" if anew else "announce-edit"
    rows = [_about(kind, broadcast, recipient, now) for recipient, _ in members]
    if anew:
        for recipient, _ in members:
            recipient.acknowledged_at = None
            await outbox.cancel(session, broadcasts.COPY, recipient.id or 0, "replaced", now)
        rows += [_copy(broadcast, recipient, now) for recipient, _ in members]
    await outbox.plan_all(session, rows)
    return broadcast


def _about(kind: str, broadcast: Broadcast, recipient: BroadcastRecipient, now: datetime) -> Unasked:
    key = f"{kind}:{recipient.id}:{broadcast.version}:{broadcast.state}"
    return Unasked(recipient.person_id, kind, recipient.id or 0, key, now, "bulk")


async def withdraw(session: AsyncSession, manager: Person, broadcast_id: int, now: datetime) -> Broadcast:
    """Taken back: what is not sent is not sent, sent copies say so, and its actions are cancelled."""
    broadcast = await own_broadcast(session, manager, broadcast_id)
    require_standing(broadcast)
    was_sent = broadcast.state == "sent"
    broadcast.state = "withdrawn"
    await note(session, manager.id, "withdrew", f"broadcast {broadcast.id}", now)
    if not was_sent:
        return broadcast
    assert broadcast.id is not None
    members = await broadcasts.recipients_of(session, broadcast.id)
    ids = [recipient.id or 0 for recipient, _ in members]
    await outbox.cancel_all(session, broadcasts.COPY, ids, "withdrawn", now)
    for share, action in await broadcasts.shares_of(session, broadcast.id):
        if share.state in OPEN:
            share.state, share.reason, share.closed_at = "cancelled", "Withdrawn", now
            await outbox.cancel(session, "action-due", share.id or 0, "withdrawn", now)
            await keep(session, manager, action, "cancelled", now, share=share, why="Withdrawn")
    await outbox.plan_all(
        session, [_about("announce-edit", broadcast, recipient, now) for recipient, _ in members]
    )
    return broadcast


async def received(
    session: AsyncSession, person: Person, recipient_id: int
) -> tuple[Broadcast, BroadcastRecipient]:
    """What this person was sent, for a button; NotFound for anybody else's, Stale once it is withdrawn."""
    recipient = await broadcasts.recipient_by_id(session, recipient_id)
    if recipient is None or recipient.person_id != person.id:
        raise NotFound("That wasn't sent to you.")
    broadcast = await broadcasts.broadcast_by_id(session, recipient.broadcast_id)
    assert broadcast is not None
    require_standing(broadcast)
    return broadcast, recipient


async def acknowledge(
    session: AsyncSession, person: Person, recipient_id: int, version: int, now: datetime
) -> tuple[Broadcast, BroadcastRecipient]:
    """The person has read this version; Stale where it has been replaced by another since."""
    broadcast, recipient = await received(session, person, recipient_id)
    if broadcast.kind != "read" or version > broadcast.version:
        raise Stale("That button can't be read. Start again, please.")
    if recipient.acknowledged_at is None:
        if await _replaced(session, recipient, version):
            raise Stale("That has changed since: the newer one is further down. Read that one, please.")
        recipient.acknowledged_at, recipient.acknowledged_version = now, broadcast.version
        subject = f"broadcast {broadcast.id} version {broadcast.version}"
        await note(session, person.id, "acknowledged", subject, now)
    return broadcast, recipient


async def _replaced(session: AsyncSession, recipient: BroadcastRecipient, version: int) -> bool:
    """A newer copy was planned for this person: a correction in place plans none."""
    rows = (await broadcasts.copies(session, [recipient.id or 0])).get(recipient.id or 0, [])
    newest = max((int(row.dedup_key.rsplit(":", 1)[1]) for row in rows), default=1)
    return version < newest


async def nudge(
    session: AsyncSession, office: Office, manager: Person, broadcast_id: int, now: datetime
) -> int:
    """Reminds those who have not acknowledged, at most once a day; returns how many."""
    broadcast = await own_broadcast(session, manager, broadcast_id)
    require_standing(broadcast)
    if broadcast.kind == "information" or broadcast.state != "sent":
        raise Refusal("Nobody has to acknowledge that, so there is nobody to nudge.")
    today = office.today(now)
    if broadcast.nudged_on == today:
        raise Refusal("You have nudged them today. Once a day is enough; you can again tomorrow.")
    waiting = await outstanding(session, broadcast)
    if not waiting:
        raise Refusal("Nobody is outstanding.")
    broadcast.nudged_on = today
    rows = [
        Unasked(
            person.id or 0, "announce-nudge", recipient.id or 0, f"announce-nudge:{recipient.id}:{today}", now
        )
        for recipient, person in waiting
    ]
    await outbox.plan_all(session, rows)
    await note(session, manager.id, f"nudged {len(rows)}", f"broadcast {broadcast.id}", now)
    return len(rows)


async def outstanding(session: AsyncSession, broadcast: Broadcast) -> list[tuple[BroadcastRecipient, Person]]:
    """Who has not acknowledged and could: whoever has left is out."""
    assert broadcast.id is not None
    states = await broadcasts.share_states(session, broadcast.id)
    return [
        (recipient, person)
        for recipient, person in await broadcasts.recipients_of(session, broadcast.id)
        if person.active and not acknowledged(broadcast, recipient, states)
    ]


def acknowledged(broadcast: Broadcast, recipient: BroadcastRecipient, states: dict[int, str]) -> bool:
    """True once the person has acknowledged: for an act, once the action is."""
    if broadcast.kind == "act":
        return states.get(recipient.person_id, "cancelled") not in ("sent", "returned")
    return recipient.acknowledged_at is not None
