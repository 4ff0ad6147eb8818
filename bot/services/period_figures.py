"""Answers by period for an administrator: figures for a freedom of information request, counts alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import ROLES
from bot.rules.broadcasts import CLASSES
from bot.rules.dates import show_date
from bot.rules.disclosure import SMALLEST, Group, disclosed
from bot.rules.errors import NotFound
from bot.rules.events import EVENTS
from bot.rules.retention import KindName
from bot.rules.supervision import KINDS as ACTION_KINDS
from bot.services.auditing import note
from bot.services.office import Office
from bot.services.own_data import OwnData, Period, gather
from storage import people, periods

_SEEN: Mapping[str, str] = {"alone": "seen alone", "seen": "seen, not alone", "not-seen": "not seen"}
OTHERS = "others"
_STATUSES = ("answer", "choices", "none", "urgent")


@dataclass(frozen=True)
class Figures:
    """What may be given for a period."""

    period: Period
    made_at: datetime
    groups: tuple[Group, ...]


async def figures(session: AsyncSession, office: Office, period: Period, now: datetime) -> Figures:
    """The figures of a period, small counts hidden; a line in the audit trail says that they were taken."""
    since, until = moments_of(office, period)

    async def kinds(what: str, known: Mapping[str, str]) -> dict[str, int]:
        found = await periods.by_kind(session, what, since, until)
        others = sum(count for kind, count in found.items() if kind not in known)
        return {title: found.get(kind, 0) for kind, title in known.items()} | {OTHERS: others}

    seen = await periods.visits(session, period.first, period.last)
    single = {
        what: await periods.moments(session, what, since, until)
        for what in ("cases opened", "cases closed", "actions closed")
    }
    statuses, roles = {one: one for one in _STATUSES}, {str(one): str(one) for one in ROLES}
    sent = often(await periods.by_kind(session, "messages", since, until))
    groups = (
        *(disclosed(what.capitalize(), {what: count}) for what, count in single.items()),
        disclosed("Events recorded", await kinds("events", {k: e.title for k, e in EVENTS.items()})),
        disclosed("Visits", {title: seen.get(kind, 0) for kind, title in _SEEN.items()}),
        *await _clocks(session, office, period),
        disclosed("Actions set", await kinds("actions", ACTION_KINDS)),
        disclosed("Announcements sent", await kinds("announcements", {one: one for one in CLASSES})),
        disclosed("People who joined", await kinds("joined", roles)),
        disclosed(
            "Questions asked", await kinds("questions", statuses), _missing(office, "questions", since, now)
        ),
        disclosed("Messages sent", sent, _missing(office, "sent", since, now)),
    )
    await note(session, None, "exported figures", f"{period.first} to {period.last}", now)
    return Figures(period, now, groups)


async def of_person(
    session: AsyncSession, office: Office, person_id: int, period: Period, now: datetime
) -> OwnData:
    """Everything about one person in a period, for an administrator who answers them; NotFound."""
    person = await people.person_by_id(session, person_id)
    if person is None:
        raise NotFound(f"There is no person {person_id}. driftless audit export names people by number.")
    found = await gather(session, office, person, now, period)
    await note(session, None, "exported a person's data", f"person {person_id}", now)
    return found


def moments_of(office: Office, period: Period) -> tuple[datetime, datetime]:
    """The first moment of the period and the first after it."""
    return office.at(period.first, time(0)), office.at(period.last + timedelta(days=1), time(0))


async def _clocks(session: AsyncSession, office: Office, period: Period) -> list[Group]:
    """What became of the council's own clocks that ran out in the period.

    A timescale stands for itself where one of its counts is no small one; all others are added up.
    """
    found = await periods.clocks(session, period.first, period.last)
    groups, rest = [], dict.fromkeys(periods.OUTCOMES, 0)
    for timescale, counts in sorted(found.items()):
        row = office.library.book.find(timescale)
        if row is None or row.actor != "council":
            continue
        if max(counts.values()) >= SMALLEST:
            groups.append(disclosed(f"Clocks that ran out: {row.title}", counts))
        else:
            rest = {outcome: rest[outcome] + count for outcome, count in counts.items()}
    return [*groups, disclosed(f"Clocks that ran out: {OTHERS}", rest)]


def often(counts: Mapping[str, int]) -> dict[str, int]:
    """The kinds that are no small counts, and the others as one: what is named at all tells nothing."""
    named = {kind: count for kind, count in sorted(counts.items()) if count >= SMALLEST}
    return named | {OTHERS: sum(counts.values()) - sum(named.values())}


def _missing(office: Office, kind: KindName, since: datetime, now: datetime) -> str:
    """That a part of the period is no longer kept."""
    before = office.notice.retention.cut_off(kind, now)
    if before is None or before <= since:
        return ""
    return f"kept only since {show_date(office.today(before))}"
