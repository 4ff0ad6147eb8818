"""Secrets that open the web part: a link once, a browser for a working day, a calendar until switched off.

Each is 256 random bits, kept only as its hash, and bound to the role and team of its person: whoever
leaves, changes role or changes team is out at once.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import require, require_manager
from bot.services.auditing import note
from storage import web_keys
from storage.tables import Person, WebKey

LINK_FOR = timedelta(minutes=10)
SESSION_FOR = timedelta(hours=10)
"""A working day."""


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


async def _give(
    session: AsyncSession, person: Person, purpose: str, now: datetime, lasts: timedelta | None
) -> str:
    secret = token_urlsafe(32)
    assert person.id is not None
    session.add(
        WebKey(
            purpose=purpose,
            key_hash=_hash(secret),
            person_id=person.id,
            role=person.role,
            team_id=person.team_id,
            created_at=now,
            expires_at=now + lasts if lasts is not None else None,
        )
    )
    await session.flush()
    return secret


async def board_link(session: AsyncSession, person: Person, now: datetime) -> str:
    """A secret that opens the board once, within ten minutes; any earlier link is dead."""
    require_manager(person.role, "board")
    await web_keys.end_all(session, person.id or 0, "link", now)
    await note(session, person.id, "asked for board link", f"person {person.id}", now)
    return await _give(session, person, "link", now, LINK_FOR)


async def enter(session: AsyncSession, secret: str, now: datetime) -> str | None:
    """Uses the link up; a browser's secret, or None where the link opens nothing (any more)."""
    key_hash = _hash(secret)
    if not await web_keys.use_up(session, "link", key_hash, now):
        return None
    person = await web_keys.person_of(session, "link", key_hash, now, used=True)
    if person is None:
        return None
    require_manager(person.role, "board")
    await note(session, person.id, "entered board", f"person {person.id}", now)
    return await _give(session, person, "session", now, SESSION_FOR)


async def who_looks(session: AsyncSession, secret: str, now: datetime) -> Person | None:
    """Whose browser this is, or None: expired, ended, left, or with another role or team by now."""
    return await web_keys.person_of(session, "session", _hash(secret), now) if secret else None


async def leave(session: AsyncSession, secret: str, now: datetime) -> None:
    """Ends this browser's session."""
    person = await who_looks(session, secret, now)
    if await web_keys.use_up(session, "session", _hash(secret), now):
        await note(session, person.id if person else None, "left board", "own browser", now)


async def end_sessions(session: AsyncSession, person: Person, now: datetime) -> int:
    """Ends every browser session and open link of this person; returns how many."""
    assert person.id is not None
    ended = [await web_keys.end_all(session, person.id, purpose, now) for purpose in ("link", "session")]
    await note(session, person.id, "ended board sessions", f"person {person.id}", now)
    return sum(ended)


async def new_calendar(session: AsyncSession, person: Person, now: datetime) -> str:
    """A new secret for the calendar's address; the one before opens nothing any more."""
    require(person.role, "cases")
    await web_keys.end_all(session, person.id or 0, "calendar", now)
    await note(session, person.id, "new calendar address", f"person {person.id}", now)
    return await _give(session, person, "calendar", now, None)


async def switch_off_calendar(session: AsyncSession, person: Person, now: datetime) -> bool:
    """False where there was none."""
    ended = await web_keys.end_all(session, person.id or 0, "calendar", now)
    await note(session, person.id, "switched off calendar address", f"person {person.id}", now)
    return ended > 0


async def has_calendar(session: AsyncSession, person: Person, now: datetime) -> bool:
    """Whether an address is switched on."""
    return await web_keys.counts(session, person.id or 0, "calendar", now) > 0


async def whose_calendar(session: AsyncSession, secret: str, now: datetime) -> Person | None:
    """Whose calendar this address shows, or None."""
    return await web_keys.person_of(session, "calendar", _hash(secret), now)
