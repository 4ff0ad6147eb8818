"""A head of service reaches every team of the service and no other; what drifts is a tap from an action."""

from datetime import timedelta

from bot.services.joining import put_in_service
from bot.simulator.driver import SimPerson
from tests.flows.town import Town


async def service_of(town: Town) -> tuple[SimPerson, SimPerson, SimPerson, SimPerson]:
    """Head (North), a worker in North, one in South (same service), one in West (another service)."""
    head = await town.joined("Head", "head-of-service")
    near = await town.joined("Worker A")
    far = await town.joined("Worker S", team="South")
    outside = await town.joined("Worker W", team="West")
    async with town.database.transaction() as session:
        for team, service in (("North", "Safeguarding"), ("South", "Safeguarding"), ("West", "Fostering")):
            await put_in_service(session, team, service, town.clock())
    for worker, reference in ((near, "CP-2001"), (far, "CP-2002"), (outside, "CP-2003")):
        await worker.says(f"/newcase {reference}")
        await worker.sees("is added")
        await worker.says(f"/event {reference} icpc 4/8/2025")
        await worker.sees("First core group")
    return head, near, far, outside


def action_for(whom: str) -> str:
    return (
        f"/action\nto: {whom}\ndo: two direct-work sessions\nwhy: so that the plan says what she thinks\n"
        "measure: sessions recorded, her words in the plan\nby: Fri 4 Dec"
    )


async def test_actions_go_across_the_teams_of_the_service_and_no_further(town: Town) -> None:
    head, near, far, outside = await service_of(town)
    await head.says(action_for("Worker A, Worker S"))
    await head.sees("Sent to Worker A, Worker S, by Fri 4 Dec 2026")
    await head.says(action_for("CP-2002"))
    await head.sees("Sent to Worker S, by Fri 4 Dec 2026")
    await head.says(action_for("team South"))
    await head.sees("Sent to Worker S, by Fri 4 Dec 2026")
    await head.says(action_for("Worker W"))
    await head.sees("“Worker W” isn't in your team.")
    await head.says(action_for("CP-2003"))
    await head.sees("CP-2003 isn't an open case of your team.")
    await head.says(action_for("team West"))
    await head.sees("“team West” isn't in your team.")
    await town.bot.tick_now()
    await near.sees("From your manager · by Fri 4 Dec 2026")
    card = await far.sees("From your manager · by Fri 4 Dec 2026")
    assert "Done means: sessions recorded, her words in the plan" in card.text
    assert not any("From your manager" in message.text for message in await outside.chat())


async def test_what_a_head_set_is_changed_by_the_teams_own_manager_and_by_no_other(town: Town) -> None:
    head, near, _, _ = await service_of(town)
    manager = await town.joined("Manager", "manager")
    stranger = await town.joined("Manager W", "manager", "West")
    await head.says(action_for("Worker A"))
    await head.sees("Sent to Worker A")
    await town.bot.tick_now()
    await near.presses("Done")
    await near.sees("A few words on what was done?")
    await near.says("both on file")
    await near.sees("your manager has been told")
    await town.bot.tick_now()
    done = await head.sees("Worker A: done (day 0 of 10)")
    await stranger.says("/actions")
    theirs = await stranger.sees("You have set no actions yet.")
    await stranger.presses_data(theirs, done.data["Close"])
    await stranger.sees_toast("That action isn't one of your team's.")
    await manager.says("/actions")
    own = await manager.sees("You have set no actions yet.")
    await manager.presses_data(own, done.data["Close"])
    await manager.sees_toast("Closed")


async def test_an_announcement_across_the_service_reaches_all_of_it_and_only_it(town: Town) -> None:
    head, near, far, outside = await service_of(town)
    await head.says("/announce\nto: everyone\nclass: information\ntext: The service meets on Monday.")
    await head.sees("Preview: 2 people, now")
    await head.presses("Send")
    await head.sees("On its way to 2 people")
    await town.bot.tick_now()
    for worker in (near, far):
        await worker.sees("The service meets on Monday.")
    assert not any("service meets" in message.text for message in await outside.chat())


async def test_ten_cases_drift_most_each_a_tap_from_its_page_and_from_an_action(town: Town) -> None:
    head, near, far, _ = await service_of(town)
    for number in range(10, 20):
        worker = near if number % 2 else far
        month = 1 + number % 9
        await worker.says(f"/newcase CP-20{number}")
        await worker.sees("is added")
        await worker.says(f"/event CP-20{number} icpc 3/{month}/2025")
        await worker.sees("First core group")
    await head.says("/team")
    listed = await head.sees("Ten that drift most")
    shown = [line for line in listed.text.splitlines() if line[:1].isdigit()]
    assert len(shown) == 10
    cases = [label for label in listed.labels if "CP-" in label]
    actions = [label for label in listed.labels if label.endswith("Set an action")]
    assert (len(cases), len(actions)) == (10, 10)
    assert "CP-2003" not in listed.text, "another service's"
    for number, (line, label) in enumerate(zip(shown, cases, strict=True), 1):
        reference = label.split(" · ")[1]
        assert line.startswith(f"{number}. {reference} (Worker ")
        await head.presses(label, on=listed)
        page = await head.sees(reference)
        assert "On a child protection plan" in page.text
        await head.presses(f"{number} · Set an action", on=listed)
        await head.sees("What does it come from?")
    reference = cases[-1].split(" · ")[1]
    name = "Worker A" if "(Worker A)" in shown[-1] else "Worker S"
    await head.presses("Management oversight")
    await head.sees("What should be done?")
    await head.says("look at the plan with me")
    await head.sees("what's the purpose?")
    await head.says("so that the family knows what comes next")
    await head.sees("What will be different")
    await head.says("the decision is on the record")
    await head.sees("By when?")
    await head.presses("Fri 4 Dec")
    await head.sees(f"Preview · {name} · {reference} · by Fri 4 Dec 2026")
    await head.presses("Send")
    await head.sees(f"Sent to {name}")
    await town.sim.move_clock(town.clock() + timedelta(minutes=1))
    await town.bot.tick_now()
    await (near if name == "Worker A" else far).sees(reference)


async def test_the_pack_and_the_sessions_of_another_services_worker_are_refused(town: Town) -> None:
    head, _, _, _ = await service_of(town)
    await head.says("/pack Worker S")
    page = await head.sees("Supervision: Worker S")
    assert page.labels == ["Session held", "Plan the next", "Set an action"]
    await head.says("/pack Worker W")
    await head.sees("“Worker W” isn't a worker of yours. Yours: Worker A, Worker S.")
