"""People, teams, invites and tries at joining."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import String, cast, literal, update
from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bulk import batches
from storage.cases import teams_in_service
from storage.tables import Invite, JoinAttempts, OutgoingMessage, Person, Team


async def person_of_account(session: AsyncSession, telegram_id: int) -> Person | None:
    """The active person who joined with this Telegram account, or None."""
    found = await session.exec(
        select(Person).where(Person.telegram_id == telegram_id, col(Person.active).is_(True))
    )
    return found.first()


async def person_by_id(session: AsyncSession, person_id: int) -> Person | None:
    """The person with this id, or None."""
    return await session.get(Person, person_id)


async def move_chat(session: AsyncSession, before: int, now: int) -> None:
    """A group has another number now: whoever is written to there is written to under that one.

    Where the number is somebody's already, nothing changes.
    """
    if (await session.exec(select(Person.id).where(Person.telegram_id == now))).first() is None:
        moved = update(Person).where(col(Person.telegram_id) == before).values(telegram_id=now)
        await session.exec(moved)


async def person_named(session: AsyncSession, name: str, team_id: int | None = None) -> list[Person]:
    """Active people with this name (any case), in one team or in all."""
    wanted = select(Person).where(col(Person.active).is_(True))
    if team_id is not None:
        wanted = wanted.where(Person.team_id == team_id)
    return [p for p in (await session.exec(wanted)).all() if p.name.casefold() == name.strip().casefold()]


async def people_of_team(session: AsyncSession, team_id: int, *roles: str) -> list[Person]:
    """Active people of a team, by name; of all roles unless some are named."""
    wanted = select(Person).where(Person.team_id == team_id, col(Person.active).is_(True))
    if roles:
        wanted = wanted.where(col(Person.role).in_(roles))
    return list((await session.exec(wanted.order_by(Person.name))).all())


async def people_of_teams(session: AsyncSession, team_ids: Collection[int], *roles: str) -> list[Person]:
    """Active people of these teams, by name; of all roles unless some are named."""
    wanted = select(Person).where(col(Person.team_id).in_(team_ids), col(Person.active).is_(True))
    if roles:
        wanted = wanted.where(col(Person.role).in_(roles))
    return list((await session.exec(wanted.order_by(Person.name))).all())


async def everybody(session: AsyncSession, *roles: str) -> list[Person]:
    """All active people who have an account; of all roles unless some are named."""
    wanted = select(Person).where(col(Person.active).is_(True), col(Person.telegram_id).is_not(None))
    if roles:
        wanted = wanted.where(col(Person.role).in_(roles))
    return list((await session.exec(wanted)).all())


async def still_to_digest(
    session: AsyncSession, first_minute: int, last_minute: int, day: date
) -> list[Person]:
    """Of everybody, those whose digest comes between these minutes of the day and isn't planned yet."""
    key = literal("digest:", String).concat(cast(Person.id, String)).concat(f":{day}")
    planned = exists().where(col(OutgoingMessage.dedup_key) == key, col(OutgoingMessage.state) != "cancelled")
    found = await session.exec(
        select(Person).where(
            col(Person.active).is_(True),
            col(Person.telegram_id).is_not(None),
            col(Person.digest_minute).between(first_minute, last_minute),
            ~planned,
        )
    )
    return list(found.all())


async def people_by_ids(session: AsyncSession, person_ids: Sequence[int]) -> list[Person]:
    """The people with these ids."""
    found: list[Person] = []
    for ids in batches(person_ids):
        found += (await session.exec(select(Person).where(col(Person.id).in_(ids)))).all()
    return found


async def team_named(session: AsyncSession, name: str) -> Team | None:
    """The team with this name (any case), or None."""
    return next(
        (team for team in await teams(session) if team.name.casefold() == name.strip().casefold()), None
    )


async def team_by_id(session: AsyncSession, team_id: int) -> Team:
    """The team with this id, which must exist."""
    return (await session.exec(select(Team).where(Team.id == team_id))).one()


async def team_ids(session: AsyncSession, in_service_of: int | None = None) -> list[int]:
    """The ids of all teams, or of this team and the others of its service."""
    wanted = select(Team.id)
    if in_service_of is not None:
        wanted = wanted.where(col(Team.id).in_(teams_in_service(in_service_of)))
    return [found for found in (await session.exec(wanted)).all() if found is not None]


async def teams(session: AsyncSession) -> list[Team]:
    """Every team, by name."""
    return list((await session.exec(select(Team).order_by(Team.name))).all())


async def add_team(session: AsyncSession, name: str, now: datetime) -> Team:
    """A new team."""
    team = Team(name=name.strip(), created_at=now)
    session.add(team)
    await session.flush()
    return team


async def invite_by_hash(session: AsyncSession, code_hash: str) -> Invite | None:
    """The invite whose code has this hash, locked against a second use at the same moment."""
    found = await session.exec(select(Invite).where(Invite.code_hash == code_hash).with_for_update())
    return found.first()


async def join_attempts(session: AsyncSession, telegram_id: int) -> JoinAttempts:
    """This account's tries so far, made if there are none."""
    tries = await session.get(JoinAttempts, telegram_id)
    if tries is None:
        tries = JoinAttempts(telegram_id=telegram_id)
        session.add(tries)
    return tries
