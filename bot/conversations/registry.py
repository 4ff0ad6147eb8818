"""All flows, by name."""

from bot.conversations import actions, cases
from bot.conversations.engine import Flows

FLOWS = Flows(
    cases.NEW_CASE,
    cases.CASE,
    cases.EVENT,
    cases.VISIT,
    cases.START_CLOCK,
    cases.DONE,
    actions.ACTION,
    actions.ACTION_DONE,
)
