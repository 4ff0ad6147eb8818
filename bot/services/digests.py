"""The morning digest: planned for each person's own time on their own working days, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import manages
from bot.rules.reminding import chased_from, digest_moment, working_days_late
from bot.services import chasing, editions, hours
from bot.services.agenda import Agenda, agenda
from bot.services.clocks import ClockView
from bot.services.office import Office
from bot.services.shares import ShareView, share_view
from bot.services.visiting import VISIT_KINDS
from storage import actions, hearing, leaves, outbox, people, visits
from storage.tables import EntryNotice, Heartbeat, Person

PUT_AWAY = "passed while the bot was off"
_MAY_PASS = ("clock", "action-due")
"""Kinds that a digest says as well."""
_OVERLAP = timedelta(minutes=5)


@dataclass
class Digest:
    """A morning's list. older: overdue for so long that it is only counted. away: when the bot was off."""

    agenda: Agenda
    older: int = 0
    older_actions: int = 0
    given: list[ShareView] = field(default_factory=list)
    """Late actions that this person set for others."""
    covering: list[tuple[Person, date, Agenda]] = field(default_factory=list)
    away: tuple[datetime, datetime, int] | None = None
    """From, until, and how many reminders passed meanwhile."""
    changed: list[EntryNotice] = field(default_factory=list)
    """Guidance that the person was shown or counts by, and that says something else now."""
    speaks: bool = False
    """Whether there is a reason to send it today."""

    @property
    def empty(self) -> bool:
        """Nothing at all to list."""
        counted = self.older or self.older_actions
        return self.agenda.empty and not (self.covering or self.given or counted or self.changed)


async def plan_digests(session: AsyncSession, office: Office, now: datetime, since: datetime | None) -> int:
    """The digests whose moment came after `since` (None: since midnight); returns how many are new."""
    today = office.today(now)
    due = await people.still_to_digest(session, *_minutes(office, now, since), today)
    known = await hours.times_of_people(session, office, due)
    wanted = []
    for person in due:
        assert person.id is not None
        moment = digest_moment(office.library.ladder, today, person.digest_minute, person.id, office.zone)
        new = moment <= now and person.created_at < moment and (since is None or moment > since - _OVERLAP)
        if new and known[person.id].works_on(today, office.speaking):
            wanted.append(_row(person.id, today, moment))
    return len(await outbox.plan_all(session, wanted))


def _minutes(office: Office, now: datetime, since: datetime | None) -> tuple[int, int]:
    """The first and last minute of the day that a digest due since then may have been chosen for."""
    local = now.astimezone(office.zone)
    last = local.hour * 60 + local.minute
    if since is None or office.today(since - _OVERLAP) != office.today(now):
        return 0, last
    before = (since - _OVERLAP).astimezone(office.zone)
    return before.hour * 60 + before.minute - office.library.ladder.digest_spread_seconds // 60 - 1, last


def _row(person_id: int, today: date, moment: datetime, after: str = "") -> outbox.Unasked:
    return outbox.Unasked(person_id, "digest", person_id, f"digest:{person_id}:{today}{after}", moment)


async def wake(session: AsyncSession, office: Office, now: datetime) -> int:
    """After a time in which the bot was off: what passed meanwhile is told by one digest a person.

    Called once when a process begins to lead. Returns for how many people something passed.
    """
    last = await hearing.heartbeat(session)
    if last is None or now - last.at <= timedelta(minutes=office.library.ladder.away_minutes):
        return 0
    last.away_since, last.away_until = last.at, now
    passed = set(await hearing.put_away(session, _MAY_PASS, last.at, now, PUT_AWAY))
    await _plan_after(session, office, passed, now)
    return len(passed)


async def _plan_after(session: AsyncSession, office: Office, passed: set[int], now: datetime) -> None:
    """Today's digest where it is still to come; else one more, as soon as the person may hear it."""
    today = office.today(now)
    known = await hours.times_of(session, office, passed)
    for person in await people.people_by_ids(session, sorted(passed)):
        assert person.id is not None
        usual = digest_moment(office.library.ladder, today, person.digest_minute, person.id, office.zone)
        if known[person.id].works_on(today, office.speaking) and usual > now:
            continue
        moment = known[person.id].next_hearing(now, office.speaking, office.zone)
        if office.today(moment) == today:
            told = await hearing.told_since(session, person.id, "digest", office.at(today, time(0)))
            after = f":{now.isoformat()}" if told else ""
            await outbox.plan_all(session, [_row(person.id, today, moment, after)])


