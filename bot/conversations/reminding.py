"""Flows about reminders: digest time, quiet hours, leave with cover, a snooze to a day or with a reason."""

from datetime import date, datetime

from bot.conversations.engine import Draft, Flow, Step, Talk
from bot.rules.dates import parse_moment
from bot.rules.errors import NotFound, Refusal
from bot.rules.preferences import parse_away, parse_digest, parse_quiet
from bot.rules.supervision import check_words
from bot.services import casework, closing, preferences
from bot.texts import clocks as clock_texts
from bot.texts import preferences as texts
from bot.texts.html import bold
from bot.texts.reply import Reply, Say, rows

_NOBODY = "nobody"


async def settings_shown(talk: Talk) -> Say:
    """All settings with their buttons."""
    found = await preferences.preferences(talk.session, talk.office, talk.person)
    return Say(texts.settings(found), texts.settings_buttons(found))


async def _ask_digest(talk: Talk, _draft: Draft) -> Say:
    usual = ("07:30", "08:00", "08:30", "09:00", "09:30", "10:00")
    choices = rows(*(talk.choice(at, at) for at in usual), wide=3)
    return Say(f"{bold('When should the digest come?')} Tap one, or type a time.", choices)


async def _take_digest(_talk: Talk, _draft: Draft, given: str) -> int:
    return parse_digest(given)


async def _set_digest(talk: Talk, draft: Draft) -> list[Reply]:
    talk.person.digest_minute = int(draft["minute"])
    return [await settings_shown(talk)]


DIGEST = Flow("digest-time", (Step("minute", _ask_digest, _take_digest),), _set_digest)


async def _ask_quiet(talk: Talk, _draft: Draft) -> Say:
    usual = ("17:00-08:00", "18:00-08:00", "20:00-07:00")
    choices = (*rows(*(talk.choice(span, span) for span in usual), wide=3), (talk.choice("None", "none"),))
    return Say(f"{bold('When should I be quiet?')} Tap one, or type like 18:00-08:00.", choices)


async def _take_quiet(_talk: Talk, _draft: Draft, given: str) -> list[int]:
    return list(parse_quiet(given))


async def _set_quiet(talk: Talk, draft: Draft) -> list[Reply]:
    start, end = draft["quiet"]
    await preferences.set_times(talk.session, talk.office, talk.person, talk.now, quiet=(start, end))
    return [await settings_shown(talk)]


QUIET = Flow("quiet-hours", (Step("quiet", _ask_quiet, _take_quiet),), _set_quiet)


async def _ask_until(_talk: Talk, _draft: Draft) -> Say:
    return Say(f"{bold('Until when are you away?')} Type a date like 12 Dec, or: 7 Dec until 12 Dec.")


async def _take_until(talk: Talk, _draft: Draft, given: str) -> list[str]:
    return [day.isoformat() for day in parse_away(given, talk.office.today(talk.now))]


async def _ask_cover(talk: Talk, _draft: Draft) -> Say:
    names = [other.name for other in await preferences.colleagues(talk.session, talk.person)][:8]
    choices = rows(*(talk.choice(name, name[:24]) for name in names), wide=2)
    return Say(
        f"{bold('Who covers for you?')} They get what is due meanwhile.",
        (*choices, (talk.choice("Nobody", _NOBODY),)),
    )


async def _take_cover(talk: Talk, _draft: Draft, given: str) -> int:
    wanted = given.strip().casefold()
    if wanted == _NOBODY:
        return 0
    others = await preferences.colleagues(talk.session, talk.person)
    found = [other for other in others if wanted in (other.name.casefold(), other.name[:24].casefold())]
    if len(found) != 1:
        names = ", ".join(other.name for other in others) or "nobody else has joined yet"
        raise Refusal(f"I don't find “{given.strip()[:30]}” in your team. In it: {names}. Or: nobody.")
    return found[0].id or 0


async def _ask_for_leave(talk: Talk, draft: Draft) -> list[Reply]:
    first, last = (date.fromisoformat(day) for day in draft["until"])
    others = await preferences.colleagues(talk.session, talk.person)
    cover = next((other for other in others if other.id == draft["cover"]), None)
    if draft["cover"] and cover is None:
        raise NotFound("That colleague isn't in your team any more. Start again with /away.")
    leave = await preferences.ask_leave(talk.session, talk.office, talk.person, first, last, cover, talk.now)
    return [Say(texts.asked(await preferences.leave_view(talk.session, leave)))]


AWAY = Flow(
    "away", (Step("until", _ask_until, _take_until), Step("cover", _ask_cover, _take_cover)), _ask_for_leave
)


async def _ask_snooze(_talk: Talk, _draft: Draft) -> Say:
    return Say(f"{bold('Remind you when?')} Type a day, or a day and time: Thu, 12 Dec, tomorrow 14:30.")


async def _take_snooze(talk: Talk, draft: Draft, given: str) -> str:
    day, at = parse_moment(given, talk.office.today(talk.now), "future")
    wanted = talk.office.at(day, at or talk.office.library.ladder.on_the_day_at)
    deadline, _ = await casework.deadline_within_reach(talk.session, talk.person, int(draft["deadline"]))
    until = await closing.snooze_until(talk.session, talk.office, talk.person, deadline, wanted, talk.now)
    draft["often"] = closing.snooze_needs_reason(talk.office, deadline)
    return until.isoformat()


async def _ask_reason(_talk: Talk, _draft: Draft) -> Say:
    return Say(bold("You have put this off before. What stands in the way?") + " A few words, no names.")


async def _take_reason(_talk: Talk, _draft: Draft, given: str) -> str:
    words = check_words(given)
    if len(words) < 5:
        raise Refusal("A few words, please: they are kept with the clock.")
    return words


async def _snooze(talk: Talk, draft: Draft) -> list[Reply]:
    deadline, _ = await casework.deadline_within_reach(talk.session, talk.person, int(draft["deadline"]))
    until = datetime.fromisoformat(str(draft["until"]))
    reason = str(draft.get("reason", ""))
    await closing.snooze(talk.session, talk.person, deadline, until, talk.now, reason)
    return [Say(clock_texts.snoozed(until, talk.office.zone, deadline))]


SNOOZE = Flow(
    "snooze",
    (
        Step("until", _ask_snooze, _take_snooze),
        Step("reason", _ask_reason, _take_reason, lambda draft: bool(draft.get("often", True))),
    ),
    _snooze,
)
