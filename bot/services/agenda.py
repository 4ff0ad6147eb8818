"""What is due for a person: overdue, today, this week, and their actions."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import reach
from bot.services import clocks, supervision
from bot.services.casework import scope_of
from bot.services.office import Office
from storage import actions, cases
from storage.tables import Person


@dataclass
class Agenda:
    """Open clocks by when they are due, and actions still to do. today is the office's day."""

    today: date
    overdue: list[clocks.ClockView] = field(default_factory=list)
    due_today: list[clocks.ClockView] = field(default_factory=list)
    this_week: list[clocks.ClockView] = field(default_factory=list)
    actions: list[supervision.ShareView] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """True when there is nothing to say."""
        return not (self.overdue or self.due_today or self.this_week or self.actions)


async def agenda(
    session: AsyncSession, office: Office, person: Person, now: datetime, days_ahead: int = 7
) -> Agenda:
    """What this person has open: a worker's own cases, a manager's team."""
    today = office.today(now)
    found = Agenda(today)
    if reach(person.role, "cases") != "none":
        rows = await cases.open_deadlines(session, scope_of(person), today + timedelta(days=days_ahead))
        for deadline, case in rows:
            _place(found, await clocks.view(session, office, deadline, case), now)
    assert person.id is not None
    for share, action in await actions.open_shares_of_person(session, person.id):
        found.actions.append(await supervision.share_view(session, share, action))
    return found


def _place(found: Agenda, view: clocks.ClockView, now: datetime) -> None:
    deadline = view.deadline
    past = deadline.due_at < now if deadline.due_at is not None else view.effective < found.today
    if past:
        if view.ours:
            found.overdue.append(view)
    elif (deadline.do_by if deadline.extended_to is None else view.effective) <= found.today:
        found.due_today.append(view)
    else:
        found.this_week.append(view)
