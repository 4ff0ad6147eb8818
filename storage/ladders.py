"""The reminders that the ladder asks for, beside those that are planned: in SQL, a span of clocks at a time.

A ladder follows from few facts, and many clocks share them all: such clocks are of one shape. The shape of
each clock and the steps of each shape stand in temporary tables until clear(); joins prove every clock.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CursorResult,
    Integer,
    MetaData,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    Table,
    case,
    cast,
    func,
    literal,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlalchemy.schema import CreateTable, DropTable
from sqlmodel import col, exists, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.tables import Case, Deadline, Leave, OutgoingMessage, Person

CLOCK = "clock"
RECONCILED = "reconciled"
"""How the reason of every row begins that a reconciliation cancelled: it may bring it back."""
_BEYOND = f"{RECONCILED}: the ladder does not ask for it"


@dataclass(frozen=True)
class Span:
    """The clocks with an id after the one and up to the other; until None: all that follow."""

    after: int
    until: int | None

    def holds(self, column: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        """Whether a clock's id lies in it."""
        return column > self.after if self.until is None else column.between(self.after + 1, self.until)


@dataclass(frozen=True)
class Shape:
    """The facts that decide a clock's ladder. away_id: its worker, where a leave of theirs is agreed."""

    timescale_id: str
    due_on: date
    due_at: datetime | None
    do_by: date
    extended_to: date | None
    work_days: int
    quiet_from: int | None
    quiet_to: int | None
    away_id: int | None


def last_day(deadline: Deadline | Shape) -> date:
    """The agreed later day where there is one, else the lawful last."""
    return deadline.extended_to or deadline.due_on


@dataclass(frozen=True)
class Step:
    """A reminder that a shape's clocks may have. tail: how its key ends. moment: None where there is none
    ahead, so that nothing is asked for and what waits is let wait."""

    tail: str
    moment: datetime | None
    urgency: str


@dataclass(frozen=True)
class Differing:
    """How many reminders ahead are missing, and how many are planned for a wrong moment."""

    missing: int
    mistimed: int


