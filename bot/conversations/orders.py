"""When a court order ends: read off the sealed order and typed in, at once or later."""

from bot.conversations.engine import Draft, Flow, Step, Talk
from bot.conversations.steps import kept_day
from bot.rules.dates import parse_moment
from bot.rules.deadlines import Moment
from bot.rules.events import EVENTS
from bot.services import happenings
from bot.texts import happenings as texts
from bot.texts.html import bold
from bot.texts.reply import Reply, Say

NOT_AT_HAND = "not-at-hand"


def which_end(*, may_wait: bool = True) -> Step:
    """The order's end, asked of an order alone. may_wait: it may be given later."""

    async def ask(talk: Talk, _draft: Draft) -> Say:
        later = ((talk.choice("I haven't the order yet", NOT_AT_HAND),),) if may_wait else ()
        words = " As the sealed order says: a date, or with its time, like 4/12/2026 14:00."
        return Say(bold("When does the order end?") + words, later)

    async def take(talk: Talk, draft: Draft, given: str) -> str:
        if may_wait and given.strip().lower() in (NOT_AT_HAND, "i haven't the order yet"):
            return ""
        made, _ = kept_day(str(draft["day"]))
        day, clock = parse_moment(given, talk.office.today(talk.now), "future")
        ends = talk.office.at(day, clock) if clock is not None else day
        happenings.check_end(made, day, ends)
        return ends.isoformat()

    return Step("ends", ask, take, _is_order)


def _is_order(draft: Draft) -> bool:
    kind = EVENTS.get(str(draft.get("kind")))
    return kind is not None and kind.sealed_end


def kept_end(draft: Draft) -> Moment | None:
    """What which_end kept: a moment, a day, or None for later."""
    if not draft.get("ends"):
        return None
    day, moment = kept_day(str(draft["ends"]))
    return moment or day


async def _set_end(talk: Talk, draft: Draft) -> list[Reply]:
    ends = kept_end(draft)
    assert ends is not None
    result = await happenings.set_end(
        talk.session, talk.office, talk.person, int(draft["event"]), ends, talk.now
    )
    today = talk.office.today(talk.now)
    warning = happenings.too_long(talk.office, result.event)
    text = texts.end_set(result, ends, today, talk.office.zone)
    return [Say(f"{text}\n{bold(warning)}" if warning else text, texts.recorded_buttons(result))]


ORDER_END = Flow("order-end", (which_end(may_wait=False),), _set_end)
