"""Taking rows from the outbox to send them, and writing down what became of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CursorResult, and_, bindparam, delete, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import URGENCIES, OutgoingMessage, Person, SendingLane

ONCE_ONLY = "broadcast"
"""Kinds that begin so go to a person at most once, even where it is unknown whether they did."""
WHOLE_BOT = "bot"
_HEAD_START = {"urgent": timedelta(hours=1), "normal": timedelta(), "bulk": -timedelta(minutes=15)}
"""Urgent ones pass whatever became due in the hour before; bulk lets others pass for a quarter of an hour."""
_HELD_CHATS_THAT_HOLD_ALL = 3
_LONGEST_HOLD = timedelta(hours=1)
"""A wait that ends later than this was written while the clock was ahead."""
_NOT_WAITING = ("claimed", "sent", "skipped", "failed", "cancelled")
_LOOK_AGAIN = timedelta(seconds=1)
"""How soon to look again after somebody to whom another process is writing."""


@dataclass(frozen=True)
class Busy:
    """Who can't be written to now: until when, by person and by chat."""

    people: dict[int, datetime]
    chats: dict[int, datetime]


class _Candidate(NamedTuple):
    """What a claim chooses by."""

    id: int
    person_id: int
    not_before: datetime
    urgency: str


@dataclass(frozen=True)
class Outcome:
    """What is written about a row that this process had claimed."""

    id: int
    state: str
    at: datetime
    reason: str = ""
    message_id: int | None = None
    not_before: datetime | None = None
    tries: int = 0
    """Added to its attempts: −1 where the attempt should not count."""
    doubts: int = 0


async def lane(session: AsyncSession, now: datetime) -> SendingLane:
    """The whole bot's lane, locked until the transaction ends: processes take turns at claiming."""
    found = await session.get(SendingLane, WHOLE_BOT, with_for_update=True)
    if found is None:
        await _hold(session, WHOLE_BOT, now)
        found = await session.get(SendingLane, WHOLE_BOT, with_for_update=True)
    assert found is not None
    if found.free_at > now + _LONGEST_HOLD:  # the clock was ahead for a while
        found.free_at = now
    return found


async def _hold(session: AsyncSession, key: str, until: datetime) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    put = dialect.insert(SendingLane).values(key=key, free_at=until)
    await session.exec(put.on_conflict_do_update(index_elements=["key"], set_={"free_at": until}))


async def hold_chat(session: AsyncSession, chat_id: int, until: datetime, now: datetime) -> None:
    """Telegram asked us to wait in a chat; where it asks in several at once, the whole bot waits."""
    until = min(until, now + _LONGEST_HOLD)
    await _hold(session, f"chat:{chat_id}", until)
    held = await session.exec(
        select(func.count()).where(col(SendingLane.key) != WHOLE_BOT, col(SendingLane.free_at) > now)
    )
    if held.one() >= _HELD_CHATS_THAT_HOLD_ALL:
        await _hold(session, WHOLE_BOT, until)


async def busy(
    session: AsyncSession, now: datetime, chat_gap: timedelta, group_gap: timedelta = timedelta()
) -> Busy:
    """Whoever is being written to, was written to a moment ago, or is held back at Telegram's wish.

    A group (its chat has a negative number) is written to less often than a person.
    """
    flying = await session.exec(select(OutgoingMessage.person_id).where(OutgoingMessage.state == "claimed"))
    people = dict.fromkeys(flying, now + _LOOK_AGAIN)
    if chat_gap:
        people |= await _written_to(session, now, chat_gap)
    if group_gap > chat_gap:
        people |= await _written_to(session, now, group_gap, col(Person.telegram_id) < 0)
    held = await session.exec(select(SendingLane).where(col(SendingLane.key) != WHOLE_BOT))
    chats = {int(row.key.removeprefix("chat:")): row.free_at for row in held}
    if any(not now < until <= now + _LONGEST_HOLD for until in chats.values()):
        await session.exec(
            delete(SendingLane).where(
                col(SendingLane.key) != WHOLE_BOT,
                ~col(SendingLane.free_at).between(now, now + _LONGEST_HOLD),
            )
        )
    return Busy(people, {chat: until for chat, until in chats.items() if now < until <= now + _LONGEST_HOLD})


