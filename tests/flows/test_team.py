"""What managers see of their team, and what a worker sees of that."""

from tests.flows.town import Town


async def test_the_board_as_a_picture_and_the_drift_list_a_tap_from_case_and_action(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await worker.says("/newcase CP-2001")
    await worker.sees("is added")
    await worker.says("/event CP-2001 icpc 4/8/2025")
    await worker.sees("First core group")
    await manager.says("/team")
    photo = await manager.sees_file("photo")
    assert "Team North: " in photo.text
    assert "1 open case;" in photo.text
    listed = await manager.sees("What drifts most")
    assert "1. CP-2001 (Worker A): " in listed.text
    assert "on a plan over 15 months" in listed.text
    assert listed.labels[:2] == ["1 · CP-2001", "1 · Set an action"]
    await manager.presses("1 · CP-2001")
    await manager.sees("On a child protection plan")
    await manager.presses("1 · Set an action")
    await manager.presses("Supervision")
    await manager.sees("What should be done?")


async def test_a_worker_sees_the_same_and_nobody_else_sees_the_board(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await worker.says("/newcase CP-2001")
    await worker.sees("is added")
    await worker.says("/event CP-2001 icpc 4/8/2025")
    await worker.sees("First core group")
    await worker.says("/team")
    await worker.sees("The team's board is for managers. /whatmymanagersees shows what yours sees of you.")
    await worker.says("/whatmymanagersees")
    mine = await worker.sees("Your line on your manager's board")
    await manager.says("/team")
    theirs = await manager.sees("What drifts most")
    line = next(line for line in theirs.text.splitlines() if line.startswith("1. CP-2001"))
    assert line in mine.text
    assert "Never shown to anybody: when or whether you read a message" in mine.text


async def test_an_action_is_set_only_on_a_case_within_reach(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    stranger = await town.joined("Manager S", "manager", "South")
    await worker.says("/newcase CP-2001")
    await worker.sees("is added")
    await worker.says("/event CP-2001 icpc 4/8/2025")
    await worker.sees("First core group")
    await manager.says("/team")
    data = (await manager.sees("What drifts most")).data["1 · Set an action"]
    await stranger.says("/team")
    nothing = await stranger.sees("No case shows a sign of drift.")
    await stranger.presses_data(nothing, data)
    await stranger.sees_toast("isn't among yours")


async def test_the_monday_summary_comes_with_its_trend_and_the_spreadsheet(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await worker.says("/newcase CP-2001")
    await worker.sees("is added")
    await worker.says("/event CP-2001 icpc 4/8/2025")
    await worker.sees("First core group")
    await town.time_comes("2026-11-30T08:46:00+00:00")
    await manager.sees("Team North: ")
    await town.time_comes("2026-12-07T08:46:00+00:00")
    summary = await manager.sees("Since Mon 30 Nov: overdue")
    assert summary.file_kinds == ["photo"]
    assert summary.labels == ["The whole board", "Spreadsheet"]
    await manager.presses("The whole board", on=summary)
    listed = await manager.sees("What drifts most")
    await manager.presses("Twelve weeks", on=listed)
    await manager.sees("Since Mon 30 Nov: overdue")
    await manager.presses("Spreadsheet", on=listed)
    await manager.sees_file("document")
    await worker.says("/figures")
    await worker.sees("The team's board is for managers")


async def test_a_supervision_session_from_page_to_record(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await manager.says("/pack")
    await manager.presses("Worker A")
    await manager.sees_file("document")
    page = await manager.sees("Supervision: Worker A, Tue 24 Nov 2026")
    assert page.labels == ["Session held", "Plan the next", "Set an action"]
    await manager.presses("Plan the next")
    await manager.presses("Fri 27 Nov")
    await manager.sees("How often from then on?")
    await manager.presses("Monthly")
    await manager.sees("Next supervision with Worker A: Fri 27 Nov 2026, monthly.")
    await town.time_comes("2026-11-26T14:01:00+00:00")
    await manager.sees("Supervision with Worker A: Fri 27 Nov 2026.")
    await worker.sees("Supervision with Manager: Fri 27 Nov 2026.")
    await worker.presses("What is on the page")
    own = await worker.sees("Supervision: Worker A")
    assert own.labels == []
    await manager.presses("Session held")
    await manager.sees("When was it held?")
    await manager.presses("Today")
    await manager.sees("is recorded, with 0 actions.")
    await manager.presses("Set an action")
    await manager.presses("Supervision")
    await manager.sees("What should be done?")
    await worker.presses_data(own, page.data["Session held"])
    await worker.sees_toast("The team's board is for managers.")


async def test_a_session_that_nobody_recorded_is_asked_about_and_recorded_in_one_tap(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    await manager.says("/pack Worker A")
    await manager.presses("Plan the next")
    await manager.sees("When is it?")
    await manager.says("26/11")
    await manager.sees("How often from then on?")
    await manager.presses("Every 2 weeks")
    await manager.sees("Next supervision with Worker A: Thu 26 Nov 2026, every 2 weeks.")
    await town.time_comes("2026-11-27T09:01:00+00:00")
    asked = await manager.sees("Nothing is recorded. Was it held?")
    assert asked.labels == ["Held on Thu 26 Nov", "Held on another day", "Plan it anew"]
    await worker.presses_data(await worker.last(), asked.data["Held on Thu 26 Nov"])
    await worker.sees_toast("The team's board is for managers.")
    await manager.presses("Held on Thu 26 Nov")
    said = await manager.sees("Supervision with Worker A on Thu 26 Nov 2026 is recorded, with 0 actions.")
    assert "Next: Thu 10 Dec 2026, every 2 weeks." in said.text
    await town.bot.tick_now()
    changed = await manager.sees("✓ Supervision held on Thu 26 Nov 2026")
    assert changed.labels == []
    await manager.presses_data(changed, asked.data["Held on Thu 26 Nov"])
    await manager.sees_toast("That session is recorded already.")
    await town.time_comes("2026-12-11T09:01:00+00:00")
    await manager.sees("was planned for Thu 10 Dec 2026.")
    await manager.presses("Plan it anew")
    await manager.sees("When is it?")
    await manager.says("15/12")
    await manager.sees("How often from then on?")
    await manager.presses("Every 2 weeks")
    await manager.sees("Next supervision with Worker A: Tue 15 Dec 2026")
    await town.bot.tick_now()
    await manager.sees("Supervision on Thu 10 Dec 2026 was moved.")
