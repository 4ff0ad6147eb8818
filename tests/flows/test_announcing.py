"""What a manager announces and what becomes of it, over HTTP: three workers, one blocks, one leaves."""

from sqlmodel import select

from bot.simulator.driver import SimPerson
from storage.tables import Person
from tests.flows.town import Town

IN_ONE = """/announce
to: team
class: read
text: The new form is in use from Monday.
Use it for <every> visit & review."""


async def team_of(town: Town) -> tuple[SimPerson, list[SimPerson]]:
    workers = [await town.joined(f"Worker {name}") for name in "ABC"]
    return await town.joined("Manager", "manager"), workers


async def leaves(town: Town, name: str) -> None:
    async with town.database.transaction() as session:
        person = (await session.exec(select(Person).where(Person.name == name))).one()
        person.active = False


async def test_one_message_a_preview_and_a_count_that_goes_up(town: Town) -> None:
    manager, (first, second, _) = await team_of(town)
    await manager.says(IN_ONE)
    await manager.sees("Preview: 3 people, now")
    shown = await manager.sees("From Manager")
    assert shown.text == (
        "From Manager\nThe new form is in use from Monday.\nUse it for <every> visit & review."
    )
    assert shown.labels == ["I've read it"]
    await manager.presses("I've read it")
    await manager.sees_toast("This is the preview")
    assert all("From Manager" not in message.text for message in await first.chat())
    await second.blocks()
    await leaves(town, "Worker C")
    await manager.presses("Send")
    await manager.sees("On its way to 2 people")
    await town.bot.tick_now()
    got = await first.sees("From Manager")
    assert got.text == shown.text, "the preview is exactly what is sent"
    await town.sim.move_clock(seconds=20)
    await town.bot.tick_now()
    await manager.sees("Delivered 1 of 2, 1 blocked")
    await first.presses("I've read it")
    await first.sees("You've said that you have read it.")
    await first.presses_data(got, got.data["I've read it"])
    await first.sees_toast("Thank you")
    await town.sim.move_clock(seconds=20)
    await town.bot.tick_now()
    count = await manager.sees("acknowledged 1 of 2")
    assert "Can't be reached: Worker B" in count.text


async def test_an_act_is_guided_coached_edited_and_becomes_an_action_for_each(town: Town) -> None:
    manager, (first, second, _) = await team_of(town)
    await manager.says("/announce")
    await manager.sees("Who is it for?")
    await manager.presses("Team North")
    await manager.presses("Act: an action for each")
    await manager.sees("What should be done?")
    await manager.says("check each plan for a contingency")
    await manager.sees("what's the purpose?")
    await manager.says("so that families know what comes next")
    await manager.sees("What will be different")
    await manager.says("done as appropriate")
    await manager.sees("“as appropriate” can't be checked")
    await manager.presses("Fri 4 Dec")
    await manager.sees("A file or picture with it?")
    await manager.presses("No file")
    await manager.presses("Now")
    await manager.sees("Preview: 3 people, now")
    await manager.presses("Edit")
    await manager.presses("Measure")
    await manager.sees("What will be different")
    await manager.says("each plan has one")
    await manager.sees("Preview: 3 people, now")
    await manager.presses("Send")
    await manager.sees("On its way to 3 people")
    await town.bot.tick_now()
    card = await first.sees("From Manager · by Fri 4 Dec 2026")
    assert "Done means: each plan has one" in card.text
    await second.presses_data(await second.last(), card.data["Done"])
    await second.sees_toast("That action isn't yours.")
    await first.presses("Acknowledge", on=card)
    await first.sees("Acknowledged. Tap Done when it's done.")
    await first.presses("Done")
    await first.says("all six looked at")
    await first.sees("your manager has been told")
    await town.sim.move_clock(seconds=20)
    await town.bot.tick_now()
    await manager.sees("acknowledged 1 of 3, done 1")
    await manager.presses("Close")
    await manager.sees_toast("Closed")


async def test_a_picture_an_edit_that_asks_anew_a_nudge_and_a_withdrawal(town: Town) -> None:
    manager, (first, second, third) = await team_of(town)
    await manager.says("/announce")
    await manager.presses("Everyone I reach")
    await manager.presses("Read: each taps")
    await manager.says("New form")
    await manager.sees("A file or picture with it?")
    await manager.sends("document", b"x" * 10, name="form.exe")
    await manager.sees("I can attach a picture, PDF")
    await manager.sends("document", b"%PDF-1.4 form", name="form.pdf")
    await manager.sees("When should it go?")
    await manager.presses("Now")
    await manager.sees_file("document")
    await manager.presses("Send")
    await manager.sees("On its way to 3 people")
    await town.bot.tick_now()
    old = await first.sees_file("document")
    assert "New form" in old.text
    await first.presses("I've read it")
    await first.sees("You've said that you have read it.")
    await manager.presses("Edit")
    await manager.sees("The new text?")
    await manager.says("The old form stays")
    await manager.presses("Yes: send it again to all")
    await manager.sees("Everybody gets the new version")
    await town.bot.tick_now()
    await first.sees("The old form stays")
    await second.sees("This has changed: the newer message is further down.")
    await second.presses_data(await second.last(), old.data["I've read it"])
    await second.sees_toast("That wasn't sent to you.")
    await first.presses("I've read it")
    await first.sees("You've said that you have read it.")
    await town.sim.move_clock(seconds=20)
    await town.bot.tick_now()
    await manager.sees("acknowledged 1 of 3")
    await manager.presses("Nudge those outstanding")
    await manager.sees("I'll remind 2 people")
    await town.bot.tick_now()
    await third.sees("A reminder: please read and tap below.")
    await manager.presses("Nudge those outstanding")
    await manager.sees_toast("You have nudged them today")
    await manager.presses("Withdraw")
    await manager.sees("Withdraw it?")
    await manager.presses("Withdraw")
    await manager.sees("Withdrawn. Copies")
    await town.bot.tick_now()
    await third.sees("Manager has withdrawn this message.")


async def test_what_is_missing_or_out_of_reach_is_said(town: Town) -> None:
    manager, (first, *_) = await team_of(town)
    await manager.says("/announce\nto: team\ntext: hello all")
    await manager.sees("Still missing: class:")
    await manager.says(IN_ONE.replace("read", "act"))
    await manager.sees("Still missing: why:")
    await manager.says(IN_ONE.replace("to: team", "to: Worker Z"))
    await manager.sees("isn't in your team")
    await manager.says("/cancel")
    await first.says(IN_ONE)
    await first.sees("Only a manager")
    await manager.says(IN_ONE + "\nat: yesterday 10:00")
    await manager.sees("When should it go?")