async def digest(session: AsyncSession, office: Office, person: Person, now: datetime) -> Digest:
    """What a person's digest says now."""
    ladder = office.library.ladder
    found = await agenda(session, office, person, now, days_ahead=ladder.look_ahead_days)
    made = Digest(found)
    team = manages(person.role)
    late = {id(view): await _days_late(session, office, view, found.today) for view in found.overdue}
    made.older = sum(days > ladder.overdue.ends_after for days in late.values())
    found.overdue = [view for view in found.overdue if _listed(office, late, view, team=team)]
    made.older_actions = sum(chasing.has_ended(office, share, found.today) for share in found.actions)
    found.actions = [share for share in found.actions if not chasing.has_ended(office, share, found.today)]
    made.given = await _given(session, office, person, found.today)
    made.covering = await _covering(session, office, person, now)
    made.away = await _away(session, person)
    made.changed = await editions.changed_for(session, office, person, now)
    own = hours.times(office, person, await leaves.taken(session, person.id or 0))
    before = own.working_day_before(found.today, 1, office.speaking)
    since = working_days_late(before, found.today, office.speaking)
    made.speaks = bool(
        found.due_today
        or found.this_week
        or made.covering
        or made.changed
        or (made.away and made.away[2] and not made.empty)
        or any(chasing.step_since(office, late[id(view)], since) for view in found.overdue)
        or any(
            chasing.step_since(office, chasing.days_late(office, share, found.today), since)
            for share in made.given
        )
        or any(_share_speaks(office, share, found.today, since) for share in found.actions)
    )
    return made


async def _days_late(session: AsyncSession, office: Office, view: ClockView, today: date) -> int:
    """Working days for chasing; a visit that is arranged pushes them back."""
    progress = None
    if view.row is not None and set(view.row.ended_by) & set(VISIT_KINDS):
        arranged = await visits.planned_of_case(session, view.deadline.case_id)
        progress = arranged.planned_on if arranged is not None else None
    return working_days_late(chased_from(view.effective, progress), today, office.speaking)


def _listed(office: Office, late: Mapping[int, int], view: ClockView, *, team: bool) -> bool:
    overdue, days = office.library.ladder.overdue, late[id(view)]
    return days <= overdue.ends_after and (not team or days >= overdue.manager_from)


async def _given(session: AsyncSession, office: Office, person: Person, today: date) -> list[ShareView]:
    """Late actions that this person set for others, from the step on at which they come to the manager."""
    rows = await actions.overdue_of_manager(session, person.id or 0, today)
    views = [await share_view(session, *row) for row in rows]
    return [view for view in views if chasing.stands_with_manager(office, view, today)]


def _share_speaks(office: Office, view: ShareView, today: date, since: int) -> bool:
    """An action is a reason while it is unread or near, and then by the same steps as a clock."""
    ladder = office.library.ladder
    if view.action.due_on >= today:
        near = view.action.due_on <= today + timedelta(days=ladder.look_ahead_days)
        return near or view.share.acknowledged_at is None
    return chasing.step_since(office, chasing.days_late(office, view, today), since)


async def _covering(
    session: AsyncSession, office: Office, person: Person, now: datetime
) -> list[tuple[Person, date, Agenda]]:
    """What is overdue or due today for those whom this person covers."""
    found = []
    for leave, colleague in await leaves.covered_by(session, person.id or 0, office.today(now)):
        theirs = await agenda(session, office, colleague, now, days_ahead=1)
        theirs.this_week, theirs.actions = [], []
        if not theirs.empty:
            found.append((colleague, leave.until_on, theirs))
    return found


async def _away(session: AsyncSession, person: Person) -> tuple[datetime, datetime, int] | None:
    """The last time the bot was off, where this person has had no digest since."""
    last: Heartbeat | None = await hearing.heartbeat(session)
    if last is None or last.away_since is None or last.away_until is None:
        return None
    assert person.id is not None
    if await hearing.told_since(session, person.id, "digest", last.away_until):
        return None
    count = await hearing.put_away_for(session, person.id, PUT_AWAY, last.away_until)
    return last.away_since, last.away_until, count
