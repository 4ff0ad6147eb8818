"""A person's own choices about reminders, and their leave with somebody who covers."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import manages, require
from bot.rules.errors import NotFound, Refusal, Stale
from bot.services import clocks, hours
from bot.services.auditing import note
from bot.services.caseload import team_ids_in_reach
from bot.services.office import Office
from storage import leaves, outbox, people
from storage.tables import Leave, Person

ASK, ANSWER, COVER = "leave-asked", "leave-answered", "leave-cover"


@dataclass(frozen=True)
class LeaveView:
    """A leave with the people in it."""

    leave: Leave
    person: Person
    cover: Person | None


@dataclass(frozen=True)
class Preferences:
    """What /settings shows. digest, quiet_from, quiet_to: minutes after midnight."""

    person: Person
    digest: int
    quiet_from: int
    quiet_to: int
    work_days: int
    discreet: bool
    leave: LeaveView | None


async def preferences(session: AsyncSession, office: Office, person: Person) -> Preferences:
    """The person's choices, with the council's where they made none."""
    own = hours.times(office, person)
    leave = await leaves.latest(session, person.id or 0)
    return Preferences(
        person=person,
        digest=person.digest_minute,
        quiet_from=own.quiet_from.hour * 60 + own.quiet_from.minute,
        quiet_to=own.quiet_to.hour * 60 + own.quiet_to.minute,
        work_days=person.work_days,
        discreet=person.discreet,
        leave=await leave_view(session, leave) if leave is not None else None,
    )


async def leave_view(session: AsyncSession, leave: Leave) -> LeaveView:
    """A leave with its person and cover."""
    person = await people.person_by_id(session, leave.person_id)
    assert person is not None
    cover = await people.person_by_id(session, leave.cover_id) if leave.cover_id is not None else None
    return LeaveView(leave, person, cover)


async def set_times(
    session: AsyncSession,
    office: Office,
    person: Person,
    now: datetime,
    *,
    quiet: tuple[int, int] | None = None,
    work_days: int | None = None,
) -> None:
    """Keeps quiet hours or working days, and moves the reminders ahead with them."""
    if quiet is not None:
        person.quiet_from, person.quiet_to = quiet
    if work_days is not None:
        if not work_days:
            raise Refusal("At least one day, please: on the others I stay quiet.")
        person.work_days = work_days
    await session.flush()
    await clocks.retime(session, office, person, now)
    await note(session, person.id, "changed times", f"person {person.id}", now)


async def colleagues(session: AsyncSession, person: Person) -> list[Person]:
    """Who could cover: the others of the team who have joined and hold cases."""
    team = await people.people_of_team(session, person.team_id, "worker", "manager")
    return [other for other in team if other.id != person.id and other.telegram_id is not None]


async def ask_leave(
    session: AsyncSession,
    office: Office,
    person: Person,
    first: date,
    last: date,
    cover: Person | None,
    now: datetime,
) -> Leave:
    """Asks the managers for leave with this cover; a manager's own is agreed at once."""
    manager = manages(person.role, "decisions")
    managers = await people.people_of_team(session, person.team_id, "manager")
    if not managers and not manager:
        raise Refusal("No manager of your team has joined yet, and leave needs a manager's yes.")
    before = await leaves.latest(session, person.id or 0)
    if before is not None:
        before.state = "ended"
    leave = Leave(
        person_id=person.id or 0,
        cover_id=cover.id if cover is not None else None,
        starts_on=first,
        until_on=last,
        created_at=now,
    )
    session.add(leave)
    await session.flush()
    await note(session, person.id, "asked for leave", f"leave {leave.id}", now)
    if manager:
        await _agree(session, office, person, leave, now)
        return leave
    wanted = [_row(other, ASK, leave, now) for other in managers if other.id is not None]
    await outbox.plan_all(session, wanted)
    return leave


def _row(to: Person, kind: str, leave: Leave, now: datetime) -> outbox.Unasked:
    urgency = "urgent" if kind == ANSWER else "normal"  # it must not wait until they are back
    return outbox.Unasked(to.id or 0, kind, leave.id or 0, f"{kind}:{leave.id}:{to.id}", now, urgency)


async def _agree(session: AsyncSession, office: Office, by: Person, leave: Leave, now: datetime) -> None:
    leave.state, leave.decided_by = "agreed", by.id
    await session.flush()
    view = await leave_view(session, leave)
    if view.cover is not None:
        await outbox.plan_all(session, [_row(view.cover, COVER, leave, now)])
    await clocks.retime(session, office, view.person, now)


async def decide_leave(
    session: AsyncSession, office: Office, manager: Person, leave_id: int, *, agreed: bool, now: datetime
) -> LeaveView:
    """A manager within whose reach the person is agrees or declines; the person and the cover are told."""
    require(manager.role, "decisions")
    reached = await team_ids_in_reach(session, manager, "decisions")
    leave = await leaves.by_id(session, leave_id)
    person = await people.person_by_id(session, leave.person_id) if leave is not None else None
    if leave is None or person is None or person.team_id not in reached:
        raise NotFound("That request isn't there any more.")
    if leave.state != "asked":
        raise Stale(f"That was {leave.state} already.")
    if agreed:
        await _agree(session, office, manager, leave, now)
    else:
        leave.state, leave.decided_by = "declined", manager.id
    await outbox.plan_all(session, [_row(person, ANSWER, leave, now)])
    await note(session, manager.id, f"leave {leave.state}", f"leave {leave.id}", now)
    return await leave_view(session, leave)


async def end_leave(session: AsyncSession, office: Office, person: Person, now: datetime) -> bool:
    """The person is back, or stays after all; False where they were not away."""
    leave = await leaves.latest(session, person.id or 0)
    if leave is None:
        return False
    leave.state = "ended"
    await session.flush()
    await clocks.retime(session, office, person, now)
    await note(session, person.id, "ended leave", f"leave {leave.id}", now)
    return True