async def _written_to(
    session: AsyncSession, now: datetime, gap: timedelta, *those: ColumnElement[bool]
) -> dict[int, datetime]:
    """Who was written to less than `gap` ago, and until when the gap lasts."""
    message = OutgoingMessage
    recent = (
        select(message.person_id, message.settled_at)
        .where(
            col(message.settled_at).between(now - gap, now + gap),
            col(message.state).in_(("sent", "unknown")),
        )
        .order_by(col(message.settled_at))
    )
    if those:
        recent = recent.join(Person, col(Person.id) == message.person_id).where(*those)
    return {person_id: at + gap for person_id, at in await session.exec(recent) if at is not None}


def _hears(by_mail: Collection[str]) -> ColumnElement[bool]:
    """Who may be told something now. A person who has left is let through, to be skipped."""
    hears = or_(col(Person.reachable).is_(True), col(Person.active).is_(False))
    if not by_mail:
        return hears
    return or_(hears, and_(col(Person.email) != "", col(OutgoingMessage.kind).in_(by_mail)))


def _due(now: datetime, busy: Busy, by_mail: Collection[str], *, state: str) -> SelectOfScalar[int | None]:
    """Due rows of people who may hear. by_mail: kinds that go to an address where Telegram reaches nobody."""
    return (
        select(col(OutgoingMessage.id))
        .join(Person, col(Person.id) == OutgoingMessage.person_id)
        .where(
            OutgoingMessage.state == state,
            col(OutgoingMessage.not_before) <= now,
            _hears(by_mail),
            col(OutgoingMessage.person_id).not_in(list(busy.people)),
            func.coalesce(Person.telegram_id, 0).not_in(list(busy.chats)),
        )
    )


async def claim(
    session: AsyncSession, *, now: datetime, me: int, most: int, busy: Busy, by_mail: Collection[str] = ()
) -> list[OutgoingMessage]:
    """Claims up to `most` due rows, one a person, by class and age.

    by_mail: kinds that may go to an address where Telegram reaches nobody.
    """
    chosen: dict[int, _Candidate] = {}
    while len(chosen) < most:
        others = Busy(busy.people | dict.fromkeys(chosen, now), busy.chats)
        found = await _candidates(session, now, others, 3 * most, by_mail)
        for one in sorted(found, key=_rank):
            if len(chosen) < most:
                chosen.setdefault(one.person_id, one)
        if len(found) < most:  # too few to hide anybody else's
            break
    ids = [one.id for one in chosen.values()]
    rows = await _claimed(session, ids, now, me) if ids else {}
    return [rows[one] for one in ids]


async def _claimed(
    session: AsyncSession, ids: Collection[int], now: datetime, me: int
) -> dict[int, OutgoingMessage]:
    claimed = (
        update(OutgoingMessage)
        .where(col(OutgoingMessage.id).in_(ids))
        .values(state="claimed", claimed_at=now, claimed_by=me, attempts=OutgoingMessage.attempts + 1)
        .returning(OutgoingMessage)
        .execution_options(synchronize_session=False)
    )
    found: CursorResult[Any] = await session.exec(claimed)
    rows: dict[int, OutgoingMessage] = {row.id: row for row in found.scalars()}
    for row in rows.values():
        session.expunge(row)
    return rows


async def _candidates(
    session: AsyncSession, now: datetime, busy: Busy, most: int, by_mail: Collection[str]
) -> list[_Candidate]:
    """The oldest of each class, in one query and without what isn't needed to choose.

    What may have changed until its row was locked is asked outside once more, by states that it must not
    have: by those it may have, SQLite would go through every row that waits.
    """
    message = OutgoingMessage
    wanted = [
        _due(now, busy, by_mail, state="planned").where(message.urgency == urgency) for urgency in _HEAD_START
    ]
    again = _due(now, busy, by_mail, state="unknown").where(~col(message.kind).startswith(ONCE_ONLY))
    oldest = [
        query.order_by(col(message.not_before), col(message.id)).limit(most).subquery()
        for query in (*wanted, again)
    ]
    found = await session.exec(
        select(message.id, message.person_id, message.not_before, message.urgency)
        .where(
            col(message.id).in_(union_all(*(select(one.c.id) for one in oldest))),
            col(message.state).not_in(_NOT_WAITING),
            col(message.not_before) <= now,
        )
        .with_for_update(skip_locked=True, of=message)
    )
    return [_Candidate(row_id or 0, person, due, urgency) for row_id, person, due, urgency in found]


