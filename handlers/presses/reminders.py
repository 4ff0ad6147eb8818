"""Buttons of what came unasked."""

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.conversations.reminding import settings_shown
from bot.rendering import reveal, too_old_to_name
from bot.rules.errors import NotFound, Stale
from bot.rules.preferences import DAYS
from bot.services import preferences
from bot.texts import preferences as preference_texts
from bot.texts import reminders as texts
from bot.texts.reply import Edit, Reply, Toast
from handlers.presses.parsing import Press, id_of
from storage import hearing


async def _show(talk: Talk, rest: list[str]) -> list[Reply]:
    """Opens a discreet message in place, as things stand now."""
    row = await hearing.message_by_id(talk.session, id_of(rest[0]))
    if row is None or row.person_id != talk.person.id:
        raise NotFound("That message isn't there any more.")
    if too_old_to_name(talk.office, row, talk.now):
        return [Toast(texts.forgotten(row.settled_at, talk.office), alert=True)]
    words = await reveal(talk.session, talk.office, talk.person, row, talk.now)
    if words is None:
        return [Toast("That is done already."), Edit(texts.NOTHING_LEFT)]
    return [words] if words.picture is not None else [Edit(words.text, words.buttons)]


async def _set(talk: Talk, rest: list[str]) -> list[Reply]:
    """A button of /settings."""
    match rest[0]:
        case "digest":
            return await FLOWS.start(talk, "digest-time")
        case "quiet":
            return await FLOWS.start(talk, "quiet-hours")
        case "leave":
            return await FLOWS.start(talk, "away")
        case "back":
            await preferences.end_leave(talk.session, talk.office, talk.person, talk.now)
        case "days":
            return [_days(talk)]
        case "day":
            await _set_day(talk, id_of(rest[1]), on=rest[2] == "1")
            return [_days(talk)]
        case "discreet":
            talk.person.discreet = rest[1] == "1"
    shown = await settings_shown(talk)
    return [Edit(shown.text, shown.buttons)]


async def _set_day(talk: Talk, number: int, *, on: bool) -> None:
    if number >= len(DAYS):
        raise Stale("That choice isn't offered any more.")
    bits = talk.person.work_days & ~(1 << number) | on << number
    await preferences.set_times(talk.session, talk.office, talk.person, talk.now, work_days=bits)


def _days(talk: Talk) -> Edit:
    bits = talk.person.work_days
    return Edit(preference_texts.which_days(bits), preference_texts.day_buttons(bits))


async def _decide_leave(talk: Talk, rest: list[str]) -> list[Reply]:
    agreed = rest[1] == "y"
    view = await preferences.decide_leave(
        talk.session, talk.office, talk.person, id_of(rest[0]), agreed=agreed, now=talk.now
    )
    said = "Agreed" if agreed else "Declined"
    return [Toast(said), Edit(f"{said}. {preference_texts.ask(view)[0]}")]


VERBS: dict[str, Press] = {"show": _show, "set": _set, "lv": _decide_leave}
