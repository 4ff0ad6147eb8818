"""Every table that says something about a person: which rows, and which of their columns an export gives.

A test goes along all tables: a new one stands here, or among the exceptions with its reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date
from sqlmodel import SQLModel, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bulk import batches
from storage.cases import Scope
from storage.tables import (
    Action,
    ActionChange,
    ActionRecipient,
    AdminProof,
    Allocation,
    Audit,
    AuditAnchor,
    Broadcast,
    BroadcastRecipient,
    BroadcastVersion,
    Case,
    CaseEvent,
    ClockRequest,
    Deadline,
    Dialogue,
    EntryEdition,
    EntryNotice,
    Flood,
    Heartbeat,
    InboxUpdate,
    Invite,
    JoinAttempts,
    Leave,
    NamedMessage,
    OutgoingMessage,
    Person,
    PlannedVisit,
    Question,
    SendingLane,
    ShownEntry,
    SupervisionSession,
    Team,
    TeamWeek,
    Tick,
    Visit,
    WebKey,
)

Condition = ColumnElement[bool]
LINK = "joins rows of the database"
CHILD = "is about the child or the case, and not about the person"
SECRET = "a secret's hash"
SENDING = "how a message is sent"


@dataclass(frozen=True)
class Mention:
    """One table's rows about a person. people: columns with a person's id; the first is the row's own.

    shown: columns given as they are. left_out: the others, each with why. at: when the row came about.
    own: given only where the first of `people` is the person, because it tells of others.
    case: the column that leads to the case (of a clock, in clock_request).
    """

    table: type[SQLModel]
    of: Callable[[int], Condition]
    people: tuple[str, ...]
    shown: tuple[str, ...]
    at: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    case: str = ""


def _account(me: int) -> Any:
    return select(Person.telegram_id).where(Person.id == me)


def _shares(me: int) -> Any:
    return select(ActionRecipient.id).where(ActionRecipient.person_id == me)


def _actions(me: int) -> Any:
    return select(ActionRecipient.action_id).where(ActionRecipient.person_id == me)


def _received(me: int) -> Any:
    return select(BroadcastRecipient.broadcast_id).where(BroadcastRecipient.person_id == me)


def _any_of(table: Any, *columns: str) -> Callable[[int], Condition]:
    return lambda me: or_(*(col(getattr(table, column)) == me for column in columns))


def _left(why: str, columns: str) -> dict[str, str]:
    return dict.fromkeys(columns.split(), why)


MENTIONS: tuple[Mention, ...] = (
    Mention(
        Person,
        _any_of(Person, "id"),
        ("id",),
        (
            *("telegram_id", "name", "role", "team_id", "digest_minute", "work_days", "quiet_from"),
            *("quiet_to", "discreet", "active", "reachable", "email", "created_at"),
        ),
    ),
    Mention(
        Invite,
        _any_of(Invite, "used_by"),
        ("used_by",),
        ("role", "team_id", "created_at", "expires_at", "used_at"),
        "used_at",
        {"id": LINK, "code_hash": SECRET},
    ),
    Mention(
        JoinAttempts,
        lambda me: col(JoinAttempts.telegram_id).in_(_account(me)),
        (),
        ("failures", "locked_until"),
        "",
        {"telegram_id": "stands with the account"},
    ),
    Mention(
        InboxUpdate,
        lambda me: col(InboxUpdate.account).in_(_account(me)),
        (),
        ("received_at", "handled_at", "replied_at"),
        "received_at",
        {
            "account": "stands with the account",
            **_left("the message being answered at this moment, emptied with the answer", "payload replies"),
            **_left(SENDING, "update_id held_by"),
        },
    ),
    Mention(
        Flood,
        lambda me: col(Flood.account).in_(_account(me)),
        (),
        ("began_at", "last_at", "left_out"),
        "last_at",
        {"account": "stands with the account"},
    ),
    Mention(
        AdminProof,
        _any_of(AdminProof, "person_id"),
        ("person_id",),
        ("expires_at", "used_at"),
        "used_at",
        {"code_hash": SECRET},
    ),
    Mention(
        Case,
        _any_of(Case, "worker_id"),
        ("worker_id",),
        ("reference", "team_id", "created_at", "closed_at", "source"),
        "created_at",
        {"id": LINK, **_left(CHILD, "family disabled visit_days")},
    ),
    Mention(
        Allocation,
        _any_of(Allocation, "worker_id"),
        ("worker_id",),
        ("started_on", "ended_on"),
        "started_on",
        {"id": LINK},
        case="case_id",
    ),
    Mention(
        CaseEvent,
        _any_of(CaseEvent, "recorded_by"),
        ("recorded_by",),
        (
            *("kind", "happened_on", "happened_at", "detail", "ends_on", "ends_at"),
            *("recorded_at", "voided_at", "source"),
        ),
        "recorded_at",
        {"id": LINK, "replaced_by": LINK},
        case="case_id",
    ),
    Mention(
        Deadline,
        _any_of(Deadline, "extended_by"),
        ("extended_by",),
        ("timescale_id", "due_on", "extended_to", "reason"),
        "",
        {
            "id": LINK,
            "start_event_id": LINK,
            **_left(CHILD, "part due_at do_by state closed_on snoozed_until snoozes snooze_reason"),
        },
        case="case_id",
    ),
    Mention(
        Visit,
        _any_of(Visit, "recorded_by"),
        ("recorded_by",),
        ("visited_on", "seen", "why_not_alone", "purpose_met", "voice", "recorded_at"),
        "recorded_at",
        {"id": LINK, "event_id": LINK},
        case="case_id",
    ),
    Mention(
        ClockRequest,
        _any_of(ClockRequest, "asked_by", "decided_by"),
        ("asked_by", "decided_by"),
        ("kind", "until", "reason", "state", "created_at", "decided_at"),
        "created_at",
        {"id": LINK},
        case="deadline_id",
    ),
    Mention(
        Action,
        lambda me: or_(col(Action.manager_id) == me, col(Action.id).in_(_actions(me))),
        ("manager_id",),
        ("id", "kind", "what", "why", "measure", "due_on", "letter_on", "redated", "created_at"),
        "created_at",
        {"split_from": LINK, "broadcast_id": LINK},
        case="case_id",
    ),
    Mention(
        ActionRecipient,
        _any_of(ActionRecipient, "person_id"),
        ("person_id",),
        ("action_id", "state", "acknowledged_at", "done_at", "note", "closed_at", "reason"),
        "",
        {"id": LINK},
    ),
    Mention(
        ActionChange,
        lambda me: or_(col(ActionChange.person_id) == me, col(ActionChange.share_id).in_(_shares(me))),
        ("person_id",),
        ("action_id", "at", "what", "before", "after", "why"),
        "at",
        {"id": LINK, "share_id": LINK},
    ),
    Mention(
        Broadcast,
        lambda me: or_(col(Broadcast.sender_id) == me, col(Broadcast.id).in_(_received(me))),
        ("sender_id",),
        (
            *("id", "to_words", "kind", "text", "version", "state", "send_at", "created_at", "why"),
            *("measure", "due_on", "file_name", "nudged_on"),
        ),
        "created_at",
        {
            **_left("Telegram's own name of the file", "file_id file_kind"),
            **_left("names those who had not answered", "progress_shown progress_at"),
        },
        own=("to_words", "nudged_on"),
    ),
    Mention(
        BroadcastVersion,
        lambda me: col(BroadcastVersion.broadcast_id).in_(
            select(Broadcast.id).where(Broadcast.sender_id == me)
        ),
        (),
        ("broadcast_id", "version", "text", "at"),
        "at",
        {"id": LINK},
    ),
    Mention(
        BroadcastRecipient,
        _any_of(BroadcastRecipient, "person_id"),
        ("person_id",),
        ("broadcast_id", "acknowledged_at", "acknowledged_version"),
        "",
        {"id": LINK},
    ),
    Mention(
        SupervisionSession,
        _any_of(SupervisionSession, "worker_id", "manager_id"),
        ("worker_id", "manager_id"),
        ("planned_on", "every", "state", "held_on", "recorded_at", "created_at"),
        "created_at",
        {"id": LINK},
    ),
    Mention(
        Leave,
        _any_of(Leave, "person_id", "cover_id", "decided_by"),
        ("person_id", "cover_id", "decided_by"),
        ("starts_on", "until_on", "state", "created_at"),
        "created_at",
        {"id": LINK},
    ),
    Mention(
        OutgoingMessage,
        _any_of(OutgoingMessage, "person_id"),
        ("person_id",),
        ("kind", "urgency", "not_before", "state", "settled_at"),
        "not_before",
        {
            "id": LINK,
            "subject_id": LINK,
            "bundled_into": LINK,
            **_left(SENDING, "dedup_key attempts doubts claimed_at claimed_by reason message_id"),
        },
    ),
    Mention(
        NamedMessage,
        _any_of(NamedMessage, "person_id"),
        ("person_id",),
        ("sent_at",),
        "sent_at",
        {"id": LINK, "message_id": SENDING},
    ),
    Mention(
        Dialogue,
        _any_of(Dialogue, "person_id"),
        ("person_id",),
        ("flow", "step", "expires_at"),
        "expires_at",
        {"id": LINK, "draft": "half an answer, gone when the dialogue ends; it may name others by id"},
    ),
    Mention(
        Tick,
        _any_of(Tick, "person_id"),
        ("person_id",),
        ("list_id", "ticked_at"),
        "ticked_at",
        {"id": LINK, "item": "a hash of the item's words"},
        case="case_id",
    ),
    Mention(
        ShownEntry,
        _any_of(ShownEntry, "person_id"),
        ("person_id",),
        ("entry", "shown_at"),
        "shown_at",
        {"id": LINK},
    ),
    Mention(
        EntryNotice,
        _any_of(EntryNotice, "person_id"),
        ("person_id",),
        ("entry", "title", "changed_at"),
        "changed_at",
        {"id": LINK},
    ),
    Mention(
        WebKey,
        _any_of(WebKey, "person_id"),
        ("person_id",),
        ("purpose", "role", "team_id", "created_at", "expires_at", "ended_at"),
        "created_at",
        {"id": LINK, "key_hash": SECRET},
    ),
    Mention(
        Audit,
        lambda me: or_(
            col(Audit.person_id) == me,
            col(Audit.subject) == f"person {me}",
            col(Audit.subject).endswith(f" person {me}"),
        ),
        ("person_id",),
        ("at", "what", "subject"),
        "at",
        {"id": LINK, **_left("the chain's own", "number seal")},
    ),
)

EXCEPTIONS: Mapping[type[SQLModel], str] = {
    Team: "A team's name and service; nobody is named.",
    PlannedVisit: "A day on a case; nobody is named.",
    TeamWeek: "A team's counts; nobody is named.",
    Question: "Kept without who asked.",
    EntryEdition: "The guidance's own history.",
    Heartbeat: "When the bot was last up.",
    AuditAnchor: "Where the trail was cut off.",
    SendingLane: "Until when Telegram asked not to write to a chat: within the hour, then gone.",
}
"""Tables that an export doesn't hold, each with why."""


