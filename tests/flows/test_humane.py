"""Settings, leave, snoozes, discretion and a night off, as people live them, over HTTP."""

from datetime import datetime

from bot.services import digests
from bot.simulator.driver import SimPerson
from tests.flows.town import Town


async def _two_clocks(town: Town, *, discreet: bool = True) -> SimPerson:
    worker = await town.joined("Worker A", discreet=discreet)
    await worker.says("/newcase CP-2001")
    await worker.sees("is added")
    await worker.says("/event CP-2001 icpc 11/11")  # core group and visit, both due Wed 25 Nov
    await worker.sees("First core group")
    return worker


async def test_discreet_until_it_is_tapped(town: Town) -> None:
    worker = await _two_clocks(town)
    before = len(await worker.chat())
    await town.time_comes("2026-11-25T09:01:00+00:00")
    came = [one.text for one in (await worker.chat())[before:]]
    assert came == ["Wed 25 Nov 2026\n2 due today", "2 clocks: 2 due today."]
    await worker.presses("Show")
    await worker.sees("CP-2001: First core group, due today")
    await worker.presses("CP-2001: First core group")
    await worker.sees("10 working days from Wed 11 Nov 2026")
    await worker.says("/event CP-2001 core group today")
    await worker.says("/visit CP-2001 today alone")
    await worker.sees("seen alone")
    await town.bot.tick_now()
    changed = next(one for one in (await worker.chat()) if "✓" in one.text)
    assert changed.text.startswith("✓ Done on Wed 25 Nov: First core group")
    assert "CP-2001" not in changed.text
    assert not changed.rows


async def test_a_discreet_message_opens_for_its_person_alone(town: Town) -> None:
    worker = await _two_clocks(town)
    other = await town.joined("Worker B")
    await town.time_comes("2026-11-25T09:01:00+00:00")
    opened = await worker.sees("2 clocks")
    mine = (await other.chat())[-1]
    await other.presses_data(mine, opened.data["Show"])
    await other.sees_toast("That message isn't there any more.")


async def test_settings_by_buttons(town: Town) -> None:
    worker = await town.joined("Worker A", discreet=True)
    await worker.says("/settings")
    shown = await worker.sees("Your settings")
    assert "Digest: on working days at 08:30" in shown.text
    assert "Quiet: 18:00 to 08:00" in shown.text
    await worker.presses("Digest time…")
    await worker.sees("When should the digest come?")
    await worker.says("25:99")
    await worker.sees("“25:99” is no time of day. Type one like 08:30.")
    await worker.says("9:15")
    await worker.sees("Digest: on working days at 09:15")
    await worker.presses("Quiet hours…")
    await worker.says("8 till late")
    await worker.sees("Type the quiet hours like 18:00-08:00, or none.")
    await worker.presses("20:00-07:00")
    await worker.sees("Quiet: 20:00 to 07:00")
    await worker.presses("Working days…")
    await worker.presses("☑ Thu")
    await worker.presses("☑ Fri")
    await worker.sees("Now: Mon Tue Wed.")
    await worker.presses("Back")
    await worker.sees("Working days: Mon Tue Wed")
    await worker.presses("Discreet: turn off")
    await worker.sees("Discreet: off")
    await worker.says("/settings colour blue")
    await worker.sees("I can't read that.")


async def test_leave_with_a_managers_yes(town: Town) -> None:
    worker = await _two_clocks(town, discreet=False)
    manager = await town.joined("Manager", "manager")
    cover = await town.joined("Worker B")
    await worker.says("/away until last blursday")
    await worker.sees("Until when are you away?")
    await worker.says("12 Dec")
    await worker.sees("Who covers for you?")
    await worker.presses("Worker B")
    await worker.sees("Asked: Tue 24 Nov to Sat 12 Dec 2026, Worker B covers")
    await town.bot.tick_now()
    await manager.sees("Worker A asks for leave")
    await manager.presses("Agree")
    await manager.sees("Agreed.")
    await town.bot.tick_now()
    await worker.sees("Leave agreed")
    await cover.sees("You cover for Worker A")
    before = len(await worker.chat())
    await town.time_comes("2026-11-25T09:01:00+00:00")
    assert len(await worker.chat()) == before
    await cover.sees("CP-2001: First core group, due today")
    await worker.says("/away off")
    await worker.sees("Welcome back")


async def test_the_third_snooze_asks_why(town: Town) -> None:
    worker = await _two_clocks(town, discreet=False)
    await town.time_comes("2026-11-25T08:31:00+00:00")
    await worker.presses("CP-2001: First core group")
    card = await worker.sees("due today")
    for _ in range(2):
        await worker.presses("Snooze…", on=card)
        await worker.presses("In an hour")
        await worker.sees("The date itself stays Wed 25 Nov 2026")
    await worker.presses("Snooze…", on=card)
    await worker.presses("Pick a day…")
    await worker.sees("Remind you when?")
    await worker.says("yesterday")
    await worker.sees("That moment has passed.")
    await worker.says("tomorrow 14:30")
    await worker.sees("What stands in the way?")
    await worker.says("the school has moved the meeting")
    await worker.sees(
        "I'll remind you again on Thu 26 Nov 2026, 14:30. The date itself stays Wed 25 Nov 2026."
    )
    await worker.says("/event CP-2001 core group today")
    await worker.sees("First core group: done")
    await worker.presses("Snooze…", on=card)
    await worker.sees_toast("done already")


async def test_after_a_night_off_one_message(town: Town) -> None:
    worker = await _two_clocks(town, discreet=False)
    await town.time_comes("2026-11-24T13:30:00+00:00")
    before = len(await worker.chat())
    await town.sim.move_clock(datetime.fromisoformat("2026-11-25T09:40+00:00"))
    async with town.database.transaction() as session:  # as a process does when it begins to lead
        await digests.wake(session, town.office, town.clock())
    await town.bot.tick_now()
    told = await worker.sees("I was away from Tue 24 Nov, 13:30 to Wed 25 Nov, 09:40.")
    assert "4 reminders passed meanwhile" in told.text
    assert "First core group" in told.text
    assert len((await worker.chat())[before:]) == 1
