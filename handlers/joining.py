"""/start, /help, and whoever has not joined."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversations.engine import Talk
from bot.rules.access import ROLES, Role
from bot.services.joining import Joined, NotJoined, join
from bot.services.office import Office
from bot.texts import joining as texts
from bot.texts.html import esc
from bot.texts.reply import MenuFor, Reply, Say
from handlers.responding import Incoming
from storage.tables import Person


async def start(
    session: AsyncSession, _office: Office, person: Person | None, said: Incoming, now: datetime
) -> Sequence[Reply]:
    """Enrols with a code; greets who has joined already; tells anybody else how to join."""
    if person is None and not said.args:
        return [Say(esc(texts.HOW_TO_JOIN))]
    result = await join(
        session, code=said.args, telegram_id=said.account, first_name=said.first_name, now=now
    )
    return [Say(esc(result.reason))] if isinstance(result, NotJoined) else _welcome(result)


def _welcome(joined: Joined) -> list[Reply]:
    role = role_of(joined.person)
    minute = joined.person.digest_minute
    text = texts.welcome(role, joined.team.name, f"{minute // 60:02}:{minute % 60:02}")
    return [MenuFor(role), Say(text, texts.welcome_buttons(role))]


def role_of(person: Person) -> Role:
    """The person's role, narrowed."""
    return next(role for role in ROLES if role == person.role)


async def help_me(talk: Talk, _said: Incoming) -> list[Reply]:
    """What this person uses most; a tap shows the rest."""
    return [Say(*texts.help_text(role_of(talk.person)))]