async def references_of(
    session: AsyncSession, case_ids: Sequence[int], scope: Scope | None
) -> dict[int, str]:
    """The references of those of the cases that are within the scope (None: of none), open or closed."""
    found: dict[int, str] = {}
    if scope is None:
        return found
    for ids in batches(case_ids):
        wanted = select(Case).where(col(Case.id).in_(ids), *scope.where())
        found |= {case.id or 0: case.reference for case in (await session.exec(wanted)).all()}
    return found


async def cases_of_clocks(session: AsyncSession, clock_ids: Sequence[int]) -> dict[int, int]:
    """Each clock's case."""
    found: dict[int, int] = {}
    for ids in batches(clock_ids):
        rows = await session.exec(select(Deadline.id, Deadline.case_id).where(col(Deadline.id).in_(ids)))
        found |= {clock_id or 0: case_id for clock_id, case_id in rows}
    return found


async def rows_of(
    session: AsyncSession, mention: Mention, person_id: int, since: datetime | None, until: datetime | None
) -> list[Any]:
    """The table's rows about the person, oldest first; of a period, those that came about in it.

    A table without a moment is given whole. until: the first moment after the period.
    """
    wanted = select(mention.table).where(mention.of(person_id))
    if mention.at:
        moment: Any = getattr(mention.table, mention.at)
        wanted = wanted.order_by(moment)
        if since is not None and until is not None:
            first, after = _as_kept(moment, since), _as_kept(moment, until)
            wanted = wanted.where(moment >= first, moment < after)
    return list((await session.exec(wanted)).all())


def _as_kept(column: Any, moment: datetime) -> datetime | date:
    """The moment, or its day where the column holds days; periods begin at an office midnight."""
    return moment.date() if isinstance(column.type, Date) else moment
