"""Enrols people for tests by the same way that real ones take: an invite and its code."""

from datetime import datetime, timedelta
from itertools import count

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.joining import Joined, join, make_invite
from storage.tables import Person

_accounts = count(7_000_000_001)  # long, so that none is found in a hash by chance


async def enrol(
    session: AsyncSession, name: str, role: str, now: datetime, team: str = "North", *, discreet: bool = False
) -> Person:
    """A person with a Telegram account of their own; plain-spoken to, unless the test is about that."""
    code = await make_invite(session, role=role, team_name=team, valid=timedelta(days=7), now=now)
    result = await join(session, code=code, telegram_id=next(_accounts), first_name=name, now=now)
    assert isinstance(result, Joined)
    result.person.discreet = discreet
    return result.person
