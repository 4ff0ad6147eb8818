"""driftless audit: verify and export."""

import asyncio
import json

from sqlmodel import select

from bot.services import auditing
from storage.database import Database
from storage.tables import Audit
from tests.cli.test_commands import Shell, shell
from tests.conftest import StoppedClock

__all__ = ["shell"]


def test_verify_and_export(shell: Shell, sqlite_address: str, clock: StoppedClock) -> None:
    async def fill() -> None:
        database = Database(sqlite_address)
        async with database.transaction() as session:
            for number in range(3):
                await auditing.note(session, None, "looked", f"case {number}", clock())
            await session.flush()
            await auditing.seal_new(session)
        await database.close()

    asyncio.run(fill())
    seen = json.loads(shell("audit", "verify", "--json").stdout)
    assert (seen["lines"], seen["waiting"], seen["fault"]) == (3, 0, "")
    assert shell("audit", "verify", "--head", seen["head"]).returncode == 0
    wrong = shell("audit", "verify", "--head", "0" * 64)
    assert (wrong.returncode, "its end was cut off" in wrong.stderr) == (1, True)
    lines = [json.loads(line) for line in shell("audit", "export").stdout.splitlines()]
    assert [(line["number"], line["subject"]) for line in lines] == [
        (1, "case 0"),
        (2, "case 1"),
        (3, "case 2"),
    ]
    assert shell("audit", "export", "--since", "2030-01-01").stdout == ""
    assert asyncio.run(_exported(sqlite_address)) == ["3 lines", "0 lines"]


async def _exported(address: str) -> list[str]:
    """What the trail itself says of its exports."""
    database = Database(address)
    async with database.transaction() as session:
        found = await session.exec(select(Audit.subject).where(Audit.what == "exported the trail"))
        said = list(found.all())
    await database.close()
    return said
