"""Updates that Telegram brings: the right ones once each, in order; anything else turned away."""

import asyncio
import json
import logging
from typing import Any

import pytest

from bot.services.office import Office
from bot.simulator.driver import SimPerson
from bot.web.app import DATABASE_AWAY
from handlers.webhook import LARGEST_BODY, secret_of
from storage import inbox
from tests.flows.town import TOKEN
from tests.outage import database_away
from tests.web.serving import Site, simulator, site_at

SECRET = {"X-Telegram-Bot-Api-Secret-Token": secret_of(TOKEN)}


def message(update_id: int, account: int, text: str) -> dict[str, Any]:
    person = {"id": account, "is_bot": False, "first_name": "Worker A"}
    chat = {"id": account, "type": "private", "first_name": "Worker A"}
    body: dict[str, Any] = {
        "message_id": update_id,
        "date": 1_795_000_000,
        "from": person,
        "chat": chat,
        "text": text,
    }
    if text.startswith("/"):
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return {"update_id": update_id, "message": body}


async def test_a_conversation_by_webhook(address: str, office: Office) -> None:
    async with site_at(address, office, updates="webhook") as site:
        worker = await site.sim.person("Worker A")
        for number in range(3):
            await worker.says(f"/start WRONG-{number}")
        await worker.sees("That code isn't right")
        hook = site.telegram.webhook
        assert (hook.url, hook.secret) == (f"{site.settings.web_address}/telegram", secret_of(TOKEN))
        assert site.telegram.updates.allowed_asked_for is not None
        assert "callback_query" in site.telegram.updates.allowed_asked_for


async def test_nothing_gets_in_without_the_secret(sqlite_address: str, office: Office) -> None:
    async with site_at(sqlite_address, office, updates="webhook") as site:
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}):
            answer = await site.http.post("/telegram", json=message(1, 5, "x"), headers=headers)
            assert answer.status_code == 403


ODD = (
    {"update_id": 8, "message": []},
    {"update_id": 8, "message": {**message(1, 5, "x")["message"], "from": {"id": "five"}}},
    {"update_id": 8, "message": {**message(1, 5, "x")["message"], "text": {"of": "another kind"}}},
    {"update_id": 8, "message": {**message(1, 5, "x")["message"], "chat": {"id": "5", "type": "private"}}},
    {"update_id": 8, "callback_query": {"id": "1", "from": {"id": 5}, "data": 5}},
    {"update_id": 8, "inline_query": {"id": "1", "from": {"id": 5}, "query": None, "offset": ""}},
)
"""Good numbers and parts of the wrong kind: taken, so that they do not come again, and left out."""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", 400),
        (b"no json", 400),
        (b"[1]", 400),
        (b'{"update_id": true}', 400),
        (b'{"message": {}}', 400),
        (b" " * (LARGEST_BODY + 1), 413),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"update_id": 7, "message": ' + b'{"a":' * 900 + b"1" + b"}" * 901, 400),
        (b'{"update_id": 9223372036854775808}', 400),
        (b'{"update_id": -9223372036854775809}', 400),
        (b'{"update_id": ' + b"9" * 5000 + b"}", 400),
        (b'{"update_id": 7.5}', 400),
        (b'{"update_id": "7"}', 400),
        (b'{"update_id": null}', 400),
        (b'{"update_id": 7, "message": {"from": {"id": 9223372036854775808}}}', 400),
        (b'{"update_id": 9223372036854775807}', 200),
        (b'{"update_id": 7, "message": {"message_id": 1, "date": "soon", "chat": 1}}', 200),
        *((json.dumps(odd).encode(), 200) for odd in ODD),
    ],
)
async def test_what_is_no_update_is_turned_away(
    sqlite_address: str, office: Office, body: bytes, code: int
) -> None:
    async with site_at(sqlite_address, office, updates="webhook") as site:
        assert (await site.http.post("/telegram", content=body, headers=SECRET)).status_code == code
        assert (await site.http.get("/telegram")).status_code == 405
        worker = await site.sim.person("Worker A")
        await worker.says("hello?")
        await worker.sees("To join")


async def test_while_the_database_is_away_telegram_is_told_to_come_again(
    address: str, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    update = message(70, 5, "words that nobody else sees")
    async with site_at(address, office, updates="webhook") as site:
        with caplog.at_level(logging.WARNING):
            async with database_away(address):
                answers = [
                    await site.http.post("/telegram", json={**update, "update_id": 70 + n}, headers=SECRET)
                    for n in range(3)
                ]
        assert [answer.status_code for answer in answers] == [503] * 3
        assert {answer.text for answer in answers} == {DATABASE_AWAY}
        assert answers[0].headers["Retry-After"] == "5"
        lines = [record for record in caplog.records if record.name == "bot.web.app"]
        assert [record.getMessage() for record in lines] == [
            "the web part can't use the database: OperationalError"
        ]
        assert not any(record.exc_info for record in lines)
        assert "words that nobody" not in caplog.text
        assert (await site.http.post("/telegram", json=update, headers=SECRET)).status_code == 200
        async with site.database.transaction() as session:
            kept = await inbox.unfinished(session, site.telegram.clock())
            assert {row.update_id for row in kept} <= {70}, "what was refused has left nothing behind"


async def test_the_same_update_at_two_replicas_is_handled_once(
    postgresql_address: str, office: Office
) -> None:
    async with (
        simulator() as telegram,
        site_at(postgresql_address, office, telegram=telegram, updates="webhook") as one,
        site_at(postgresql_address, office, telegram=telegram, updates="webhook") as two,
    ):
        assert sorted((one.bot.pulse.leading, two.bot.pulse.leading)) == [False, True]
        person = await one.sim.person("Worker A")
        await person.says("/start")
        await person.sees("To join")
        brought = [message(900 + number, person.id, f"word {number}") for number in range(5)]
        await asyncio.gather(*(_brought(site, update) for update in brought for site in (one, two)))
        await person.says("the last")
        async with asyncio.timeout(20):
            while (said := await _replies(person)) < 7:
                await person.sees("To join", within=20)
        await asyncio.sleep(0.5)  # a second answer would have come by now
        assert said == await _replies(person) == 7


async def _brought(site: Site, update: dict[str, Any]) -> None:
    """As Telegram does it: again until it hears 200."""
    for _ in range(5):
        if (await site.http.post("/telegram", json=update, headers=SECRET)).status_code == 200:
            return
    raise AssertionError("never taken")


async def _replies(person: SimPerson) -> int:
    return sum(message.from_bot for message in await person.chat())
