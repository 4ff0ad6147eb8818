"""What an outgoing message says, made from the state at the moment of sending."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rendering_actions import ANNOUNCEMENTS, Words, action_words
from bot.rendering_cases import ABOUT_CASES
from bot.rendering_due import DUE, KINDS, headline, what_became
from bot.rules.access import manages
from bot.rules.figures import Figures
from bot.services import (
    board,
    chasing,
    deleting,
    digests,
    practice,
    preferences,
    reaching,
    rosters,
    supervision_sessions,
    weekly,
)
from bot.services.office import Office
from bot.texts import board as board_texts
from bot.texts import deleting as deleting_texts
from bot.texts import delivering as delivery_texts
from bot.texts import packs as pack_texts
from bot.texts import practice as practice_texts
from bot.texts import preferences as preference_texts
from bot.texts import reminders as reminder_texts
from bot.texts import rosters as roster_texts
from bot.texts.html import plain
from bot.texts.reply import Chart, Say
from storage import actions, cases, hearing, leaves, people, sessions
from storage.ladders import last_day
from storage.tables import OutgoingMessage, Person

WITH_PICTURE = "with a picture"
"""Why a sent message's words stand under a picture: its row's reason says so."""


async def render(
    session: AsyncSession,
    office: Office,
    person: Person | None,
    message: OutgoingMessage,
    now: datetime,
    *,
    whole: bool = False,
) -> Say | None:
    """The message's words now; None where there is nothing left to say.

    whole: with its references also for the discreet, where it isn't shown on a lock screen.
    """
    if person is None:
        return None
    if message.kind == hearing.EDIT:
        return await _edit(session, office, person, message, now)
    if message.kind in KINDS:
        if await _has_passed(session, office, message, now):
            return None  # the digest says it
        minutes = 0 if message.urgency == "urgent" else office.library.ladder.bundle_minutes
        await hearing.bundle(session, message, KINDS, now + timedelta(minutes=minutes), now)
    if message.kind == "digest" and not (await digests.digest(session, office, person, now)).speaks:
        return None
    see = reveal if whole else _as_it_may_be_seen
    return await see(session, office, person, message, now)


async def reveal(
    session: AsyncSession, office: Office, person: Person, message: OutgoingMessage, now: datetime
) -> Say | None:
    """Everything that the message is about, as it stands now; None where nothing is left."""
    make = _RENDERERS.get(message.kind, action_words)
    return await make(session, office, person, message, now)


async def _has_passed(session: AsyncSession, office: Office, message: OutgoingMessage, now: datetime) -> bool:
    """Whether a reminder counted in days comes too late, or after its day."""
    if message.kind == chasing.KIND:
        share = await actions.share_by_id(session, message.subject_id)
        return share is None or chasing.has_passed(office, share[1], message, now)
    deadline = await cases.deadline_by_id(session, message.subject_id)
    if deadline is None or deadline.due_at is not None:
        return False
    if now - message.not_before > timedelta(hours=office.library.ladder.push_holds_hours):
        return True
    snoozed = ":snooze:" in message.dedup_key
    return last_day(deadline) < office.today(now) and not snoozed


async def _as_it_may_be_seen(
    session: AsyncSession, office: Office, person: Person, message: OutgoingMessage, now: datetime
) -> Say | None:
    """All of it, or for the discreet a headline where it names a case."""
    words = await reveal(session, office, person, message, now)
    if words is None or not person.discreet or not _names_a_case(office, words):
        return words
    assert message.id is not None
    text = reminder_texts.headline(message.kind)
    if message.kind in KINDS:
        text = await headline(session, office, person, message, now)
    elif message.kind == "digest":
        found = await digests.digest(session, office, person, now)
        text = reminder_texts.digest_headline(found, office.zone)
    return Say(text, reminder_texts.show_button(message.id))


def _names_a_case(office: Office, words: Say) -> bool:
    labels = (button.label for row in words.buttons for button in row)
    return any(office.references.find(plain(text)) for text in (words.text, *labels))


async def _edit(
    session: AsyncSession, office: Office, person: Person, message: OutgoingMessage, now: datetime
) -> Say | None:
    """An earlier message, changed to what has become of it."""
    if message.subject_id < 0:
        return Say(reminder_texts.reference_gone(office), replaces=-message.subject_id)
    sent = await hearing.message_by_id(session, message.subject_id)
    if sent is None or sent.message_id is None:
        return None
    if too_old_to_name(office, sent, now):
        under = Chart("kept", {}) if WITH_PICTURE in sent.reason else None
        return Say(reminder_texts.forgotten(sent.settled_at, office), picture=under, replaces=sent.message_id)
    if sent.kind == "digest" and office.today(sent.settled_at or now) != office.today(now):
        return None  # it stays that morning's
    words = await _as_it_may_be_seen(session, office, person, sent, now)
    if words is not None and sent.kind == "digest":
        words = replace(words, text=reminder_texts.as_it_stands(words.text, now, office.zone))
    if words is not None:
        return replace(words, replaces=sent.message_id)
    text = await _what_became(session, office, person, sent)
    return Say(text, replaces=sent.message_id)


def too_old_to_name(office: Office, sent: OutgoingMessage, now: datetime) -> bool:
    """Whether references have left this message, or are about to."""
    before = office.notice.retention.cut_off("references", now)
    return before is not None and sent.settled_at is not None and sent.settled_at < before


async def _what_became(session: AsyncSession, office: Office, person: Person, sent: OutgoingMessage) -> str:
    if sent.kind == "digest":
        return reminder_texts.ALL_DONE
    if sent.kind.startswith(supervision_sessions.KIND):
        planned = await sessions.session_by_id(session, sent.subject_id)
        return pack_texts.what_became(planned) if planned is not None else reminder_texts.NOTHING_LEFT
    return await what_became(session, office, person, sent) or reminder_texts.NOTHING_LEFT


async def _practice(
    session: AsyncSession, office: Office, person: Person, _message: OutgoingMessage, now: datetime
) -> Say | None:
    view = await practice.practice_view(session, office, person, now)
    return Say(practice_texts.practice(view), practice_texts.practice_buttons(view))


async def _digest(
    session: AsyncSession, office: Office, person: Person, _message: OutgoingMessage, now: datetime
) -> Say | None:
    found = await digests.digest(session, office, person, now)
    return None if found.empty else Say(*reminder_texts.digest(found, office.zone))


async def _session(
    session: AsyncSession, _office: Office, person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    planned = await sessions.session_by_id(session, message.subject_id)
    if planned is None or planned.state != "planned":
        return None
    to_manager = person.id == planned.manager_id
    other = await supervision_sessions.person_of(
        session, planned.worker_id if to_manager else planned.manager_id
    )
    return Say(*pack_texts.reminder(planned, other, to_manager=to_manager)) if other.active else None


async def _unrecorded(
    session: AsyncSession, _office: Office, person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    planned = await sessions.session_by_id(session, message.subject_id)
    if planned is None or planned.state != "planned":
        return None
    worker = await supervision_sessions.person_of(session, planned.worker_id)
    if not await supervision_sessions.records(session, person, worker):
        return None
    return Say(*pack_texts.unrecorded(planned, worker))


async def _weekly(
    session: AsyncSession, office: Office, person: Person, _message: OutgoingMessage, now: datetime
) -> Say | None:
    if not weekly.sees_boards(person):
        return None
    teams = await board.teams_in_reach(session, person)
    found = await weekly.summary(session, office, teams, now)
    return board_texts.weekly(found) if found.board.total != Figures() else None


async def _roster(
    session: AsyncSession, office: Office, person: Person, message: OutgoingMessage, now: datetime
) -> Say | None:
    if person.role != "manager" or person.team_id != message.subject_id:
        return None
    found = await rosters.roster_of(session, person, message.subject_id)
    return None if found.checked_since(rosters.month_began(office, now)) else Say(*roster_texts.roster(found))


async def _unreachable(
    session: AsyncSession, office: Office, _person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    lost = await people.person_by_id(session, message.subject_id)
    if lost is None or lost.reachable or not lost.active:
        return None
    return Say(delivery_texts.cannot_be_reached(lost, mailed=office.mails and bool(lost.email)))


async def _self_deleted(
    session: AsyncSession, _office: Office, person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    found = await deleting.to_allocate(session, message.subject_id)
    allocates = manages(person.role, "allocation")
    return Say(*deleting_texts.told(found, allocates=allocates)) if found is not None else None


async def _leave(
    session: AsyncSession, _office: Office, _person: Person, message: OutgoingMessage, _now: datetime
) -> Say | None:
    leave = await leaves.by_id(session, message.subject_id)
    if leave is None:
        return None
    view = await preferences.leave_view(session, leave)
    if message.kind == preferences.ANSWER:
        return Say(preference_texts.answer(view))
    if message.kind == preferences.COVER:
        return Say(preference_texts.cover(view)) if leave.state == "agreed" else None
    return Say(*preference_texts.ask(view)) if leave.state == "asked" else None


_RENDERERS: dict[str, Words] = {
    **DUE,
    **ABOUT_CASES,
    "digest": _digest,
    "practice": _practice,
    reaching.LOST: _unreachable,
    "weekly": _weekly,
    rosters.KIND: _roster,
    supervision_sessions.KIND: _session,
    supervision_sessions.UNRECORDED: _unrecorded,
    deleting.KIND: _self_deleted,
    preferences.ASK: _leave,
    preferences.ANSWER: _leave,
    preferences.COVER: _leave,
    **ANNOUNCEMENTS,
}
