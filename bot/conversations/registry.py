"""All flows, by name."""

from bot.conversations import (
    action_changes,
    actions,
    announcing,
    cases,
    changes,
    importing,
    leaving,
    reminding,
    sessions,
)
from bot.conversations.engine import Flows

FLOWS = Flows(
    cases.NEW_CASE,
    cases.CASE,
    cases.EVENT,
    cases.VISIT,
    cases.START_CLOCK,
    cases.DONE,
    cases.CHECKLIST,
    actions.ACTION,
    *action_changes.FLOWS_ON_ACTIONS,
    *announcing.FLOWS_ON_ANNOUNCEMENTS,
    changes.CORRECT,
    changes.EXTEND,
    changes.NOT_NEEDED,
    changes.PLAN_VISIT,
    changes.FREQUENCY,
    changes.FAMILY,
    changes.HANDOVER,
    changes.CLOSE,
    importing.IMPORT,
    leaving.LEAVER,
    sessions.SESSION_HELD,
    sessions.SESSION_PLAN,
    reminding.DIGEST,
    reminding.QUIET,
    reminding.AWAY,
    reminding.SNOOZE,
)
