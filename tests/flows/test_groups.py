"""Groups: the pace that Telegram allows there, and a group that becomes a supergroup."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlmodel import col, select
from telegram.ext import ExtBot

from bot.dispatching import Dispatcher
from bot.receipts import Receipt
from bot.rules.pace import Pace
from bot.services.office import Office
from bot.simulator.clock import VirtualClock
from bot.simulator.groups import add_group, upgrade
from bot.simulator.model import Chat
from bot.simulator.people import add_person
from bot.simulator.server import build_simulator, serve
from bot.simulator.telegram import Telegram
from bot.texts.reply import Say
from handlers.http import Request
from handlers.sending import send
from storage.database import Database
from storage.tables import OutgoingMessage, Person
from tests.conftest import StoppedClock
from tests.services.test_dispatching import planned, team

TOKEN = "1:test"


class Told:
    """Somebody who is written to in a group, with so many messages due, and the way to Telegram."""

    def __init__(self, telegram: Telegram, group: Chat, bot: ExtBot[None]) -> None:
        self.telegram, self.group, self.bot = telegram, group, bot

    async def __call__(self, chat: int, words: Say) -> Receipt:
        return await send(self.bot, chat, words)

    @property
    def refused(self) -> list[int]:
        """The codes of what Telegram refused."""
        return [call["error_code"] for call in self.telegram.calls.since(0) if not call["ok"]]


@asynccontextmanager
async def told(database: Database, clock: StoppedClock, messages: int) -> AsyncIterator[Told]:
    app = build_simulator(clock=VirtualClock(clock), bot_token=TOKEN, pace=True)
    telegram: Telegram = app.state.telegram
    group = add_group(telegram, "North", [add_person(telegram, "Worker 0")])
    async with database.transaction() as session:
        manager, (worker,) = await team(session, clock, 1)
        worker.telegram_id = group.id
        for number in range(messages):
            await planned(session, manager, worker, clock, f"thing {number:02}")
    async with (
        serve(app) as port,
        ExtBot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=Request(8)) as bot,
    ):
        yield Told(telegram, group, bot)


def heard(chat: Chat) -> list[str]:
    return [
        line.removeprefix("Do: ")
        for message in chat.messages.values()
        for line in message.words.split("\n")
        if line.startswith("Do: ")
    ]


async def test_a_group_gets_twenty_messages_a_minute_and_telegram_never_objects(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with told(database, clock, 45) as telling:
        began, counts = clock(), []
        dispatcher = Dispatcher(database, office, telling, pace=Pace())
        while len(heard(telling.group)) < 45:
            await dispatcher.run(clock, patient=False)
            counts.append(len(heard(telling.group)))
            clock.forward(seconds=0.5)
            assert clock() - began < timedelta(minutes=4)
        assert telling.refused == []
        assert heard(telling.group) == [f"thing {number:02}" for number in range(45)]
        assert counts[119] >= 18, "and the pace is used"


async def test_a_group_that_has_become_a_supergroup_is_followed_and_told_once(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with told(database, clock, 2) as telling:
        became = upgrade(telling.telegram, telling.group)
        dispatcher = Dispatcher(database, office, telling, pace=Pace())
        for _ in range(10):
            await dispatcher.run(clock, patient=False)
            clock.forward(seconds=1)
        assert heard(became) == ["thing 00", "thing 01"]
        assert heard(telling.group) == []
        assert telling.refused == [400], "the old number was tried once"
        async with database.transaction() as session:
            rows = (await session.exec(select(OutgoingMessage).order_by(col(OutgoingMessage.id)))).all()
            assert [row.state for row in rows] == ["sent", "sent"]
            where = select(Person.telegram_id).where(Person.id == rows[0].person_id)
            assert (await session.exec(where)).one() == became.id


async def test_a_number_that_is_somebody_elses_already_ends_in_a_failed_row_not_in_a_loop(
    database: Database, office: Office, clock: StoppedClock
) -> None:
    async with told(database, clock, 1) as telling:
        became = upgrade(telling.telegram, telling.group)
        async with database.transaction() as session:
            other = (await session.exec(select(Person).where(col(Person.telegram_id) > 0))).one()
            other.telegram_id = became.id
        dispatcher = Dispatcher(database, office, telling, pace=Pace())
        for _ in range(20):
            await dispatcher.run(clock, patient=False)
            clock.forward(seconds=3)
        async with database.transaction() as session:
            row = (await session.exec(select(OutgoingMessage))).one()
            assert (row.state, row.reason) == ("failed", "the group has another number")
        assert heard(became) == []
