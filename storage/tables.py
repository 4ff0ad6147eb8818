"""The tables. All timestamps are aware UTC; days are calendar days in the office's time zone."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, MetaData, UniqueConstraint, text
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


def _json() -> Any:
    return Field(default=None, sa_column=Column(JSON, nullable=True))


class Team(SQLModel, table=True):
    """A team of workers with its manager."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    service: str = Field(default="", index=True)
    """The service that the team belongs to; empty where it belongs to none."""
    created_at: datetime
    roster_checked_at: datetime | None = None
    """When a manager last said that everybody in the team still belongs there."""


class Person(SQLModel, table=True):
    """Somebody enrolled: a worker, manager, practice lead or administrator."""

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int | None = Field(default=None, sa_column=Column(BigInteger, unique=True, nullable=True))
    name: str
    role: str
    team_id: int = Field(foreign_key="team.id", index=True)
    digest_minute: int = 8 * 60 + 30
    """Minutes after midnight, office time, at which the morning digest goes out."""
    work_days: int = 31
    """Weekdays worked, a bit each: Monday is 1, Sunday 64."""
    quiet_from: int | None = None
    """Minutes after midnight, office time, at which quiet hours begin; None: as the council sets them."""
    quiet_to: int | None = None
    discreet: bool = True
    """What arrives unasked shows no reference until it is tapped."""
    active: bool = True
    reachable: bool = True
    email: str = ""
    """Where due reminders go while Telegram can't reach the person; empty: nowhere."""
    created_at: datetime

    __table_args__ = (UniqueConstraint("team_id", "name"),)


class Invite(SQLModel, table=True):
    """A one-time code, kept only as its hash."""

    id: int | None = Field(default=None, primary_key=True)
    code_hash: str = Field(unique=True)
    role: str
    team_id: int = Field(foreign_key="team.id")
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime


class JoinAttempts(SQLModel, table=True):
    """Wrong codes tried by one Telegram account."""

    __tablename__ = "join_attempts"

    telegram_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    failures: int = 0
    locked_until: datetime | None = None


class AdminProof(SQLModel, table=True):
    """An administrator's one-time code, kept only as its hash, and when their commands were last used."""

    __tablename__ = "admin_proof"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    code_hash: str | None = None
    expires_at: datetime | None = None
    used_at: datetime | None = None


class Case(SQLModel, table=True):
    """A case, known by its reference alone."""

    __tablename__ = "case_file"

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    worker_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    family: str | None = Field(default=None, index=True)
    """The reference that brothers and sisters share."""
    disabled: bool = False
    """The child is disabled: a visit at which the child was not seen is then a drift sign."""
    visit_days: int | None = None
    """How often the plan itself says to visit, in working days; the council's rule where it says nothing."""
    created_at: datetime
    closed_at: datetime | None = None
    source: str = ""
    """Empty for a case that a person opened, "import" for one that a file brought."""


class Allocation(SQLModel, table=True):
    """Who has held a case, from when to when."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    worker_id: int = Field(foreign_key="person.id", index=True)
    started_on: date
    ended_on: date | None = None


class CaseEvent(SQLModel, table=True):
    """Something that happened on a case, on a day (and at a moment, where hours count)."""

    __tablename__ = "case_event"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    kind: str
    happened_on: date
    happened_at: datetime | None = None
    detail: str = ""
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    ends_on: date | None = None
    """The last day of a court order, as the sealed order says."""
    ends_at: datetime | None = None
    """Its moment, where the order names one."""
    recorded_at: datetime
    voided_at: datetime | None = None
    replaced_by: int | None = Field(default=None, foreign_key="case_event.id")
    """The event that corrects this one."""
    source: str = ""
    """Empty for what a person typed, "import" for what a file brought."""

    __table_args__ = (
        Index(
            "uq_case_event_once",
            "case_id",
            "kind",
            "happened_on",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
    )


class Deadline(SQLModel, table=True):
    """One running clock of a case, derived from its events."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    timescale_id: str
    part: str = ""
    start_event_id: int = Field(foreign_key="case_event.id")
    due_on: date = Field(index=True)
    due_at: datetime | None = None
    do_by: date
    state: str = "open"
    """open, met or ended (by events), done or not-needed (by hand)."""
    closed_on: date | None = None
    snoozed_until: datetime | None = None
    snoozes: int = 0
    """How often it was snoozed."""
    snooze_reason: str = ""
    extended_to: date | None = None
    """A later day that was agreed; due_on stays what the rule says, and stays visible."""
    extended_by: int | None = Field(default=None, foreign_key="person.id")
    """Who agreed to the later day."""
    reason: str = ""
    """Why it was extended or not needed."""

    __table_args__ = (UniqueConstraint("case_id", "timescale_id", "part", "start_event_id"),)


