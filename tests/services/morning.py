"""A morning on which a worker has two clocks due, and what they hear of it."""

from datetime import datetime

from bot import delivery
from bot.receipts import Receipt, Sent
from bot.rules.events import EVENTS
from bot.services import casework, happenings
from bot.services.office import Office
from bot.texts.html import plain
from bot.texts.reply import Rows, Say
from storage.database import Database
from storage.tables import Person
from tests.conftest import StoppedClock
from tests.days import day
from tests.people import enrol


class Telegram:
    """Takes everything; keeps (account, words, the message it changes)."""

    def __init__(self) -> None:
        self.said: list[tuple[int, str, int | None]] = []
        self.buttons: list[Rows] = []

    async def __call__(self, account: int, words: Say) -> Receipt:
        self.said.append((account, plain(words.text), words.replaces))
        self.buttons.append(words.buttons)
        return Sent(words.replaces or 100 + len(self.said))

    def changed(self, person: Person) -> list[str]:
        return [text for account, text, changes in self.said if account == person.telegram_id and changes]

    def digests_changed(self, person: Person) -> list[str]:
        return [text for text in self.changed(person) if text.startswith("Fri 27 Nov 2026")]

    def to(self, person: Person) -> list[str]:
        return [text for account, text, changes in self.said if account == person.telegram_id and not changes]


async def core_group(
    database: Database, office: Office, clock: StoppedClock, *, discreet: bool = False
) -> tuple[Person, Person]:
    """A manager, and a worker with core group and visit both due on Fri 27 Nov."""
    async with database.transaction() as session:
        manager = await enrol(session, "Manager", "manager", clock())
        worker = await enrol(session, "Worker A", "worker", clock(), discreet=discreet)
        case = await casework.new_case(session, office, worker, "CP-1042", clock())
        await happenings.record_event(
            session, office, worker, case, EVENTS["icpc-held"], day("Fri 2026-11-13"), clock()
        )
    return manager, worker


async def tick(database: Database, office: Office, telegram: Telegram, now: datetime) -> None:
    await delivery.tick(database, office, telegram, now)


async def morning_of_the_day(database: Database, office: Office, clock: StoppedClock) -> Telegram:
    """The digest has come, and what is due on the day was pushed."""
    telegram = Telegram()
    await tick(database, office, telegram, clock.to("2026-11-27T09:00+00:00"))
    return telegram
