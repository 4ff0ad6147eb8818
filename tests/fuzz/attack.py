"""Sends made-up updates to the whole running bot and gathers what went wrong."""

import logging
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.app import COMMANDS
from bot.services.office import Office
from bot.simulator.driver import SimPerson
from handlers.presses import VERBS
from tests.flows.town import town_at
from tests.fuzz.updates import Maker

ORDINARY = frozenset(
    {
        "Bad Request: chat not found",
        "Bad Request: message to edit not found",
        "Bad Request: message to delete not found",
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
        "Forbidden: bot was blocked by the user",
        "Forbidden: bot was kicked from the group chat",
    }
)
"""What Telegram says about people, messages and presses that never were: they are made up."""
AT_ONCE = 50


@dataclass
class Found:
    """updates: how many were sent. errors: lines logged as errors. refusals: calls that break the rules."""

    updates: int = 0
    errors: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    answered: bool = False


class _Errors(logging.Handler):
    def __init__(self, found: Found) -> None:
        super().__init__(logging.ERROR)
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        cause = record.exc_info[1] if record.exc_info else None
        place = traceback.format_tb(cause.__traceback__)[-1].strip() if cause is not None else ""
        self._found.errors.append(f"{record.getMessage()}: {cause!r} {place}")


@contextmanager
def _listening(found: Found) -> Iterator[None]:
    handler = _Errors(found)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


async def attack(address: str, office: Office, seed: int, updates: int) -> Found:
    """A worker with a case and a manager; then so many updates, and a plain question at the end."""
    found = Found()
    with _listening(found):
        async with town_at(address, office, strict=False) as town:
            worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
            await worker.says("/newcase CP-1042")
            await worker.sees("is added")
            await worker.says("/event CP-1042 icpc 16/11")
            await worker.sees("First core group")
            maker = Maker(seed, (worker.id, manager.id), [*COMMANDS, "start"], [*VERBS, "d"])
            while found.updates < updates:
                for _ in range(min(AT_ONCE, updates - found.updates)):
                    kind, body = maker.update()
                    town.telegram.updates.add(kind, body, body.get("from", {}).get("id", 0))
                    found.updates += 1
                await _still_answers(worker)
            found.answered = True
            refused = [str(call["description"]) for call in await town.sim.refusals()]
    found.refusals = Counter(words for words in refused if words not in ORDINARY)
    return found


async def _still_answers(worker: SimPerson) -> None:
    """A person's updates are handled in order, so that the answer comes after all of theirs."""
    await worker.says("/cancel")
    await worker.sees("", within=60)
    await worker.says("/glossary ICPC")
    await worker.sees("ICPC: initial child", within=60)
