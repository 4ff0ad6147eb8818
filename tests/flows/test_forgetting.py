"""After its time a reminder in the chat names no case any more; and no old button brings it back."""

from datetime import timedelta

from sqlmodel import col, select

from bot.services.office import Office
from storage.tables import NamedMessage, OutgoingMessage
from tests.flows.town import Town, town_at

MUCH_LATER = "2027-01-04T10:00:00+00:00"


async def test_old_reminders_lose_their_references_at_night(town: Town) -> None:
    plain, discreet = await town.joined("Worker A"), await town.joined("Worker B", discreet=True)
    for worker, reference in ((plain, "CP-2001"), (discreet, "CP-2002")):
        await worker.says(f"/newcase {reference}")
        await worker.sees("is added")
        await worker.says(f"/event {reference} icpc 11/11")
        await worker.sees("First core group")
    before = [len(await worker.chat()) for worker in (plain, discreet)]
    await town.time_comes("2026-11-25T09:01:00+00:00")
    shows = [one for one in (await discreet.chat())[before[1] :] if "Show" in one.data]
    assert shows
    old = shows[0].data["Show"]
    for shown in shows:
        await discreet.presses("Show", on=shown)
        await discreet.sees("CP-2002")
    named = {
        one.id
        for worker, since in ((plain, before[0]), (discreet, before[1]))
        for one in (await worker.chat())[since:]
        if "CP-200" in one.text
    }
    assert len(named) >= 3
    await town.time_comes(MUCH_LATER)
    for worker in (plain, discreet):
        changed = [one for one in await worker.chat() if one.id in named]
        assert changed
        for one in changed:
            assert "CP-200" not in one.text
            assert "Case references leave old messages after 30 days" in one.text
            assert worker is discreet or one.text.startswith("A reminder of Wed 25 Nov 2026.")
            assert not one.rows
    await discreet.presses_data(next(one for one in await discreet.chat() if one.id in named), old)
    await discreet.sees_toast("Case references leave old messages")
    assert not [one for one in await discreet.chat() if one.id in named and "CP-200" in one.text]


async def test_old_answers_lose_their_references_too(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase CP-2001")
    await worker.sees("is added")
    await worker.says("/event CP-2001 icpc 11/11")
    await worker.sees("First core group")
    await worker.says("/cases")
    listed = await worker.sees("Open cases")
    await worker.presses("CP-2001", on=listed)
    page = await worker.sees("On a child protection plan")
    await worker.says("/glossary ICPC")
    other = await worker.sees("initial child protection conference")
    named = {
        one.id for one in await worker.chat() if one.from_bot and "CP-2001" in one.text + str(one.labels)
    }
    assert {listed.id, page.id} <= named
    await town.time_comes("2026-12-20T10:00:00+00:00")
    await worker.presses("Record an event", on=page)
    await worker.sees("CP-2001: what happened?")
    await worker.says("/cancel")
    await worker.sees("Stopped")
    await town.time_comes(MUCH_LATER)
    await town.bot.tick_now()
    chat = {one.id: one for one in await worker.chat() if one.from_bot}
    assert not [number for number in named if "CP-2001" in chat[number].text + str(chat[number].labels)]
    assert "Case references leave old messages after 30 days" in chat[page.id].text
    assert chat[other.id].text == other.text, "what names no case stays"
    async with town.database.transaction() as session:
        later = (await session.exec(select(NamedMessage.message_id))).all()
    assert len(later) == 1, "the question of 20 December is not old enough"
    assert not named & set(later)


async def test_a_message_that_is_gone_is_settled_all_the_same(sqlite_address: str, office: Office) -> None:
    async with town_at(sqlite_address, office, strict=False) as town:
        await _gone(town)


async def _gone(town: Town) -> None:
    worker = await town.joined("Worker A")
    await worker.says("/newcase CP-2001")
    await worker.sees("is added")
    await worker.says("/event CP-2001 icpc 11/11")
    await worker.sees("First core group")
    await town.time_comes("2026-11-25T09:01:00+00:00")
    async with town.database.transaction() as session:
        for row in await session.exec(select(OutgoingMessage).where(OutgoingMessage.state == "sent")):
            row.message_id = 999_999  # as if the person had deleted it
    await town.sim.move_clock(town.clock() + timedelta(days=31))
    await town.bot.tick_now()
    refused = [call for call in await town.sim.refusals() if call["method"] == "editMessageText"]
    assert refused
    async with town.database.transaction() as session:
        edits = await session.exec(
            select(OutgoingMessage.state).where(col(OutgoingMessage.dedup_key).startswith("forget:"))
        )
        assert set(edits.all()) == {"sent"}