_OURS = MetaData()
_RUNNING = Table(
    "clock_running",
    _OURS,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("worker_id", Integer, nullable=False),
    Column("shape", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
_STEP = Table(
    "clock_step",
    _OURS,
    Column("shape", Integer, primary_key=True, autoincrement=False),
    Column("tail", String, primary_key=True),
    Column("moment", UTCDateTime()),
    Column("urgency", String, nullable=False),
    prefixes=["TEMPORARY"],
)


def _facts() -> list[SQLColumnExpression[Any]]:
    """In the order of Shape's."""
    away = select(Leave.person_id).where(Leave.state == "agreed")
    return [
        col(Deadline.timescale_id),
        col(Deadline.due_on),
        col(Deadline.due_at),
        col(Deadline.do_by),
        col(Deadline.extended_to),
        col(Person.work_days),
        col(Person.quiet_from),
        col(Person.quiet_to),
        case((col(Person.id).in_(away), col(Person.id))),
    ]


def _held() -> ColumnElement[bool]:
    """A clock with its open case and the case's worker."""
    return (
        (col(Deadline.state) == "open")
        & (col(Case.id) == Deadline.case_id)
        & col(Case.closed_at).is_(None)
        & (col(Person.id) == Case.worker_id)
    )


def _key() -> ColumnElement[str]:
    """The key of a reminder, as bot/services/clocks.py makes it."""
    key: ColumnElement[str] = literal(CLOCK, String)
    for part in (cast(_RUNNING.c.id, String), cast(_RUNNING.c.worker_id, String), _STEP.c.tail):
        key = key.concat(literal(":", String)).concat(part)
    return key


async def next_span(session: AsyncSession, after: int, most: int) -> Span:
    """The next so many clocks, open or closed; the last span has no end."""
    some = select(Deadline.id).where(col(Deadline.id) > after).order_by(col(Deadline.id)).limit(most)
    ids = some.subquery()
    last, count = (await session.exec(select(func.max(ids.c.id), func.count()).select_from(ids))).one()
    return Span(after, last if count == most else None)


async def count_open(session: AsyncSession, timescale_ids: Collection[str]) -> int:
    """How many open clocks by these rules somebody holds."""
    found = await session.exec(
        select(func.count())
        .select_from(Deadline)
        .join(Case, col(Case.id) == Deadline.case_id)
        .where(
            Deadline.state == "open",
            col(Deadline.timescale_id).in_(timescale_ids),
            col(Case.closed_at).is_(None),
            col(Case.worker_id).is_not(None),
        )
    )
    return found.one()


async def gather(session: AsyncSession, span: Span, today: date) -> dict[int, Shape]:
    """Gathers the clocks that are not over or have something waiting; returns their shapes by number."""
    connection, message = await session.connection(), OutgoingMessage
    for table in (_RUNNING, _STEP):
        await connection.execute(CreateTable(table))
    ahead = func.coalesce(col(Deadline.extended_to), col(Deadline.due_on)) >= today
    waits = exists().where(
        col(message.subject_id) == Deadline.id, col(message.kind) == CLOCK, col(message.state) == "planned"
    )
    shape = func.dense_rank().over(order_by=_facts())
    gathered: list[Any] = [Deadline.id, Case.worker_id, shape]
    clocks: Select[Any] = (
        select(*gathered)
        .select_from(Deadline, Case, Person)
        .where(span.holds(col(Deadline.id)), _held(), or_(ahead, waits))
    )
    await connection.execute(_RUNNING.insert().from_select(["id", "worker_id", "shape"], clocks))
    one_each = select(func.min(_RUNNING.c.id)).group_by(_RUNNING.c.shape)
    columns: list[Any] = [_RUNNING.c.shape, *_facts()]
    found: Select[Any] = (
        select(*columns)
        .select_from(_RUNNING, Deadline, Person)
        .where(
            _RUNNING.c.id.in_(one_each),
            col(Deadline.id) == _RUNNING.c.id,
            col(Person.id) == _RUNNING.c.worker_id,
        )
    )
    return {row[0]: Shape(*row[1:]) for row in await connection.execute(found)}


async def lay(session: AsyncSession, steps: Mapping[int, Sequence[Step]]) -> None:
    """Lays the ladders of the shapes, by their numbers, beside the clocks."""
    rows = [{"shape": shape} | asdict(step) for shape, some in steps.items() for step in some]
    connection = await session.connection()
    if rows:
        await connection.execute(_STEP.insert(), rows)
    for table in (_RUNNING, _STEP):
        await connection.execute(text(f"ANALYZE {table.name}"))


async def clear(session: AsyncSession) -> None:
    """Takes the temporary tables away."""
    connection = await session.connection()
    for table in (_STEP, _RUNNING):
        await connection.execute(DropTable(table))


def _asked_for() -> Subquery:
    """Every reminder ahead, as the ladder asks for it."""
    columns: list[Any] = [
        _RUNNING.c.worker_id.label("person_id"),
        _RUNNING.c.id.label("subject_id"),
        _key().label("key"),
        _STEP.c.moment,
        _STEP.c.urgency,
    ]
    asked: Select[Any] = select(*columns)
    return asked.where(_STEP.c.shape == _RUNNING.c.shape, _STEP.c.moment.is_not(None)).subquery()


def _as_asked(asked: Subquery, span: Span) -> ColumnElement[bool]:
    """The row that an asked-for reminder has: the span lets the database look at its own rows alone."""
    message = OutgoingMessage
    return (col(message.dedup_key) == asked.c.key) & span.holds(col(message.subject_id))


def _taken_away() -> ColumnElement[bool]:
    message = OutgoingMessage
    return (col(message.state) == "cancelled") & col(message.reason).startswith(RECONCILED)


def _mistimed(asked: Subquery) -> ColumnElement[bool]:
    message = OutgoingMessage
    return (col(message.state) == "planned") & (col(message.not_before) != asked.c.moment)


async def differing(session: AsyncSession, span: Span) -> Differing:
    """How many of the reminders ahead are not there, or are there for another moment."""
    asked, message = _asked_for(), OutgoingMessage
    gone = or_(col(message.id).is_(None), _taken_away())
    found = await session.exec(
        select(func.count(case((gone, 1))), func.count(case((_mistimed(asked), 1))))
        .select_from(asked)
        .outerjoin(message, _as_asked(asked, span))
    )
    return Differing(*found.one())


async def plan_missing(session: AsyncSession, span: Span) -> int:
    """Plans the reminders ahead that are not there; returns how many."""
    asked, message = _asked_for(), OutgoingMessage
    revived = await _changed(
        session,
        update(message)
        .where(_as_asked(asked, span), _taken_away())
        .values(
            person_id=asked.c.person_id,
            not_before=asked.c.moment,
            urgency=asked.c.urgency,
            state="planned",
            reason="",
            settled_at=None,
        ),
    )
    return revived + await _plan_fresh(session, asked, span)


async def _plan_fresh(session: AsyncSession, asked: Subquery, span: Span) -> int:
    columns: list[Any] = [
        asked.c.person_id,
        literal(CLOCK, String),
        asked.c.subject_id,
        asked.c.key,
        asked.c.moment,
        asked.c.urgency,
    ]
    fresh: Select[Any] = select(*columns).where(~exists().where(_as_asked(asked, span)))
    names = ["person_id", "kind", "subject_id", "dedup_key", "not_before", "urgency"]
    table = OutgoingMessage.__table__  # type: ignore[attr-defined]  # SQLModel's tables have it
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    put = dialect.insert(table).from_select(names, fresh)
    return await _changed(session, put.on_conflict_do_nothing(index_elements=["dedup_key"]))


async def retime(session: AsyncSession, span: Span) -> int:
    """Moves what is planned for another moment than the ladder's; returns how many."""
    asked = _asked_for()
    moved = update(OutgoingMessage).where(_as_asked(asked, span), _mistimed(asked))
    return await _changed(session, moved.values(not_before=asked.c.moment))


def _beyond(span: Span) -> Select[Any]:
    """The ids of what is planned for whoever holds the case, and that is no step of its clock's ladder."""
    message = aliased(OutgoingMessage)
    key = col(message.dedup_key)
    step = exists().where(_STEP.c.shape == _RUNNING.c.shape, _key() == key)
    found: Select[Any] = (
        select(message.id)
        .join(_RUNNING, _RUNNING.c.id == message.subject_id)
        .where(
            span.holds(col(message.subject_id)),
            col(message.kind) == CLOCK,
            col(message.state) == "planned",
            col(message.person_id) == _RUNNING.c.worker_id,
            ~key.contains(":for:"),  # told to whoever covers
            ~key.contains(":snooze:"),
            ~step,
        )
    )
    return found


async def count_beyond(session: AsyncSession, span: Span) -> int:
    """How many such rows there are."""
    return (await session.exec(select(func.count()).select_from(_beyond(span).subquery()))).one()


async def cancel_beyond(session: AsyncSession, span: Span, now: datetime) -> int:
    """Cancels them; returns how many."""
    message = OutgoingMessage
    return await _changed(
        session,
        update(message)
        .where(col(message.id).in_(_beyond(span)))
        .values(state="cancelled", reason=_BEYOND, settled_at=now),
    )


async def _changed(session: AsyncSession, statement: Any) -> int:
    options = {"synchronize_session": False, "preserve_rowcount": True}
    done: CursorResult[Any] = await session.exec(statement, execution_options=options)
    return done.rowcount
