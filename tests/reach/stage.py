"""People of every role in five teams, one of everything on each worker's case, and tries of what they do."""

import asyncio
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from sqlmodel import SQLModel
from telegram import Update

from bot.app import COMMANDS
from bot.rules.access import Thing, may
from bot.services import proving
from bot.services.office import Office
from bot.texts.reply import Reply
from handlers import presses, trespass
from handlers.context import BotContext, Resources
from handlers.responding import member_responds
from storage.database import Database
from storage.replicas import Replica
from storage.tables import Case, Person, Team
from tests.conftest import StoppedClock

_BOOKKEEPING = ("audit", "inbox_update")
"""Tables that every try may write."""
CODE = "{code}"
"""In what is typed: an administrator's one-time code, made on the server a moment before."""


@dataclass(frozen=True)
class Things:
    """A worker's case with one of everything about it, by id."""

    case: Case
    team: Team
    sender: int
    """The manager who set the actions and sent the announcement."""
    event: int
    order: int
    """An event with an end of its own."""
    clock: int
    request: int
    visit: int
    planned: int
    leave: int
    share: int
    done: int
    question: int
    received: int
    broadcast: int
    session: int
    message: int
    roster: str
    """The mark of the team's roster as it was shown."""

    @property
    def worker(self) -> int:
        """Who holds the case."""
        assert self.case.worker_id is not None
        return self.case.worker_id


@dataclass(frozen=True)
class Outcome:
    """What came of one try. lines: of the trail, what and about what. changed: the tables that differ."""

    replies: Sequence[Reply]
    lines: Sequence[tuple[str, str]]
    changed: frozenset[str]
    flow: str

    @property
    def trespass(self) -> bool:
        """Whether the trail says that it was beyond the person's reach."""
        return any(what in trespass.KINDS for what, _ in self.lines)

    def says(self, words: str) -> bool:
        """Whether a reply holds these words."""
        return any(words in repr(reply) for reply in self.replies)


@dataclass(frozen=True, repr=False)
class Stage:
    """A database file that every try starts from, and who and what is in it."""

    file: Path
    office: Office
    clock: StoppedClock
    everybody: Sequence[Person]
    things: Sequence[Things]
    teams: dict[int, Team]

    def may(self, person: Person, thing: Thing, about: Things, *, own: bool) -> bool:
        """What the table says of a thing on this case. own: whether it counts that it is one's own."""
        services = self.teams[person.team_id].service, about.team.service
        return may(
            person.role,
            thing,
            own=own and about.worker == person.id,
            same_team=about.team.id == person.team_id,
            same_service=bool(services[0]) and services[0] == services[1],
        )

    def within(self, person: Person, thing: Thing = "cases") -> set[str]:
        """The references that this person may read."""
        return {one.case.reference for one in self.things if self.may(person, thing, one, own=True)}

    def tried(self, person: Person, text: str) -> Outcome:
        """What comes of a command ("/case CP-1") or of a button's data, in a database of its own."""
        file = Path(shutil.copy(self.file, self.file.with_name("try.sqlite")))
        if CODE in text:
            text = text.replace(CODE, asyncio.run(self._code(file, person)))
        before = _rows(file)
        replies = asyncio.run(self._handled(file, person, text))
        after = _rows(file)
        changed = {name for name in after if after[name] != before[name]}.difference(_BOOKKEEPING)
        lines = [(row["what"], row["subject"]) for row in after["audit"][len(before["audit"]) :]]
        flow = next((str(row["flow"]) for row in after["dialogue"]), "")
        return Outcome(replies, lines, frozenset(changed), flow)

    async def _code(self, file: Path, person: Person) -> str:
        """A fresh one-time code: the person's own, or the first administrator's."""
        admin = (
            person if person.role == "admin" else next(one for one in self.everybody if one.role == "admin")
        )
        database = Database(f"sqlite:///{file}")
        async with database.transaction() as session:
            code = await proving.make_code(session, await session.merge(admin), self.clock())
        await database.close()
        return code

    async def _handled(self, file: Path, person: Person, text: str) -> list[Reply]:
        """The replies of the very handler that the bot has for it; what it does is committed."""
        said: list[Reply] = []

        async def keeps(_bot: object, _update: Update, replies: Sequence[Reply]) -> dict[int, Reply]:
            said.extend(replies)
            return {}

        database = Database(f"sqlite:///{file}")
        resources = Resources(database, self.office, self.clock, Replica(database))
        context = cast(BotContext, SimpleNamespace(resources=resources, bot=None))
        command = text.removeprefix("/").split()[0] if text.startswith("/") else ""
        handler = member_responds(COMMANDS[command] if command else presses.press, command)
        with patch("handlers.responding.deliver", keeps):
            await handler(_update(person, text), context)
        await database.close()
        return said


def _update(person: Person, text: str) -> Update:
    sender = {"id": person.telegram_id, "is_bot": False, "first_name": "F"}
    chat = {"id": person.telegram_id, "type": "private", "first_name": "F"}
    message: dict[str, Any] = {"message_id": 7, "date": 1_795_514_400, "chat": chat}
    if text.startswith("/"):
        received = {"message": {**message, "from": sender, "text": text}}
    else:
        query = {"id": "1", "from": sender, "chat_instance": "1", "data": text}
        received = {"callback_query": {**query, "message": {**message, "text": "shown"}}}
    found = Update.de_json({"update_id": 1, **received}, None)
    assert found is not None
    return found


def _rows(file: Path) -> dict[str, list[sqlite3.Row]]:
    """Every row of every table, by the table's name."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()
            for name in SQLModel.metadata.tables
        }
