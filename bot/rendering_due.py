"""What is due and can't wait for a digest: clocks and actions that fall together are one message."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rendering_actions import Words
from bot.services import chasing, clocks
from bot.services.office import Office
from bot.services.shares import ShareView, share_view
from bot.texts import action_cards as cards
from bot.texts import clocks as clock_texts
from bot.texts import reminders as texts
from bot.texts.reply import Say
from storage import actions, cases, hearing
from storage.tables import OutgoingMessage, Person

CLOCK = "clock"
KINDS = (CLOCK, chasing.KIND)
_NEW = "action-new"


async def due(
    session: AsyncSession, office: Office, person: Person, message: OutgoingMessage, now: datetime
) -> Say | None:
    """A card for one, a line and a button for each of several; None where all is done."""
    views, today = await open_clocks(session, office, message), office.today(now)
    shares = await _open_shares(session, person, message)
    if len(views) == 1 and not shares:
        text = clock_texts.clock_card(views[0], today, office.zone, office.library)
        return Say(text, clock_texts.clock_buttons(views[0], office.library))
    if not views:
        return Say(cards.due(shares, today), cards.due_buttons(shares)) if shares else None
    return Say(*texts.bundle(views, shares, today, office.zone))


async def headline(
    session: AsyncSession, office: Office, person: Person, message: OutgoingMessage, now: datetime
) -> str:
    """The same for a lock screen: how many, and when."""
    views, shares = await open_clocks(session, office, message), await _open_shares(session, person, message)
    return texts.due_headline(views, shares, office.today(now), office.zone)


async def what_became(session: AsyncSession, office: Office, person: Person, sent: OutgoingMessage) -> str:
    """What a message, also of a new action, says once all of it is over; empty where nothing is known."""
    lines = [texts.closed(await _clocks(session, office, sent), discreet=person.discreet)]
    for view in await _shares(session, sent):
        if view.share.done_at is not None:
            named = office.references.find(view.action.what) is not None
            day = office.today(view.share.done_at)
            lines.append(texts.action_closed(view, day, discreet=person.discreet and named))
    return "\n".join(filter(None, lines))


async def open_clocks(
    session: AsyncSession, office: Office, message: OutgoingMessage
) -> list[clocks.ClockView]:
    """Those of the clocks it is about that still run."""
    return [view for view in await _clocks(session, office, message) if view.deadline.state == "open"]


async def _clocks(session: AsyncSession, office: Office, message: OutgoingMessage) -> list[clocks.ClockView]:
    found = []
    for subject_id in await hearing.subjects(session, message, CLOCK):
        deadline = await cases.deadline_by_id(session, subject_id)
        if deadline is not None:
            found.append(await clocks.view(session, office, deadline))
    return found


async def _open_shares(session: AsyncSession, person: Person, message: OutgoingMessage) -> list[ShareView]:
    found = await _shares(session, message)
    return [view for view in found if view.share.state in actions.OPEN and view.worker.id == person.id]


async def _shares(session: AsyncSession, message: OutgoingMessage) -> list[ShareView]:
    found = []
    alone = message.kind == _NEW
    ids = [message.subject_id] if alone else await hearing.subjects(session, message, chasing.KIND)
    for subject_id in ids:
        share = await actions.share_by_id(session, subject_id)
        if share is not None:
            found.append(await share_view(session, *share))
    return found


DUE: dict[str, Words] = dict.fromkeys(KINDS, due)
