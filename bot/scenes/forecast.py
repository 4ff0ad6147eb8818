"""When the bot will next speak up unasked: what the demonstration's clock can step to."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services import practice, supervision
from bot.services.office import Office
from storage import people
from storage.database import Database
from storage.tables import ActionRecipient, Deadline, OutgoingMessage, Person


async def next_moment(database: Database, office: Office, now: datetime) -> datetime | None:
    """The soonest moment after now; when it comes there may be nothing left to say after all."""
    async with database.transaction() as session:
        moments = [await _soonest_planned(session, now)]
        moments += [_next_month(office, now)] if await _has_practice_lead(session) else []
        if await _is_anything_open(session):
            moments += _next_rounds(office, now, await people.everybody(session))
    return min((moment for moment in moments if moment is not None), default=None)


async def _soonest_planned(session: AsyncSession, now: datetime) -> datetime | None:
    planned = select(func.min(OutgoingMessage.not_before)).where(
        col(OutgoingMessage.state) == "planned", col(OutgoingMessage.not_before) > now
    )
    return (await session.exec(planned)).one()


async def _has_practice_lead(session: AsyncSession) -> bool:
    return any(person.role == "practice-lead" for person in await people.everybody(session))


async def _is_anything_open(session: AsyncSession) -> bool:
    """Without an open clock or action no digest has anything to say."""
    clock = await session.exec(select(Deadline.id).where(Deadline.state == "open").limit(1))
    action = await session.exec(
        select(ActionRecipient.id).where(col(ActionRecipient.done_at).is_(None)).limit(1)
    )
    return clock.first() is not None or action.first() is not None


def _next_rounds(office: Office, now: datetime, everybody: list[Person]) -> Iterator[datetime]:
    """Digests and chased actions come on working days at their set times."""
    minutes = {person.digest_minute for person in everybody}
    times = {time(*divmod(minute, 60)) for minute in minutes} | {supervision.CHASE_AT}
    for at in times:
        yield next(moment for day in _working_days(office, now) if (moment := office.at(day, at)) > now)


def _working_days(office: Office, now: datetime) -> Iterator[date]:
    day = office.calendar.on_or_after(office.today(now))
    while True:
        yield day
        day = office.calendar.forward(day, 1)


def _next_month(office: Office, now: datetime) -> datetime:
    """The practice lead's digest: once a month."""
    today = office.today(now)
    moment = office.at(practice.digest_day(office, today), practice.DIGEST_AT)
    if moment > now:
        return moment
    later = today.replace(day=1) + timedelta(days=32)
    return office.at(practice.digest_day(office, later), practice.DIGEST_AT)
