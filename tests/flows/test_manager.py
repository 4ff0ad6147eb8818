"""What a manager does: set actions, see them acknowledged and done, move cases, agree to requests."""

from sqlmodel import select

from storage.tables import Dialogue
from tests.flows.town import Town

MESSAGE = """/action
to: Worker A
do: two direct-work sessions
why: so that the plan says what she thinks
measure: sessions recorded, her words in the plan
by: Fri 4 Dec"""


async def test_an_action_in_one_message_from_setting_to_done(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await manager.says(MESSAGE)
    await manager.sees("Sent to Worker A, by Fri 4 Dec 2026")
    await town.bot.tick_now()
    await worker.sees("From your manager · by Fri 4 Dec 2026")
    await worker.presses("Acknowledge")
    await worker.sees("Acknowledged. Tap Done when it's done.")
    await town.bot.tick_now()
    await manager.sees("Worker A has acknowledged")
    await worker.presses("Done")
    await worker.sees("A few words on what was done?")
    await worker.says("both on file")
    await worker.sees("your manager has been told")
    await town.bot.tick_now()
    await manager.sees("Worker A: done (day 0 of 10)")
    await manager.says("/actions")
    await manager.sees("both on file")
    await manager.presses("Close")
    await manager.sees_toast("Closed")
    await town.bot.tick_now()
    await worker.sees("Closed: two direct-work sessions")


async def test_a_guided_action_coaches_vague_words(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await manager.says("/action")
    await manager.sees("Who is it for?")
    await manager.presses("Worker A")
    await manager.sees("What does it come from?")
    await manager.presses("Supervision")
    await manager.sees("What should be done?")
    await manager.says("direct work")
    await manager.sees("what's the purpose?")
    await manager.says("to know what she thinks")
    await manager.sees("What will be different")
    await manager.says("done ASAP")
    await manager.sees("“ASAP” can't be checked")
    await manager.presses("Keep it")
    await manager.sees("By when?")
    await manager.presses("Fri 4 Dec")
    await manager.sees("Preview · Worker A · by Fri 4 Dec 2026")
    await manager.presses("Send")
    await manager.sees("Sent to Worker A")
    await town.bot.tick_now()
    await worker.sees("Done means: done ASAP")


async def test_what_is_missing_is_named(town: Town) -> None:
    await town.joined("Worker A")
    manager = await town.joined("Manager", "manager")
    await manager.says(MESSAGE.replace("measure:", "size:"))
    await manager.sees("Still missing: measure:")
    await manager.says(MESSAGE.replace("Worker A", "Worker Z"))
    await manager.sees("isn't in your team. In it: Worker A")


async def test_only_a_manager_sets_actions(town: Town) -> None:
    worker = await town.joined("Worker A")
    for typed in ("/action", MESSAGE):
        await worker.says(typed)
        await worker.sees("Only a manager sets actions")


async def test_an_overdue_action_comes_back_to_both(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await manager.says(MESSAGE)
    await manager.sees("Sent")
    await town.bot.tick_now()
    await worker.sees("From your manager")
    await town.time_comes("2026-12-09T09:01:00+00:00")
    await worker.sees("5 days late")
    await manager.sees("Late, and set by you")
    await manager.presses("Worker A")
    await manager.sees("Done means")


async def test_a_request_to_extend_is_agreed_in_chat(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await worker.says("/newcase CP-2001")
    await worker.says("/event CP-2001 icpc 16/11")
    await worker.says("/case CP-2001")
    await worker.sees("First core group, due Mon 30 Nov")
    await worker.presses("First core group")
    await worker.presses("Extend")
    await worker.says("Fri 4 Dec")
    await worker.sees("Why is more time needed?")
    await worker.says("the school can't come before")
    await worker.sees("I've asked your manager")
    await town.bot.tick_now()
    await manager.sees("Worker A asks: extend to Fri 4 Dec 2026")
    await manager.presses("Agree")
    await manager.sees("Agreed")
    await town.bot.tick_now()
    await worker.sees("Your manager agreed")
    await worker.says("/case CP-2001")
    await worker.sees("due Fri 4 Dec (extended; first due Mon 30 Nov)")


async def test_a_caseload_moves_in_one_step(town: Town) -> None:
    giver, taker = await town.joined("Worker A"), await town.joined("Worker B")
    manager = await town.joined("Manager", "manager")
    for number in (1, 2):
        await giver.says(f"/newcase CP-200{number}")
        await giver.sees("is added")
    await manager.says("/handover")
    await manager.presses("Worker A")
    await manager.sees("Who takes over Worker A?")
    await manager.presses("Worker B")
    await manager.sees("CP-2001, CP-2002")
    await town.bot.tick_now()
    await taker.sees("is yours now")
    await giver.says("/cases")
    await giver.sees("You have no open cases here")


async def test_the_pre_proceedings_tracker(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await worker.says("/newcase CP-2001")
    await worker.says("/event CP-2001 pre-proceedings-decided 3/8")
    await worker.sees("Decision to enter pre-proceedings")
    await manager.says("/plo")
    board = await manager.sees("In pre-proceedings, longest first")
    assert "CP-2001 (Worker A): week 17" in board.text
    assert "decided Mon 3 Aug; no letter yet" in board.text
    await manager.says(
        "/action\nto: CP-2001\ndo: send the letter\nwhy: the parents must know\n"
        "measure: letter on file\nby: 4/12/2026"
    )
    await manager.sees("Sent to Worker A")
    await manager.says("/plo")
    await manager.sees("send the letter, Worker A, by Fri 4 Dec")


async def test_a_caseload_file_is_shown_and_then_taken_in(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    table = (
        "reference,worker,event,date\nCP-5001,Worker A,initial conference,16/11/2026\nCP-5002,Worker A,,\n"
    )
    await manager.sends("document", table.encode(), name="caseload.csv")
    await manager.sees("2 cases, 1 events")
    await manager.presses("Take it in")
    await manager.sees("Taken in: 2 cases, 1 events")
    await worker.says("/cases")
    await worker.sees("CP-5001: First core group, due Mon 30 Nov")
    await manager.sends("document", table.encode(), name="caseload.csv")
    await manager.sees("holds nothing new")
    await manager.sends("document", table.replace("16/11/2026", "31/2").encode(), name="caseload.csv")
    await manager.sees("1 of 2 lines can't be taken")
    await worker.sends("document", table.encode(), name="caseload.csv")
    await worker.sees("I can't take pictures")


async def test_of_a_file_only_our_own_columns_are_kept_until_the_answer(town: Town) -> None:
    await town.joined("Worker A")
    manager = await town.joined("Manager", "manager")
    table = "reference,worker,child,event,date\nCP-5001,Worker A,Tyler Kowalczyk,,\n"
    await manager.sends("document", table.encode(), name="caseload.csv")
    await manager.sees("1 cases, 0 events")
    async with town.database.transaction() as session:
        (kept,) = (await session.exec(select(Dialogue))).all()
        assert "CP-5001" in str(kept.draft)
        assert "Kowalczyk" not in str(kept.draft)
    await manager.presses("Leave it")
    await manager.sees("Nothing was changed")
    wrong = table.replace("CP-5001", "Tyler Kowalczyk")
    await manager.sends("document", wrong.encode(), name="caseload.csv")
    await manager.sees("1 of 1 lines can't be taken")
    async with town.database.transaction() as session:
        assert not (await session.exec(select(Dialogue))).all()


async def test_dates_go_out_as_calendar_and_spreadsheet(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await worker.says("/newcase CP-2001")
    await worker.says("/event CP-2001 icpc 16/11")
    await worker.sees("First core group")
    await worker.says("/calendar")
    await worker.sees_file("document")
    await manager.says("/spreadsheet")
    await manager.sees_file("document")
