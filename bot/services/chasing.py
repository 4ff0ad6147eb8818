"""Actions that can't wait for a digest: a message before their day and on it; what is late, for whom."""

from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.reminding import day_rungs, speaks_late, working_days_late
from bot.services.hours import times_of
from bot.services.office import Office
from bot.services.shares import ShareView
from storage import actions, outbox
from storage.tables import Action, OutgoingMessage

KIND = "action-due"
_AHEAD = timedelta(days=62)
"""Far enough for any council's "before", through holidays and leave."""


def kind_of(action_kind: str) -> str:
    """What [[kinds]] in reminding.toml matches for an action."""
    return f"action-{action_kind}"


async def plan_today(session: AsyncSession, office: Office, now: datetime, since: datetime | None) -> int:
    """At the first tick of a day: the day's messages about actions that are due soon; returns how many.

    since: when something was planned before. What was set today was told today, and isn't pushed again.
    """
    today, ladder = office.today(now), office.library.ladder
    if since is not None and office.today(since) == today:
        return 0
    due = await actions.open_due(session, today, today + _AHEAD, office.at(today, time(0)))
    known = await times_of(session, office, {one.person_id for one in due})
    wanted = [
        outbox.Unasked(
            one.person_id,
            KIND,
            one.share_id,
            f"{KIND}:{one.share_id}:{one.person_id}:{one.due_on}:{rung.stage}",
            rung.moment,
        )
        for one in due
        for rung in day_rungs(
            ladder,
            kind_of(one.kind),
            one.due_on,
            one.due_on,
            known[one.person_id],
            office.speaking,
            office.zone,
        )
        if office.today(rung.moment) == today
    ]
    return len(await outbox.plan_all(session, wanted))


def has_passed(office: Office, action: Action, message: OutgoingMessage, now: datetime) -> bool:
    """Whether such a message comes too late, or after its day: the digest says it."""
    late = now - message.not_before > timedelta(hours=office.library.ladder.push_holds_hours)
    return late or action.due_on < office.today(now)


def days_late(office: Office, view: ShareView, today: date) -> int:
    """Working days for chasing; an acknowledgement pushes them back, and is not done."""
    late = working_days_late(view.action.due_on, today, office.speaking)
    return late - (office.library.ladder.overdue.progress_adds if view.share.acknowledged_at else 0)


def step_since(office: Office, late: int, days: int) -> bool:
    """Whether a step of the ladder fell within the last so many working days: since the person's last one."""
    return any(speaks_late(office.library.ladder.overdue, late - back) for back in range(max(1, days)))


def has_ended(office: Office, view: ShareView, today: date) -> bool:
    """Late for so long that it is only counted."""
    return days_late(office, view, today) > office.library.ladder.overdue.ends_after


def stands_with_manager(office: Office, view: ShareView, today: date) -> bool:
    """Late enough, and not for too long, to stand in the digest of the manager who set it."""
    overdue = office.library.ladder.overdue
    return overdue.manager_from <= days_late(office, view, today) <= overdue.ends_after
