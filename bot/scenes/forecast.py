"""When the bot will next speak up unasked: what the demonstration's clock can step to."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.reminding import Times, digest_moment
from bot.services import hours, practice, weekly
from bot.services.office import Office
from storage import actions, people
from storage.actions import OPEN
from storage.database import Database
from storage.tables import ActionRecipient, Case, Deadline, OutgoingMessage, Person

_DIGEST_LOOKS_AHEAD = timedelta(days=7)


async def next_moment(database: Database, office: Office, now: datetime) -> datetime | None:
    """The soonest moment after now; when it comes there may be nothing left to say after all."""
    async with database.transaction() as session:
        everybody = await people.everybody(session)
        moments = [
            await _soonest_planned(session, now),
            *await _actions_due(session, office),
            *_practice_digests(office, everybody, now),
            *await _weekly_summaries(session, office, everybody, now),
            *await _digests(session, office, everybody, now),
        ]
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


async def _soonest_planned(session: AsyncSession, now: datetime) -> datetime | None:
    planned = select(func.min(OutgoingMessage.not_before)).where(
        col(OutgoingMessage.state) == "planned", col(OutgoingMessage.not_before) > now
    )
    return (await session.exec(planned)).one()


async def _actions_due(session: AsyncSession, office: Office) -> list[datetime]:
    """On the day, and the working day before: each person's own times are known when the day comes."""
    ladder = office.library.ladder
    return [
        moment
        for day in await actions.open_days(session)
        for moment in (
            office.at(office.speaking.back(day, 1), ladder.before_at),
            office.at(day, ladder.on_the_day_at),
        )
    ]


async def _first_day_with_news(session: AsyncSession, today: date) -> date | None:
    """The first day on which a digest has something in it, None when nothing is open."""
    if (await session.exec(select(ActionRecipient).where(col(ActionRecipient.state).in_(OPEN)))).first():
        return today
    soonest = await session.exec(select(func.min(Deadline.due_on)).where(Deadline.state == "open"))
    due = soonest.one()
    return max(today, due - _DIGEST_LOOKS_AHEAD) if due is not None else None


async def _digests(
    session: AsyncSession, office: Office, everybody: Sequence[Person], now: datetime
) -> list[datetime]:
    """The next digests: for people with the same time, when the last of them has theirs."""
    first = await _first_day_with_news(session, office.today(now))
    if first is None:
        return []
    known = await hours.times_of_people(session, office, everybody)
    last: dict[tuple[int, date], datetime] = {}
    for person in everybody:
        moment = _next_digest(office, person, known[person.id or 0], first, now)
        together = (person.digest_minute, moment.date())
        last[together] = max(moment, last.get(together, moment))
    return list(last.values())


def _next_digest(office: Office, person: Person, times: Times, first: date, now: datetime) -> datetime:
    ladder, day = office.library.ladder, office.speaking.on_or_after(first)
    while True:
        moment = digest_moment(ladder, day, person.digest_minute, person.id or 0, office.zone)
        if moment > now and times.works_on(day, office.speaking):
            return moment
        day = office.speaking.forward(day, 1)


async def _weekly_summaries(
    session: AsyncSession, office: Office, everybody: Iterable[Person], now: datetime
) -> list[datetime]:
    """This week's and next week's, where there is a manager and a case."""
    if not any(map(weekly.sees_boards, everybody)) or not (await session.exec(select(Case))).first():
        return []
    monday = weekly.monday_of(office.today(now))
    return [
        office.at(weekly.summary_day(office.speaking, day), weekly.SUMMARY_AT)
        for day in (monday, monday + timedelta(weeks=1))
    ]


def _practice_digests(office: Office, everybody: Iterable[Person], now: datetime) -> Iterator[datetime]:
    """This month's and next month's."""
    if any(person.role == "practice-lead" for person in everybody):
        this_month = office.today(now).replace(day=1)
        for month in (this_month, (this_month + timedelta(days=31)).replace(day=1)):
            yield office.at(practice.digest_day(office, month), practice.DIGEST_AT)