class Visit(SQLModel, table=True):
    """A visit to a child: when, and whether seen alone. Never what was said."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    event_id: int | None = Field(default=None, foreign_key="case_event.id")
    visited_on: date
    seen: str
    """alone, seen or not-seen."""
    why_not_alone: str = ""
    """One of a short list (bot.rules.visits), never free text."""
    purpose_met: bool | None = None
    voice: bool | None = None
    """Was the child's own voice captured? Yes or no; what was said belongs in the case system."""
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    recorded_at: datetime

    __table_args__ = (UniqueConstraint("case_id", "visited_on"),)


class PlannedVisit(SQLModel, table=True):
    """A visit that is arranged for a day."""

    __tablename__ = "planned_visit"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    planned_on: date
    state: str = "planned"
    """planned, done, missed or moved."""


class ClockRequest(SQLModel, table=True):
    """A worker asks a manager to agree that a clock is extended or not needed."""

    __tablename__ = "clock_request"

    id: int | None = Field(default=None, primary_key=True)
    deadline_id: int = Field(foreign_key="deadline.id", index=True)
    asked_by: int = Field(foreign_key="person.id")
    kind: str
    """extend or not-needed."""
    until: date | None = None
    reason: str
    state: str = "asked"
    """asked, agreed or declined."""
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime
    decided_at: datetime | None = None


