"""The roster in chat: a manager's own, and an administrator's behind a code from the server."""

from bot.services import proving
from storage import people
from tests.flows.town import Town


async def test_a_manager_confirms_the_roster_or_names_who_has_left(town: Town) -> None:
    await town.joined("Worker A")
    manager = await town.joined("Manager", "manager")
    await manager.says("/roster")
    shown = await manager.sees("does everybody still belong here?")
    assert "• Worker A, worker" in shown.text
    await town.joined("Worker B")
    await manager.presses("All right", on=shown)
    await manager.sees_toast("The roster has changed since")
    await manager.says("/roster")
    await manager.sees("Worker B, worker")
    await manager.presses("All right")
    await manager.sees("3 people, checked")
    await manager.says("/roster")
    await manager.sees("Last checked Tue 24 Nov")
    await manager.presses("Somebody has left")
    await manager.sees("Who has left, or is leaving today?")


async def test_an_administrators_commands_are_shut_until_a_code_opens_them(town: Town) -> None:
    await town.joined("Worker A")
    await town.joined("Worker S", team="South")
    admin = await town.joined("Administrator", "admin", "Office")
    await admin.says("/leaver Worker A")
    await admin.sees("This needs a fresh code")
    await admin.says("/code AAAAA-AAAAA")
    await admin.sees("That code isn't right")
    async with town.database.transaction() as session:
        person = (await people.person_named(session, "Administrator"))[0]
        code = await proving.make_code(session, person, town.clock())
    await admin.says(f"/code {code}")
    await admin.sees("are open until 12 hours pass")
    await admin.says("/roster")
    await admin.sees("Whose roster?")
    await admin.presses("South")
    await admin.sees("Team South: does everybody still belong here?")
    await admin.says("/leaver Worker A")
    await admin.sees("Who takes over Worker A's cases?")
