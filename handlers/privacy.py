"""/privacy, /export and /deleteme: what is held about the person who asks, and their rights over it."""

import base64

from bot.conversations.engine import Talk
from bot.conversations.registry import FLOWS
from bot.services import own_data
from bot.texts import own_data as data_texts
from bot.texts import privacy as texts
from bot.texts.reply import Document, Edit, Reply, Say
from handlers.responding import Incoming


async def privacy(talk: Talk, _said: Incoming) -> list[Reply]:
    """/privacy: who runs it, what is held, who sees it, how long; and one's rights as buttons."""
    return [Say(texts.short(talk.office.notice), texts.short_buttons())]


async def notice(talk: Talk, number: int) -> list[Reply]:
    """A page of the whole notice in place of the message."""
    return [Edit(*texts.page(talk.office.notice, number))]


async def export(talk: Talk, _said: Incoming) -> list[Reply]:
    """/export: everything about the person, as a page for a phone and as JSON."""
    found = await own_data.own_data(talk.session, talk.office, talk.person, talk.now)
    day = talk.office.today(talk.now)
    page = data_texts.as_page(found, talk.office.zone)
    caption = texts.here_it_is(sum(len(part.rows) for part in found.parts))
    return [
        Document(f"my-data-{day}.html", _packed(page), caption),
        Document(f"my-data-{day}.json", _packed(data_texts.as_json(found)), texts.FOR_A_MACHINE),
    ]


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


async def delete_me(talk: Talk, _said: Incoming) -> list[Reply]:
    """/deleteme: what goes, what is kept, and a button that is good for ten minutes."""
    return await FLOWS.start(talk, "deleteme")
