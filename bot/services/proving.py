"""An administrator's commands need a one-time code from the server when the last was over 12 hours ago."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.access import reach, require
from bot.rules.errors import NotAllowed
from bot.services.auditing import note
from bot.services.joining import LOCKED_FOR, MOST_WRONG_TRIES, code_hash, new_code
from storage import people, proofs
from storage.tables import Person

CODE_LASTS = timedelta(minutes=10)
LASTS = timedelta(hours=12)
"""Counted from the last use."""


async def make_code(session: AsyncSession, person: Person, now: datetime) -> str:
    """A new one-time code for this administrator, in place of an older one; NotAllowed for others."""
    if reach(person.role, "proof") == "none" or person.id is None:
        raise NotAllowed(f"{person.name} is no administrator: only administrators need a code.")
    proof = await proofs.of_person(session, person.id)
    code = new_code()
    proof.code_hash, proof.expires_at = code_hash(code), now + CODE_LASTS
    await note(session, None, "made an administrator's code", f"person {person.id}", now)
    return code


async def prove(session: AsyncSession, person: Person, typed: str, now: datetime) -> str:
    """Uses up the code; returns why it doesn't hold, or nothing. Five wrong tries lock for an hour."""
    require(person.role, "proof")
    assert person.id is not None
    tries = await people.join_attempts(session, person.telegram_id or 0)
    if tries.locked_until is not None and now < tries.locked_until:
        return "Too many wrong codes. Try again in an hour."
    proof = await proofs.of_person(session, person.id)
    good = proof.code_hash is not None and proof.code_hash == code_hash(typed)
    if not good or proof.expires_at is None or proof.expires_at <= now:
        tries.failures = (0 if tries.locked_until else tries.failures) + 1
        tries.locked_until = now + LOCKED_FOR if tries.failures >= MOST_WRONG_TRIES else None
        await note(session, person.id, "gave a wrong code", f"person {person.id}", now)
        return "That code isn't right, or has run out. Make a new one on the server: driftless code"
    proof.code_hash, proof.expires_at, proof.used_at = None, None, now
    await session.delete(tries)
    await note(session, person.id, "proved to be the administrator", f"person {person.id}", now)
    return ""


async def require_fresh(session: AsyncSession, person: Person, now: datetime) -> None:
    """Raises NotAllowed where this administrator's last use is over 12 hours ago; each use counts anew."""
    if reach(person.role, "proof") == "none" or person.id is None:
        return
    proof = await proofs.of_person(session, person.id)
    if proof.used_at is None or now - proof.used_at > LASTS:
        raise NotAllowed(
            "This needs a fresh code, as your last use is over 12 hours ago: run driftless code on the "
            "server, then send /code and the code."
        )
    proof.used_at = now
