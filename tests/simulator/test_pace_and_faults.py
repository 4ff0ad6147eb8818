"""Telegram's pace when it is turned on, and faults on purpose."""

from typing import Any

import httpx
import pytest

from bot.simulator.driver import Sim, SimPerson
from bot.simulator.faults import Faults
from tests.simulator.conftest import Api


async def test_pace_is_off_unless_wanted(api: Api, worker: SimPerson) -> None:
    for number in range(40):
        await api.call("sendMessage", chat_id=worker.id, text=str(number))


async def test_one_message_a_second_in_a_chat(api: Api, sim: Sim, worker: SimPerson) -> None:
    api.telegram.pace.on = True
    await api.call("sendMessage", chat_id=worker.id, text="one")
    words = "Too Many Requests: retry after 1"
    body = await api.refused(429, words, "sendMessage", chat_id=worker.id, text="two")
    assert body["parameters"] == {"retry_after": 1}
    await sim.move_clock(seconds=1)
    await api.call("sendMessage", chat_id=worker.id, text="two")


async def test_thirty_messages_a_second_in_all(api: Api, sim: Sim) -> None:
    api.telegram.pace.on = True
    people = [await sim.person(f"Worker {number}") for number in range(31)]
    for person in people:
        await person.says("/start")
    for person in people[:30]:
        await api.call("sendMessage", chat_id=person.id, text="x")
    words = "Too Many Requests: retry after 1"
    await api.refused(429, words, "sendMessage", chat_id=people[30].id, text="x")


async def test_twenty_messages_a_minute_in_a_group(api: Api, sim: Sim, worker: SimPerson) -> None:
    api.telegram.pace.on = True
    group = await sim.group("Team North", worker)
    for _ in range(20):
        await api.call("sendMessage", chat_id=group.id, text="x")
        await sim.move_clock(seconds=1)
    words = "Too Many Requests: retry after 40"
    await api.refused(429, words, "sendMessage", chat_id=group.id, text="x")


async def test_an_outage_for_so_many_calls(api: Api, sim: Sim, worker: SimPerson) -> None:
    await sim.fault("outage", method="sendMessage", count=2)
    for _ in range(2):
        await api.refused(502, "Bad Gateway", "sendMessage", chat_id=worker.id, text="x")
    await api.call("sendMessage", chat_id=worker.id, text="x")


async def test_a_call_lost_before_it_counts(api: Api, sim: Sim, worker: SimPerson) -> None:
    await sim.fault("drop-before", count=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await api.answer("sendMessage", chat_id=worker.id, text="lost")
    assert [message.text for message in await worker.chat()] == ["/start"]


async def test_an_answer_lost_after_the_call_counted(api: Api, sim: Sim, worker: SimPerson) -> None:
    await sim.fault("drop-after", count=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await api.answer("sendMessage", chat_id=worker.id, text="arrived")
    await worker.sees("arrived")
    assert [call["description"] for call in await sim.refusals()] == ["connection dropped after acceptance"]


async def test_a_storm_of_429(api: Api, sim: Sim, worker: SimPerson) -> None:
    await sim.fault("too-many", seconds=7, count=1)
    response = await api.answer("sendMessage", chat_id=worker.id, text="x")
    assert response.headers["retry-after"] == "7"
    assert response.json()["parameters"] == {"retry_after": 7}


async def test_slowness(api: Api, sim: Sim, worker: SimPerson) -> None:
    await sim.fault("slow", seconds=0.2, count=1)
    await api.call("sendMessage", chat_id=worker.id, text="x")
    assert (await sim.calls("sendMessage"))[0]["milliseconds"] >= 200


async def test_a_fault_for_one_chat_or_one_content(api: Api, sim: Sim, worker: SimPerson) -> None:
    manager = await sim.person("Manager")
    await manager.says("/start")
    await sim.fault("outage", chat_id=manager.id)
    await sim.fault("outage", contains="digest")
    await api.call("sendMessage", chat_id=worker.id, text="x")
    await api.refused(502, "Bad Gateway", "sendMessage", chat_id=manager.id, text="x")
    await api.refused(502, "Bad Gateway", "sendMessage", chat_id=worker.id, text="the digest")
    await sim.clear_faults()
    await api.call("sendMessage", chat_id=manager.id, text="x")


def strikes(seed: int) -> list[bool]:
    faults = Faults()
    faults.add({"kind": "outage", "chance": 0.5, "seed": seed})
    return [faults.for_call("sendMessage", {}) is not None for _ in range(40)]


def test_the_same_seed_gives_the_same_faults() -> None:
    assert strikes(1) == strikes(1) != strikes(2)
    assert 8 < sum(strikes(1)) < 32


@pytest.mark.parametrize(
    "wanted", [{"kind": "earthquake"}, {}, {"kind": "slow", "colour": "red"}, {"kind": 5}]
)
async def test_a_fault_that_nobody_knows_is_refused(api: Api, wanted: dict[str, Any]) -> None:
    response = await api.http.post("/sim/faults", json=wanted)
    assert response.status_code == 400
    assert "a fault has a kind" in response.json()["error"]


@pytest.mark.parametrize(
    "number", [{"count": 0}, {"count": True}, {"seconds": -1}, {"chance": 0}, {"chance": 2}]
)
async def test_a_fault_that_could_never_strike_is_refused(api: Api, number: dict[str, Any]) -> None:
    response = await api.http.post("/sim/faults", json={"kind": "outage", **number})
    assert response.status_code == 400


async def test_a_spent_fault_is_gone_and_one_can_be_removed(api: Api, sim: Sim, worker: SimPerson) -> None:
    await sim.fault("outage", method="sendMessage", count=1)
    await sim.fault("slow", seconds=0)
    await api.refused(502, "Bad Gateway", "sendMessage", chat_id=worker.id, text="x")
    left = await sim.get("/sim/faults")
    assert [fault["kind"] for fault in left] == ["slow"]
    assert await sim.delete(f"/sim/faults/{left[0]['number']}") == []


async def test_a_group_that_becomes_a_supergroup_takes_words_under_its_new_number_alone(
    api: Api, sim: Sim, worker: SimPerson
) -> None:
    group = await sim.group("Team North", worker, privacy=False)
    api.telegram.updates.drop_all()
    became = await group.upgraded()
    words = "group chat was upgraded to a supergroup chat"
    body = await api.refused(400, f"Bad Request: {words}", "sendMessage", chat_id=group.id, text="x")
    assert body["parameters"] == {"migrate_to_chat_id": became.id}
    await api.call("sendMessage", chat_id=became.id, text="here")
    await became.sees("here")
    told = [update["message"] for update in await api.updates()]
    assert [message.get("migrate_to_chat_id") for message in told] == [became.id, None]
    assert told[1]["migrate_from_chat_id"] == group.id
    assert told[1]["chat"]["type"] == "supergroup"
