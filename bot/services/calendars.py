"""A worker's calendar behind a private address."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.errors import NotAllowed
from bot.services import web_keys
from bot.services.exporting import Wording, worker_calendar
from bot.services.office import Office


async def subscribed_calendar(
    session: AsyncSession, office: Office, secret: str, now: datetime, words: Wording
) -> bytes | None:
    """The same as the file, for the address's owner; None where the address opens nothing (any more)."""
    person = await web_keys.whose_calendar(session, secret, now)
    if person is None:
        return None
    try:
        return await worker_calendar(session, office, person, now, words)
    except NotAllowed:
        return None
