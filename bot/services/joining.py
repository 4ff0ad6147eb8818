"""Invites and joining: one-time codes, kept only as hashes; five wrong tries lock an account out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.rules.errors import NotFound
from bot.services import reaching
from bot.services.auditing import note
from storage import people
from storage.tables import Invite, Person, Team

MOST_WRONG_TRIES = 5
LOCKED_FOR = timedelta(hours=1)
# No letter or digit that is read as another.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # pragma: allowlist secret
CODE = rf"[{_ALPHABET}]{{5}}[ -]?[{_ALPHABET}]{{5}}"
"""A code's form, in capitals or not."""
_LONGEST_NAME = 32


@dataclass(frozen=True)
class Joined:
    """Somebody is enrolled."""

    person: Person
    team: Team
    before: bool = False
    """True where the account had joined earlier and no code was used up."""


@dataclass(frozen=True)
class NotJoined:
    """A code that didn't work; the reason is one clear sentence."""

    reason: str


def new_code() -> str:
    """A code that reads well aloud: twice five letters and digits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2))


def code_hash(code: str) -> str:
    """What is kept of a code, however it was typed."""
    tidy = code.strip().upper().replace("-", "").replace(" ", "")
    return hashlib.scrypt(tidy.encode(), salt=b"driftless-invite", n=2**13, r=8, p=1).hex()


async def make_invite(
    session: AsyncSession, *, role: str, team_name: str, valid: timedelta, now: datetime
) -> str:
    """A new one-time code for this role and team (made if it is new); only its hash is kept."""
    team = await people.team_named(session, team_name) or await people.add_team(session, team_name, now)
    code = new_code()
    assert team.id is not None
    session.add(
        Invite(code_hash=code_hash(code), role=role, team_id=team.id, expires_at=now + valid, created_at=now)
    )
    await note(session, None, f"invited {role}", f"team {team.id}", now)
    return code


async def put_in_service(session: AsyncSession, team_name: str, service: str, now: datetime) -> Team:
    """The team belongs to this service from now on (empty: to none); raises NotFound."""
    team = await people.team_named(session, team_name)
    if team is None:
        raise NotFound(f"There is no team “{team_name}”.")
    team.service = " ".join(service.split())
    await note(session, None, "put in a service", f"team {team.id}", now)
    return team


async def join(
    session: AsyncSession, *, code: str, telegram_id: int, first_name: str, now: datetime
) -> Joined | NotJoined:
    """Enrols the account if the code is good; a wrong one is counted against the account."""
    known = await people.person_of_account(session, telegram_id)
    if known is not None:
        await reaching.back(session, known, now)
        return Joined(known, await people.team_by_id(session, known.team_id), before=True)
    tries = await people.join_attempts(session, telegram_id)
    if tries.locked_until is not None and now < tries.locked_until:
        return NotJoined("Too many wrong codes. Try again in an hour, or ask your manager for a new one.")
    invite = await people.invite_by_hash(session, code_hash(code))
    reason = _why_not(invite, now)
    if invite is None or reason:
        tries.failures = (0 if tries.locked_until else tries.failures) + 1
        tries.locked_until = now + LOCKED_FOR if tries.failures >= MOST_WRONG_TRIES else None
        if tries.locked_until is not None:
            await note(session, None, "locked out after wrong codes", f"account {telegram_id}", now)
        return NotJoined(reason)
    person = await _enrol(session, invite, telegram_id, first_name, now)
    await session.delete(tries)
    return Joined(person, await people.team_by_id(session, person.team_id))


def _why_not(invite: Invite | None, now: datetime) -> str:
    if invite is None:
        return "That code isn't right. Check it, or ask your manager for a new one."
    if invite.used_at is not None:
        return "That code has been used already. Ask your manager for a new one."
    if invite.expires_at <= now:
        return "That code has run out. Ask your manager for a new one."
    return ""


async def _enrol(
    session: AsyncSession, invite: Invite, telegram_id: int, first_name: str, now: datetime
) -> Person:
    person = Person(
        telegram_id=telegram_id,
        name=await _free_name(session, first_name, invite.team_id),
        role=invite.role,
        team_id=invite.team_id,
        created_at=now,
    )
    session.add(person)
    await session.flush()
    invite.used_at, invite.used_by = now, person.id
    await note(session, person.id, f"joined as {person.role}", f"person {person.id}", now)
    return person


async def _free_name(session: AsyncSession, first_name: str, team_id: int) -> str:
    """The first name as Telegram gives it, with a number where the team has one like it."""
    wanted = " ".join(first_name.split())[:_LONGEST_NAME] or "Colleague"
    taken = {person.name.casefold() for person in await people.people_of_team(session, team_id)}
    number, name = 1, wanted
    while name.casefold() in taken:
        number += 1
        name = f"{wanted} {number}"
    return name
