"""Whatever Telegram may send: no surprise in a handler, no call that breaks the Bot API's description."""

from collections import Counter

import pytest

from bot.services.office import Office
from bot.texts.joining import SOMETHING_WENT_WRONG
from handlers.presses import VERBS
from tests.flows.conftest import town
from tests.flows.town import Town
from tests.fuzz.attack import attack

__all__ = ["town"]


@pytest.mark.parametrize("seed", [1, 2])
async def test_made_up_updates_do_no_harm(sqlite_address: str, office: Office, seed: int) -> None:
    found = await attack(sqlite_address, office, seed, 400)
    assert (found.updates, found.errors, found.refusals, found.answered) == (400, [], Counter(), True)


async def test_an_update_that_cannot_be_read_does_not_hold_up_the_others(town: Town) -> None:
    worker = await town.joined("Worker A")
    town.telegram.updates.add("message", {"message_id": 1, "date": "soon", "chat": 7}, 7)
    await worker.says("/glossary ICPC")
    await worker.sees("ICPC: initial child")


@pytest.mark.parametrize("data", ["{verb}", "{verb}:1", "{verb}:x", "{verb}:1:x", "{verb}:99999999999:1:y:1"])
async def test_every_button_that_no_version_has_made_is_refused_in_words(town: Town, data: str) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/help")
    shown = await worker.sees("Type a question")
    for verb in VERBS:
        await worker.presses_data(shown, data.format(verb=verb))
        await worker.sees_toast()
    assert not [m.text for m in await worker.chat() if SOMETHING_WENT_WRONG in m.text]