def _rank(one: _Candidate) -> tuple[datetime, int]:
    return one.not_before - _HEAD_START.get(one.urgency, timedelta()), one.id


async def waiting_people(session: AsyncSession, now: datetime, busy: Busy) -> list[tuple[int, int]]:
    """Who of the busy has something due: (person, chat)."""
    if not busy.people and not busy.chats:
        return []
    message = OutgoingMessage
    found = await session.exec(
        select(message.person_id, func.coalesce(Person.telegram_id, 0))
        .join(Person, col(Person.id) == message.person_id)
        .where(
            col(message.state).in_(("planned", "unknown")),
            col(message.urgency).in_(URGENCIES),
            col(message.not_before) <= now,
            col(Person.reachable).is_(True),
            or_(col(message.person_id).in_(list(busy.people)), col(Person.telegram_id).in_(list(busy.chats))),
            or_(message.state == "planned", ~col(message.kind).startswith(ONCE_ONLY)),
        )
        .distinct()
    )
    return list(found.all())


async def settle(session: AsyncSession, me: int, outcomes: Sequence[Outcome]) -> None:
    """Ends claims of this process; a row that is no longer claimed by it is left alone."""
    if not outcomes:
        return
    table = OutgoingMessage.__table__  # type: ignore[attr-defined]  # SQLModel's tables have it
    connection = await session.connection()
    await connection.execute(
        update(table)
        .where(table.c.id == bindparam("row"), table.c.state == "claimed", table.c.claimed_by == me)
        .values(
            state=bindparam("new_state"),
            settled_at=bindparam("at"),
            reason=bindparam("why"),
            message_id=bindparam("sent_as"),
            not_before=func.coalesce(bindparam("later", type_=table.c.not_before.type), table.c.not_before),
            attempts=table.c.attempts + bindparam("tries"),
            doubts=table.c.doubts + bindparam("more_doubts"),
        ),
        [
            {
                "row": one.id,
                "new_state": one.state,
                "at": one.at,
                "why": one.reason,
                "sent_as": one.message_id,
                "later": one.not_before,
                "tries": one.tries,
                "more_doubts": one.doubts,
            }
            for one in outcomes
        ],
    )


async def put_back(session: AsyncSession, me: int, *, but: Collection[int]) -> int:
    """Rows that this process claimed and never began to send, back to planned; returns how many."""
    gone: CursorResult[Any] = await session.exec(
        update(OutgoingMessage)
        .where(
            col(OutgoingMessage.state) == "claimed",
            col(OutgoingMessage.claimed_by) == me,
            col(OutgoingMessage.id).not_in(list(but)),
        )
        .values(state="planned")
    )
    return gone.rowcount


async def doubt_claims_of_the_dead(session: AsyncSession, alive: Collection[int], now: datetime) -> int:
    """Rows claimed by a process that is gone: nobody knows whether they went out. Returns how many."""
    gone: CursorResult[Any] = await session.exec(
        update(OutgoingMessage)
        .where(
            col(OutgoingMessage.state) == "claimed",
            func.coalesce(OutgoingMessage.claimed_by, 0).not_in(list(alive)),
        )
        .values(
            state="unknown",
            doubts=OutgoingMessage.doubts + 1,
            settled_at=now,
            reason="the process that was sending it died",
        )
    )
    return gone.rowcount


async def unknown_broadcasts(session: AsyncSession, kind_prefix: str = ONCE_ONLY) -> list[OutgoingMessage]:
    """Broadcasts of which nobody knows whether they arrived; they are not sent again."""
    found = await session.exec(
        select(OutgoingMessage)
        .where(OutgoingMessage.state == "unknown", col(OutgoingMessage.kind).startswith(kind_prefix))
        .order_by(col(OutgoingMessage.id))
    )
    return list(found.all())