class Action(SQLModel, table=True):
    """A manager's action: what, why, how we shall know, by when."""

    id: int | None = Field(default=None, primary_key=True)
    manager_id: int = Field(foreign_key="person.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    kind: str = Field(default="supervision", sa_column_kwargs={"server_default": "supervision"})
    """One of bot.rules.supervision.KINDS."""
    what: str
    why: str
    measure: str
    due_on: date
    letter_on: date | None = None
    """For the improvement plan: when the council received the inspection letter."""
    redated: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often the date was changed."""
    split_from: int | None = Field(default=None, foreign_key="action.id")
    """The action for several people of which this is one person's part."""
    broadcast_id: int | None = Field(default=None, foreign_key="broadcast.id", index=True)
    """The announcement that asks for it."""
    created_at: datetime


class ActionRecipient(SQLModel, table=True):
    """One person's share of an action. Open for the worker while sent, acknowledged or returned."""

    __tablename__ = "action_recipient"

    id: int | None = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    state: str = Field(default="sent", sa_column_kwargs={"server_default": "sent"}, index=True)
    """sent, acknowledged, done (says the worker), closed (agrees the manager), returned, or cancelled."""
    acknowledged_at: datetime | None = None
    done_at: datetime | None = None
    """When the worker said so; empty again once it is returned."""
    note: str = ""
    """The worker's few words on what was done."""
    closed_at: datetime | None = None
    """When a manager closed or cancelled it."""
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why it was returned or cancelled."""

    __table_args__ = (UniqueConstraint("action_id", "person_id"),)


class ActionChange(SQLModel, table=True):
    """What became of an action, line by line: set, acknowledged, redated, split, returned …"""

    __tablename__ = "action_change"

    id: int | None = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    share_id: int | None = Field(default=None, foreign_key="action_recipient.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    """Who did it."""
    at: datetime
    what: str
    before: str = ""
    after: str = ""
    why: str = ""


class Broadcast(SQLModel, table=True):
    """A manager's announcement to several people."""

    id: int | None = Field(default=None, primary_key=True)
    sender_id: int = Field(foreign_key="person.id", index=True)
    to_words: str
    """Whom it was sent to, as typed."""
    kind: str
    """information, read (acknowledge) or act (an action each)."""
    text: str
    version: int = 1
    state: str = Field(default="planned", index=True)
    """planned, sent or withdrawn."""
    send_at: datetime
    created_at: datetime
    why: str = ""
    measure: str = ""
    due_on: date | None = None
    """Purpose, measure and date of an act."""
    file_id: str = ""
    """Telegram's id of the attached file, if any."""
    file_kind: str = ""
    """photo or document."""
    file_name: str = ""
    nudged_on: date | None = None
    progress_shown: str = ""
    """The counts that the sender's progress message was last told to show."""
    progress_at: datetime | None = None


class BroadcastVersion(SQLModel, table=True):
    """Each wording of an announcement."""

    __tablename__ = "broadcast_version"

    id: int | None = Field(default=None, primary_key=True)
    broadcast_id: int = Field(foreign_key="broadcast.id", index=True)
    version: int
    text: str
    at: datetime

    __table_args__ = (UniqueConstraint("broadcast_id", "version"),)


class BroadcastRecipient(SQLModel, table=True):
    """One person whom an announcement goes to, and which version they have acknowledged."""

    __tablename__ = "broadcast_recipient"

    id: int | None = Field(default=None, primary_key=True)
    broadcast_id: int = Field(foreign_key="broadcast.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    acknowledged_at: datetime | None = None
    acknowledged_version: int | None = None

    __table_args__ = (UniqueConstraint("broadcast_id", "person_id"),)


class TeamWeek(SQLModel, table=True):
    """A team's figures at one week's summary (bot.rules.figures)."""

    __tablename__ = "team_week"

    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    monday: date
    """The Monday that names the week."""
    figures: dict[str, int] | None = _json()
    taken_at: datetime

    __table_args__ = (UniqueConstraint("team_id", "monday"),)


class WebKey(SQLModel, table=True):
    """A secret that opens something on the web part, kept only as its hash."""

    __tablename__ = "web_key"

    id: int | None = Field(default=None, primary_key=True)
    purpose: str
    """link (opens the board once), session (a browser's, for a working day) or calendar (an address)."""
    key_hash: str = Field(unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str
    team_id: int = Field(foreign_key="team.id")
    """Role and team when it was given out: with another of either it opens nothing."""
    created_at: datetime
    expires_at: datetime | None = None
    ended_at: datetime | None = None
    """When it was used up, replaced or switched off."""


class SupervisionSession(SQLModel, table=True):
    """A supervision session of a worker with a manager: planned, then held or cancelled."""

    __tablename__ = "supervision_session"

    id: int | None = Field(default=None, primary_key=True)
    worker_id: int = Field(foreign_key="person.id", index=True)
    manager_id: int = Field(foreign_key="person.id", index=True)
    planned_on: date
    every: str = ""
    """How the next one follows: month, a number of weeks, or empty for once."""
    state: str = "planned"
    """planned, held or cancelled."""
    held_on: date | None = None
    recorded_at: datetime | None = None
    created_at: datetime


URGENCIES = ("urgent", "normal", "bulk")
"""Classes of messages. The index of what is due begins with them: a query names those it means, or it goes
through every row for a later day.
"""
CAN_WAIT = URGENCIES[1:]


class OutgoingMessage(SQLModel, table=True):
    """The outbox: whatever the bot says unasked is first a row here; words are made when it is sent."""

    __tablename__ = "outgoing_message"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str
    subject_id: int
    dedup_key: str = Field(unique=True)
    urgency: str = "normal"
    """urgent, normal or bulk."""
    not_before: datetime
    state: str = "planned"
    """planned, claimed, sent, failed, cancelled, skipped (nothing left to say), or unknown: it may have
    gone out, and is sent again marked as a repeat, unless it is a broadcast."""
    attempts: int = 0
    doubts: int = 0
    """How often it was left unknown whether it went out."""
    claimed_at: datetime | None = None
    claimed_by: int | None = None
    """The number of the process that is sending it."""
    settled_at: datetime | None = None
    reason: str = ""
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    bundled_into: int | None = Field(default=None, index=True)
    """The row that said this too."""

    __table_args__ = (
        Index("ix_outgoing_message_due", "state", "urgency", "not_before"),
        Index("ix_outgoing_message_about", "subject_id", "kind"),
        Index("ix_outgoing_message_settled", "settled_at"),
    )


class NamedMessage(SQLModel, table=True):
    """A message in a chat that names a case and is no outbox row's own: its number, never its words."""

    __tablename__ = "named_message"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    message_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    sent_at: datetime = Field(index=True)

    __table_args__ = (UniqueConstraint("person_id", "message_id"),)


class Leave(SQLModel, table=True):
    """A person is away, with a colleague who gets what is due meanwhile; a manager has agreed."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    cover_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    starts_on: date
    until_on: date
    state: str = "asked"
    """asked, agreed, declined, or ended."""
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime


class Heartbeat(SQLModel, table=True):
    """When something was last planned: one row. away_since, away_until: the last time the bot was off."""

    id: int = Field(primary_key=True)
    at: datetime
    away_since: datetime | None = None
    away_until: datetime | None = None


class SendingLane(SQLModel, table=True):
    """When the bot, or one chat of it, may be written with again; every process keeps to it."""

    __tablename__ = "sending_lane"

    key: str = Field(primary_key=True)
    """bot, or chat: and the chat's number."""
    free_at: datetime


class InboxUpdate(SQLModel, table=True):
    """The inbox: an update, kept until handled, and the replies it led to, kept until sent."""

    __tablename__ = "inbox_update"

    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    payload: dict[str, Any] | None = _json()
    received_at: datetime
    handled_at: datetime | None = None
    replies: list[dict[str, Any]] | None = _json()
    replied_at: datetime | None = None
    account: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    """Whose update it is: one account's are worked one at a time, in the order of their numbers."""
    held_by: int | None = None
    """The number of the process that is sending the replies."""

    __table_args__ = (
        Index("ix_inbox_update_open", "replied_at", "update_id"),
        Index("ix_inbox_update_account", "account", "update_id"),
        Index(
            "ix_inbox_update_owed",
            "account",
            "update_id",
            sqlite_where=text("replied_at IS NULL"),
            postgresql_where=text("replied_at IS NULL"),
        ),
    )


class Flood(SQLModel, table=True):
    """Somebody who sent more than is taken in a minute; forgotten at a flood that begins a day later."""

    account: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    began_at: datetime
    """When the first update of this flood was left out; the sender was told then."""
    last_at: datetime
    left_out: int = 0
    """At least so many: between two looks each process leaves out without counting here."""


class Dialogue(SQLModel, table=True):
    """Where a person is in a guided dialogue, and what was given so far."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
    flow: str
    step: str
    draft: dict[str, Any] | None = _json()
    expires_at: datetime

    __table_args__ = ({"sqlite_autoincrement": True},)  # an old button must never meet a reused id


class Tick(SQLModel, table=True):
    """One item of a list ticked, for a case or for a person."""

    id: int | None = Field(default=None, primary_key=True)
    list_id: str
    """A checklist's id, or "steps:" and an entry's."""
    item: str
    """A short hash of the item's words: a changed item is a new one."""
    person_id: int = Field(foreign_key="person.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    ticked_at: datetime

    __table_args__ = (Index("ix_tick_list", "list_id", "person_id", "case_id"),)


class Question(SQLModel, table=True):
    """A question that was asked, redacted, with what answered it."""

    id: int | None = Field(default=None, primary_key=True)
    asked_at: datetime
    redacted: str
    status: str
    entry: str | None = None
    score: float
    not_right: bool = False


class Audit(SQLModel, table=True):
    """Who did what to what, by ids. A sealed line is never changed or deleted: triggers refuse it."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    person_id: int | None = Field(default=None, foreign_key="person.id")
    what: str
    subject: str
    number: int | None = Field(default=None, unique=True)
    """Its place in the chain, once it is sealed."""
    seal: str | None = None
    """The hash over this line and the seal before it (bot.rules.sealing)."""


class AuditAnchor(SQLModel, table=True):
    """Up to which line the trail was cut off at its beginning; a sealed line of the trail says the same."""

    __tablename__ = "audit_anchor"

    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    """The last line that was cut off."""
    seal: str
    """That line's seal: the first line kept was sealed over it."""
    cut_at: datetime


class ShownEntry(SQLModel, table=True):
    """The last time a person was shown an entry (None: was offered choices); ids only, kept 90 days."""

    __tablename__ = "shown_entry"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    entry: str | None = None
    shown_at: datetime = Field(index=True)


class EntryEdition(SQLModel, table=True):
    """An entry of the guidance as it stood when the bot last looked."""

    __tablename__ = "entry_edition"

    entry: str = Field(primary_key=True)
    title: str
    fingerprint: str
    signed: bool
    since: datetime


class EntryNotice(SQLModel, table=True):
    """That an entry has changed, for somebody who was shown it or counts days by it."""

    __tablename__ = "entry_notice"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    entry: str = Field(index=True)
    title: str
    changed_at: datetime
