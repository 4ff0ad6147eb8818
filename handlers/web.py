"""Ways into the web part: the board's link and the private calendar address."""

import base64

from bot.conversations.engine import Talk
from bot.services import web_keys
from bot.services.exporting import worker_calendar
from bot.texts import web as texts
from bot.texts.exports import WORDING
from bot.texts.reply import Document, Reply, Say, Toast
from handlers.responding import Incoming


async def board(talk: Talk, _said: Incoming) -> list[Reply]:
    """/board: a link that opens the board page once, within ten minutes."""
    if not talk.office.web_address:
        return [Say(texts.NO_WEB_PART)]
    secret = await web_keys.board_link(talk.session, talk.person, talk.now)
    return [Say(*texts.board_link(f"{talk.office.web_address}/board/in/{secret}"))]


async def sign_out(talk: Talk, _rest: list[str]) -> list[Reply]:
    """Ends the board in every browser."""
    count = await web_keys.end_sessions(talk.session, talk.person, talk.now)
    return [Toast(texts.signed_out(count))]


async def calendar(talk: Talk, _said: Incoming) -> list[Reply]:
    """/calendar: my clocks and planned visits as a file and, where there is a web part, as an address."""
    content = await worker_calendar(talk.session, talk.office, talk.person, talk.now, WORDING)
    file = Document("driftless.ics", base64.b64encode(content).decode(), texts.CALENDAR_FILE)
    if not talk.office.web_address:
        return [file]
    on = await web_keys.has_calendar(talk.session, talk.person, talk.now)
    return [file, Say(*texts.calendar_offer(on=on))]


async def new_calendar(talk: Talk, _rest: list[str]) -> list[Reply]:
    """A new private address, shown once; the old one is dead."""
    if not talk.office.web_address:
        return [Say(texts.NO_WEB_PART)]
    secret = await web_keys.new_calendar(talk.session, talk.person, talk.now)
    return [Say(*texts.calendar_address(f"{talk.office.web_address}/calendar/{secret}.ics"))]


async def calendar_off(talk: Talk, _rest: list[str]) -> list[Reply]:
    """The address opens nothing any more."""
    was_on = await web_keys.switch_off_calendar(talk.session, talk.person, talk.now)
    return [Say(texts.CALENDAR_OFF if was_on else texts.CALENDAR_WAS_OFF)]
