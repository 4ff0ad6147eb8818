"""What driftless doctor looks at."""

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select

from bot.cli.machine_checks import disk_check, mail_check, telegram_checks
from bot.cli.outbox_checks import LATE, outbox_checks, retention_check
from bot.clock import utc_now
from bot.content.bank_holidays import LAST_YEAR
from bot.content.faults import BrokenContent
from bot.content.loading import load_library
from bot.services.rosters import unchecked
from bot.settings import Settings
from storage.database import BadDatabaseUrl, Database
from storage.schema import WrongSchema, require_current
from storage.tables import InboxUpdate, Team


@dataclass(frozen=True)
class Check:
    """One thing looked at; says holds what was found and, where it is bad, the mend."""

    name: str
    ok: bool
    says: str


async def all_checks(settings: Settings) -> list[Check]:
    """Every check, in the order in which to mend."""
    outside = [*await telegram_checks(settings), *await mail_check(settings)]
    return [
        *(Check(*said) for said in outside),
        *await _database(settings),
        _content(settings),
        _holidays(settings),
    ]


async def _database(settings: Settings) -> list[Check]:
    try:
        database = Database(settings.database_url)
    except BadDatabaseUrl as error:
        return [Check("database", False, str(error))]
    try:
        await require_current(database)
        async with database.transaction() as session:
            before = utc_now() - LATE
            owed = (
                await session.exec(
                    select(func.count(col(InboxUpdate.update_id))).where(
                        col(InboxUpdate.replied_at).is_(None), InboxUpdate.received_at < before
                    )
                )
            ).one()
        async with database.transaction() as session:
            late = await unchecked(session, utc_now())
        kept = Check(*await retention_check(database, settings, utc_now()))
        outgoing = [Check(*said) for said in await outbox_checks(database, settings, utc_now())]
    except WrongSchema as error:
        return [Check("migrations", False, str(error)), Check(*disk_check(settings))]
    except SQLAlchemyError:
        return [Check("database", False, "can't be used: check DATABASE_URL and that the server is up")]
    except BrokenContent:
        return [Check("outbox", False, "is not looked at until the guidance is mended")]
    finally:
        await database.close()
    return [
        Check("database", True, "can be read and written"),
        Check("migrations", True, "the database is at this program's version"),
        Check(*disk_check(settings)),
        *outgoing,
        _rosters(late),
        kept,
        Check(
            "inbox",
            owed == 0,
            "nothing is owed" if owed == 0 else f"{owed} replies are owed: is the bot running?",
        ),
    ]


def _rosters(late: list[Team]) -> Check:
    if not late:
        return Check("rosters", True, "each team's was checked in the last two months, or the team is new")
    names = ", ".join(team.name for team in late[:10])
    return Check("rosters", False, f"not checked for two months: {names}. Their managers send /roster")


def _content(settings: Settings) -> Check:
    try:
        library = load_library(settings.guidance_overlay)
    except BrokenContent as broken:
        return Check("guidance", False, f"{len(broken.faults)} faults, the first: {broken.faults[0]}")
    return Check(
        "guidance", True, f"{len(library.guidance.entries)} entries, {len(library.book.rows)} timescales"
    )


def _holidays(settings: Settings) -> Check:
    this_year = utc_now().astimezone(settings.zone).year
    ok = this_year + 1 <= LAST_YEAR
    says = f"bank holidays are known to the end of {LAST_YEAR}"
    return Check("holidays", ok, says if ok else f"{says}: upgrade Driftless")
