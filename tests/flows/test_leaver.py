"""A manager ends somebody's access in chat; the old buttons and the account open nothing any more."""

from tests.flows.town import Town


async def test_a_leaver(town: Town) -> None:
    worker, manager = await town.joined("Worker A"), await town.joined("Manager", "manager")
    other = await town.joined("Worker B")
    await worker.says("/newcase CP-2001")
    added = await worker.sees("CP-2001 is added")
    await worker.says("/leaver Worker B")
    await worker.sees("Only a manager or an administrator")
    await manager.says("/leaver Worker A")
    await manager.sees("Who takes over Worker A's cases?")
    await manager.presses("Worker B")
    await manager.sees("End Worker A's access now?")
    await manager.says("hm")
    await manager.sees("Tap Yes to end the access")
    await manager.presses("Yes, end it now")
    await manager.sees("CP-2001: now Worker B's")
    await worker.presses("Record an event", on=added)
    await worker.sees_toast("To join, ask your manager")
    await worker.says("/cases")
    await worker.sees("To join, ask your manager for a code")
    await other.says("/cases")
    await other.sees("CP-2001")
